"""Rating by a link: in a notice, on a slip, on a printed sheet. Reading it changes nothing; only the form's own post rates."""

from typing import Any

from flask import Blueprint, make_response, render_template, request

from hotline.casework.ratings import body_rating, rating, rating_links
from hotline.casework.ratings.body_rating import BodyRating
from hotline.casework.ratings.rating import RatingGiven
from hotline.casework.ratings.rating_links import BodyLink, TicketLink
from hotline.casework.tickets.contacts import ContactGiven
from hotline.context import Context
from hotline.pages.frame import parse_form
from hotline.pages.sent import NOTHING, Sent
from hotline.rules.actors import Actor
from hotline.rules.ratings.rating import RatedBy
from hotline.rules.refusals import InvalidInput, OwnWork
from hotline.schemas.base import load
from hotline.schemas.ratings.rating import LinkRatingForm
from hotline.security.keys import new_secret
from hotline.web.access import app_context, check_no_staff, public, snapshot, transaction

pages = Blueprint("rating", __name__, url_prefix="/r")
DEVICE = "hotline_rater"
A_YEAR = 365 * 24 * 3600


@pages.get("/<token>")
@public
def show(token: str) -> Any:
    with snapshot() as ctx:
        link = rating_links.opened(ctx, token)
        return _form(ctx, link, NOTHING)


def _form(ctx: Context, link: TicketLink | BodyLink, sent: Sent) -> Any:
    page = render_template(
        "public/rate.html",
        name=_name(link),
        reasons=ctx.rules.ratings.reasons_at(ctx.now).labels,
        asks_phone=isinstance(link, BodyLink),
        typed=sent.typed,
        refusal=sent.refusal,
    )
    answer = make_response(page, sent.status)
    if DEVICE not in request.cookies:
        secure = app_context().settings.secure_cookies
        answer.set_cookie(DEVICE, new_secret(), max_age=A_YEAR, httponly=True, samesite="Lax", secure=secure)
    return answer


def _name(link: TicketLink | BodyLink) -> str:
    return f"工单 {link.number}" if isinstance(link, TicketLink) else link.name


@pages.post("/<token>")
@public
def rate(token: str) -> Any:
    typed = parse_form(request.form)
    try:
        with transaction() as ctx:
            link = rating_links.opened(ctx, token)
            check_no_staff()
            values = load(LinkRatingForm(), typed)
            taken = (_rate_ticket if isinstance(link, TicketLink) else _rate_body)(ctx, link, values)
    except (InvalidInput, OwnWork) as refusal:
        with snapshot() as reading:
            link = rating_links.opened(reading, token)
            return _form(reading, link, Sent(typed, refusal))
    return render_template("public/rated.html", name=_name(link), **taken)


def _rate_ticket(ctx: Context, link: Any, given: dict[str, Any]) -> dict[str, Any]:
    enterprise = Actor(name="企业", ticket_id=link.ticket_id)
    said = RatingGiven(given["level"], given.get("reasons", ()), given["remark"])
    rating.rate(ctx.by(enterprise), link.number, said, by=RatedBy.LINK)
    return {"level": said.level.label, "verified": True, "number": None, "code": None}


def _rate_body(ctx: Context, link: Any, given: dict[str, Any]) -> dict[str, Any]:
    said = RatingGiven(given["level"], given.get("reasons", ()), given["remark"])
    # On a slip the visit is the rater: whoever holds it, it rates once. At a sheet it is the telephone, or the device.
    rater = "" if link.verified else given["phone"] or request.cookies.get(DEVICE) or new_secret()
    contact = ContactGiven(phone=given["phone"])
    body = body_rating.body_of(ctx.session, link.body)
    rating_of = BodyRating(body, link.occasion, rater, link.channel or RatedBy.QR, said, link.verified, contact)
    kept = body_rating.rate_body(ctx, rating_of)
    level, verified = kept.rating.level.label, kept.rating.verified
    return {"level": level, "verified": verified, "number": kept.number, "code": kept.query_code}
