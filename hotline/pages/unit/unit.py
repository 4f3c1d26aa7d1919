"""The unit's desk: what has to be done today first, each with its clock and its next step; signing for several at once."""

from typing import Any

from flask import Blueprint, render_template, request

from hotline.casework.dispatch import dispatch
from hotline.pages.frame import parse_form
from hotline.queries.dashboards import desk, unit_desk
from hotline.queries.handling.tracked import tracked_page
from hotline.queries.messages.notices import notices_for
from hotline.rules.handling.reply_template import WRITERS
from hotline.rules.refusals import InvalidInput, Refusal
from hotline.rules.vocabulary import UNIT_ROLES
from hotline.schemas.base import load
from hotline.schemas.intake.intake import SigningSeveralForm
from hotline.schemas.queries import DeskQuery
from hotline.web.access import actor, roles_required, snapshot, status_of, transaction

pages = Blueprint("unit", __name__)


@pages.get("/unit")
@roles_required(*UNIT_ROLES)
def show() -> Any:
    try:
        asked = load(DeskQuery(), parse_form(request.args))
        return _desk(asked.get("part"), asked.get("cursor"))
    except InvalidInput as refusal:
        return _desk(refusal=refusal)


def _desk(part: Any = None, cursor: str | None = None, *, refusal: Refusal | None = None, **signing: Any) -> Any:
    with snapshot() as ctx:
        found = unit_desk.desk(ctx, only=part, cursor=cursor)
        page = render_template(
            "unit/unit.html",
            parts_shown=found["parts"],
            counts=found["counts"],
            only=part,
            cursor=cursor,
            writes=bool(actor().roles & WRITERS),
            to_sign=unit_desk.to_sign(found["parts"]),
            notices=notices_for(ctx),
            decisions=desk.decisions_waiting(ctx),
            tracked=tracked_page(ctx),
            tasks=desk.assisting_tasks(ctx),
            refusal=refusal,
            **signing,
        )
    return page, status_of(refusal) if refusal else 200


@pages.post("/unit/sign")
@roles_required(*UNIT_ROLES)
def sign_several() -> Any:
    """Each is signed for on its own: what is refused stands on the desk with its sentence and holds up no other."""
    try:
        numbers = load(SigningSeveralForm(), parse_form(request.form))
    except InvalidInput as refusal:
        return _desk(refusal=refusal)
    signed, refused = [], []
    for number in numbers:
        try:
            with transaction() as ctx:
                dispatch.sign(ctx, number, dispatch.Signing())
            signed.append(number)
        except Refusal as refusal:
            refused.append((number, refusal.sentence()))
    return _desk(signed=signed, refused=refused)
