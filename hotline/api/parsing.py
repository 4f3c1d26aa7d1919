"""How a view takes its input: from the body or the address, into the form's dataclass, unknown fields refused."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from apiflask import APIBlueprint
from flask import request
from marshmallow import RAISE

from hotline.api.json_body import check_json, check_text
from hotline.casework.intake import idempotency
from hotline.context import Context
from hotline.rules.refusals import InvalidInput
from hotline.schemas.base import Form

KEY = "Idempotency-Key"


def body(blueprint: APIBlueprint, form: type[Form]) -> Callable[..., Any]:
    """The JSON body, as the argument `given`; refuses `InvalidInput` for what `check_json` does."""
    decorate: Callable[..., Any] = blueprint.input(form, location="json", arg_name="given")  # type: ignore[arg-type]
    return lambda view: _before(decorate(view), _check_body)


def query(blueprint: APIBlueprint, form: type[Form]) -> Callable[..., Any]:
    """The address' parameters, as the argument `asked`, each given once."""
    decorate: Callable[..., Any] = blueprint.input(form, location="query", arg_name="asked", unknown=RAISE)  # type: ignore[arg-type]
    return lambda view: _before(decorate(view), _check_query)


def _before(view: Callable[..., Any], check: Callable[[], None]) -> Callable[..., Any]:
    """The view, which checks the request first."""

    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> Any:
        check()
        return view(*args, **kwargs)

    return checked


def _check_body() -> None:
    body = request.get_data()
    if body.strip() and request.is_json:
        check_json(body)


def _check_query() -> None:
    for name, values in request.args.lists():
        for text in (name, *values):
            check_text(text, f"/{name}")
        if len(values) > 1:
            raise InvalidInput({f"/{name}": f"“{name[:80]}”写了不止一次"})


def idempotent(ctx: Context, owner: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What `make` answers; with the sender's `Idempotency-Key` the same body is made once, and answered alike ever after."""
    key = request.headers.get(KEY)
    if key is None:
        return make()
    if not 1 <= len(key) <= 80:
        raise InvalidInput({f"/{KEY}": "幂等键应为1至80个字符"})
    answer, _ = idempotency.once(ctx, owner, key, request.get_json(), make)
    return answer
