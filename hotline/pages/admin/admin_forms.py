"""What the administrator's forms ask for, done to an account or a unit."""

from collections.abc import Mapping
from typing import Any

from flask import request

from hotline.pages.frame import parse_form
from hotline.pages.sent import Sent
from hotline.rules.refusals import Refusal, UnknownThing
from hotline.schemas.base import load
from hotline.web.access import transaction

Forms = Mapping[str, tuple[Any, Any]]
"""The name of a deed in the address: its form (None: nothing is typed), and the deed."""


def done(forms: Forms, name: str, subject: str) -> Sent:
    """What was typed, and why it was refused; None when it was done. An unknown deed or subject is refused at once."""
    if name not in forms:
        raise UnknownThing("这个操作")
    form, deed = forms[name]
    typed = parse_form(request.form)
    try:
        payload = [load(form(), typed)] if form else []
        with transaction() as ctx:
            deed(ctx, subject, *payload)
    except UnknownThing:
        raise
    except Refusal as refusal:
        return Sent(typed, refusal)
    return Sent(typed)
