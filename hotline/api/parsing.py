"""How a view takes its input: from the body or the address, into the form's dataclass, unknown fields refused."""

from collections.abc import Callable
from typing import Any

from apiflask import APIBlueprint
from flask import request
from marshmallow import RAISE

from hotline.forms.base import Form
from hotline.rules.refusals import InvalidInput

KEY = "Idempotency-Key"


def body(blueprint: APIBlueprint, form: type[Form]) -> Callable[..., Any]:
    """The JSON body, as the argument `given`."""
    decorate: Callable[..., Any] = blueprint.input(form, location="json", arg_name="given")  # type: ignore[arg-type]
    return decorate


def query(blueprint: APIBlueprint, form: type[Form]) -> Callable[..., Any]:
    """The address' parameters, as the argument `asked`."""
    decorate: Callable[..., Any] = blueprint.input(form, location="query", arg_name="asked", unknown=RAISE)  # type: ignore[arg-type]
    return decorate


def idempotency_key() -> str | None:
    """The sender's key for something that must be made once."""
    key = request.headers.get(KEY)
    if key is not None and not 1 <= len(key) <= 80:
        raise InvalidInput({f"/{KEY}": "幂等键应为1至80个字符"})
    return key
