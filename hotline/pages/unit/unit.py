"""The unit's desk: what has to be done today first, each with its clock and its next step; signing for several at once."""

from typing import Any

from flask import Blueprint, render_template, request

from hotline.casework.dispatch import dispatch
from hotline.pages.frame import nested
from hotline.queries.dashboards import desk, unit_desk
from hotline.queries.handling.tracked import tracked_page
from hotline.rules.handling.reply_template import WRITERS
from hotline.rules.refusals import InvalidInput, Refusal
from hotline.rules.vocabulary import UNIT_ROLES
from hotline.schemas.base import load
from hotline.schemas.intake.intake import SigningSeveralForm
from hotline.schemas.queries import DeskQuery
from hotline.web.access import actor, office, roles_only, status_of

pages = Blueprint("unit", __name__)


@pages.get("/unit")
@roles_only(*UNIT_ROLES)
def show() -> Any:
    try:
        asked = load(DeskQuery(), nested(request.args))
        return _desk(asked.get("part"), asked.get("cursor"))
    except InvalidInput as refusal:
        return _desk(refusal=refusal)


def _desk(part: Any = None, cursor: str | None = None, *, refusal: Refusal | None = None, **signing: Any) -> Any:
    with office().reading() as work:
        known: dict[str, Any] = {"now": work.now, "rulebook": work.rulebook}
        found = unit_desk.desk(work.session, actor(), only=part, cursor=cursor, **known)
        page = render_template(
            "unit/unit.html",
            parts_shown=found["parts"],
            counts=found["counts"],
            only=part,
            cursor=cursor,
            writes=bool(actor().roles & WRITERS),
            to_sign=unit_desk.to_sign(found["parts"]),
            notices=desk.notices_for(work.session, actor(), now=work.now),
            decisions=desk.decisions_waiting(work.session, actor()),
            tracked=tracked_page(work.session, actor(), now=work.now),
            tasks=desk.assisting_tasks(work.session, actor()),
            refusal=refusal,
            **signing,
        )
    return page, status_of(refusal) if refusal else 200


@pages.post("/unit/sign")
@roles_only(*UNIT_ROLES)
def sign_several() -> Any:
    """Each is signed for on its own: what is refused stands on the desk with its sentence and holds up no other."""
    try:
        numbers = load(SigningSeveralForm(), nested(request.form))
    except InvalidInput as refusal:
        return _desk(refusal=refusal)
    signed, refused = [], []
    for number in numbers:
        try:
            with office().deed() as work:
                dispatch.sign(
                    work.session, number, dispatch.Signing(), actor=actor(), now=work.now, rulebook=work.rulebook
                )
            signed.append(number)
        except Refusal as refusal:
            refused.append((number, refusal.sentence()))
    return _desk(signed=signed, refused=refused)
