"""What the address of a list asks for."""

from typing import Any

from flask import request

from hotline.pages.frame import parse_form
from hotline.rules.refusals import InvalidInput, Refusal
from hotline.schemas.base import Form, load


def asked_for(
    form: type[Form], otherwise: dict[str, Any] | None = None
) -> tuple[dict[str, Any], dict[str, Any], Refusal | None]:
    """(what is asked, as it was typed, what is wrong with it): that stands on the page, which shows what it shows without."""
    typed, defaults = parse_form(request.args), otherwise or {}
    try:
        return load(form(), {**defaults, **typed}), typed, None
    except InvalidInput as refusal:
        return load(form(), defaults), {}, refusal
