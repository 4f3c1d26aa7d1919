"""How a view takes its input: from the body or the address, into the form's dataclass, unknown fields refused."""

from collections.abc import Callable
from typing import Any

from apiflask import APIBlueprint
from flask import request
from marshmallow import RAISE

from hotline.casework.tickets import idempotency
from hotline.context import Context
from hotline.rules.refusals import InvalidInput
from hotline.schemas.base import Form

KEY = "Idempotency-Key"


def body(blueprint: APIBlueprint, form: type[Form]) -> Callable[..., Any]:
    """The JSON body, as the argument `given`."""
    decorate: Callable[..., Any] = blueprint.input(form, location="json", arg_name="given")  # type: ignore[arg-type]
    return decorate


def query(blueprint: APIBlueprint, form: type[Form]) -> Callable[..., Any]:
    """The address' parameters, as the argument `asked`."""
    decorate: Callable[..., Any] = blueprint.input(form, location="query", arg_name="asked", unknown=RAISE)  # type: ignore[arg-type]
    return decorate


def idempotent(ctx: Context, owner: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What `make` answers; with the sender's `Idempotency-Key` the same body is made once, and answered alike ever after."""
    key = request.headers.get(KEY)
    if key is None:
        return make()
    if not 1 <= len(key) <= 80:
        raise InvalidInput({f"/{KEY}": "幂等键应为1至80个字符"})
    answer, _ = idempotency.once(ctx, owner, key, request.get_json(), make)
    return answer
