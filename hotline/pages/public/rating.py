"""Rating by a link: in a notice, on a slip, on a printed sheet. Reading it changes nothing; only the form's own post rates."""

from typing import Any

from flask import Blueprint, make_response, render_template, request

from hotline.app_context import Work
from hotline.casework.ratings import body_rating, rating, rating_links
from hotline.casework.ratings.body_rating import BodyRating
from hotline.casework.ratings.rating import RatingGiven
from hotline.casework.ratings.rating_links import BodyLink, TicketLink
from hotline.casework.tickets.contacts import ContactGiven
from hotline.pages.frame import nested
from hotline.rules.actors import Actor
from hotline.rules.ratings.rating import RatedBy
from hotline.rules.refusals import InvalidInput, OwnWork, Refusal
from hotline.schemas.base import load
from hotline.schemas.ratings.rating import LinkRatingForm
from hotline.security.keys import new_secret
from hotline.web.access import check_no_staff, office, open_to_all, status_of

pages = Blueprint("rating", __name__, url_prefix="/r")
DEVICE = "hotline_rater"
A_YEAR = 365 * 24 * 3600


@pages.get("/<token>")
@open_to_all
def show(token: str) -> Any:
    with office().reading() as work:
        link = rating_links.opened(work.session, token, now=work.now)
        return _form(work, link, {}, None)


def _form(work: Work, link: TicketLink | BodyLink, typed: dict[str, Any], refusal: Refusal | None) -> Any:
    page = render_template(
        "public/rate.html",
        name=_name(link),
        reasons=work.rulebook.ratings.reasons_at(work.now).labels,
        asks_phone=isinstance(link, BodyLink),
        typed=typed,
        refusal=refusal,
    )
    answer = make_response(page, status_of(refusal) if refusal else 200)
    if DEVICE not in request.cookies:
        secure = office().settings.secure_cookies
        answer.set_cookie(DEVICE, new_secret(), max_age=A_YEAR, httponly=True, samesite="Lax", secure=secure)
    return answer


def _name(link: TicketLink | BodyLink) -> str:
    return f"工单 {link.number}" if isinstance(link, TicketLink) else link.name


@pages.post("/<token>")
@open_to_all
def rate(token: str) -> Any:
    typed = nested(request.form)
    try:
        with office().deed() as work:
            link = rating_links.opened(work.session, token, now=work.now)
            check_no_staff()
            given = load(LinkRatingForm(), typed)
            taken = (_rate_ticket if isinstance(link, TicketLink) else _rate_body)(work, link, given)
    except (InvalidInput, OwnWork) as refusal:
        with office().reading() as reading:
            link = rating_links.opened(reading.session, token, now=reading.now)
            return _form(reading, link, typed, refusal)
    return render_template("public/rated.html", name=_name(link), **taken)


def _rate_ticket(work: Work, link: Any, given: dict[str, Any]) -> dict[str, Any]:
    enterprise = Actor(name="企业", ticket_id=link.ticket_id)
    said = RatingGiven(given["level"], given.get("reasons", ()), given["remark"])
    known: dict[str, Any] = {"actor": enterprise, "now": work.now, "rulebook": work.rulebook, "by": RatedBy.LINK}
    rating.rate(work.session, link.number, said, **known)
    return {"level": said.level.label, "verified": True, "number": None, "code": None}


def _rate_body(work: Work, link: Any, given: dict[str, Any]) -> dict[str, Any]:
    said = RatingGiven(given["level"], given.get("reasons", ()), given["remark"])
    # On a slip the visit is the rater: whoever holds it, it rates once. At a sheet it is the telephone, or the device.
    rater = "" if link.verified else given["phone"] or request.cookies.get(DEVICE) or new_secret()
    contact = ContactGiven(phone=given["phone"])
    body = body_rating.body_of(work.session, link.body)
    rating_of = BodyRating(body, link.occasion, rater, link.channel or RatedBy.QR, said, link.verified, contact)
    kept = body_rating.rate_body(work.session, rating_of, now=work.now, rulebook=work.rulebook)
    level, verified = kept.rating.level.label, kept.rating.verified
    return {"level": level, "verified": verified, "number": kept.number, "code": kept.query_code}
