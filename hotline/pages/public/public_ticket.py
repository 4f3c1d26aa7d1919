"""An enterprise's own ticket: look it up, rate, act, attach. The query code never stands in an address."""

from typing import Any

from flask import Blueprint, render_template, request

from hotline.casework.ratings import rating as rating_deeds
from hotline.pages.frame import parse_form
from hotline.pages.public.front import front_page
from hotline.pages.sent import NOTHING, Sent
from hotline.queries.formatting import instant
from hotline.queries.public.public import public_ticket
from hotline.rules.refusals import Refusal
from hotline.schemas.base import load
from hotline.schemas.public.public import PUBLIC_ACTIONS
from hotline.schemas.ratings.rating import PublicRatingForm
from hotline.web import uploads
from hotline.web.access import (
    check_no_staff,
    enterprise,
    enterprise_access,
    public,
    transaction,
)
from hotline.web.uploads import takes_files

pages = Blueprint("public_ticket", __name__)
DONE = {
    "supply_info": "已经收到您的补正，接着受理。",
    "remind": "已经催办，负责的人会立即收到提醒。",
    "withdraw": "已经撤回，不再办理。",
    "object": "异议已经收到，裁定的结果和理由会告诉您。",
    "rate": "评价已经收到。",
    "attach": "文件已经收到。",
}
"""What a page says after it was done."""


@pages.post("/look-up")
@public
def look_up() -> Any:
    typed = parse_form(request.form)
    number, code = str(typed.get("number", "")), str(typed.get("code", ""))
    try:
        return _ticket_page(number, code)
    except Refusal as refusal:
        return front_page(Sent({"number": number}, refusal))


def _ticket_page(number: str, code: str, doing: str = "", sent: Sent = NOTHING) -> Any:
    """The ticket as it stands, after `doing` was done or, with a refusal, was not."""
    with enterprise_access(number, code) as ctx:
        file = public_ticket(ctx, ctx.actor)
        reasons = ctx.rules.ratings.reasons_at(ctx.now).labels
        now = instant(ctx.now)
    page = render_template(
        "public/public_ticket.html",
        ticket=file,
        code=code,
        reasons=reasons,
        now=now,
        doing=doing,
        refusal=sent.refusal,
        typed=sent.typed,
        done="" if sent.refusal else DONE.get(doing, ""),
    )
    return page, sent.status


@pages.post("/rate")
@public
def rate() -> Any:
    typed = parse_form(request.form)
    number, code, refused = str(typed.pop("number", "")), str(typed.get("code", "")), None
    proved = enterprise(number, code)
    try:
        check_no_staff()
        values = load(PublicRatingForm(), typed)
        values.pop("code")
        taken = rating_deeds.RatingGiven(**values)
        with transaction(proved) as ctx:
            rating_deeds.rate(ctx, number, taken)
    except Refusal as refusal:
        refused = refusal
    return _ticket_page(number, code, "rate", Sent(typed, refused))


@pages.post("/act/<any(supply_info,remind,withdraw,object):name>")
@public
def act(name: str) -> Any:
    """What the enterprise does to its ticket; a refusal stands on the ticket's page."""
    typed, action = parse_form(request.form), PUBLIC_ACTIONS[name]
    number, code, refused = str(typed.pop("number", "")), str(typed.get("code", "")), None
    proved = enterprise(number, code)
    try:
        values = load(action.form(), typed)
        taken = action.given(values["code"], values["text"])
        with transaction(proved) as ctx:
            action.does(ctx, number, taken)
    except Refusal as refusal:
        refused = refusal
    return _ticket_page(number, code, name, Sent(typed, refused))


@pages.post("/attach")
@public
@takes_files
def attach() -> Any:
    typed, refused = parse_form(request.form), None
    number, code = str(typed.get("number", "")), str(typed.get("code", ""))
    proved = enterprise(number, code)
    try:
        uploads.take(number, proved)
    except Refusal as refusal:
        refused = refusal
    return _ticket_page(number, code, "attach", Sent(refusal=refused))
