"""The public front: look up a ticket, submit a matter, rate. The query code never stands in an address."""

from typing import Any

from flask import Blueprint, render_template, request

from hotline import uploads
from hotline.casework import rating as rating_deeds
from hotline.casework import submitting
from hotline.doors import check_no_staff, office, open_to_all, status_of
from hotline.forms.base import load
from hotline.forms.intake import WebCallForm
from hotline.forms.public import PUBLIC_ACTIONS
from hotline.forms.rating import PublicRatingForm
from hotline.pages.frame import nested
from hotline.reading import desk
from hotline.reading.public import public_ticket
from hotline.rules.refusals import InvalidInput, Refusal
from hotline.uploads import takes_files

pages = Blueprint("public", __name__)


@pages.get("/")
@open_to_all
def front() -> Any:
    return _front_page({}, None)


def _front_page(typed: dict[str, Any], refusal: Refusal | None) -> Any:
    page = render_template("front.html", typed=typed, refusal=refusal, events=office().shelves.events)
    return page, status_of(refusal) if refusal else 200


@pages.post("/look-up")
@open_to_all
def look_up() -> Any:
    typed = nested(request.form)
    number, code = typed.get("number", ""), typed.get("code", "")
    try:
        return _ticket_page(number, code, None, {})
    except Refusal as refusal:
        return _front_page({"number": number}, refusal)


def _ticket_page(number: str, code: str, refusal: Refusal | None, typed: dict[str, Any], done: str = "") -> Any:
    with office().at_the_door(number, code, request.remote_addr or "") as (work, enterprise):
        file = public_ticket(work.session, enterprise, now=work.now, rulebook=work.rulebook)
        reasons = office().rulebook.ratings.reasons_at(work.now).labels
    page = render_template(
        "public_ticket.html", ticket=file, reasons=reasons, code=code, refusal=refusal, typed=typed, done=done
    )
    return page, status_of(refusal) if refusal else 200


@pages.post("/rate")
@open_to_all
def rate() -> Any:
    typed = nested(request.form)
    number, code, refused = typed.pop("number", ""), typed.get("code", ""), None
    with office().at_the_door(number, code, request.remote_addr or "") as (_, enterprise):
        pass
    try:
        check_no_staff()
        given = load(PublicRatingForm(), typed)
        given.pop("code")
        taken = rating_deeds.RatingGiven(**given)
        with office().deed() as work:
            session, rulebook = work.session, work.rulebook
            rating_deeds.rate(session, number, taken, actor=enterprise, now=work.now, rulebook=rulebook)
    except Refusal as refusal:
        refused = refusal
    return _ticket_page(number, code, refused, typed)


@pages.post("/act/<any(supply_info,remind,withdraw,object):name>")
@open_to_all
def act(name: str) -> Any:
    """What the enterprise does to its ticket; a refusal stands on the ticket's page."""
    typed, action = nested(request.form), PUBLIC_ACTIONS[name]
    number, code, refused = typed.pop("number", ""), typed.get("code", ""), None
    with office().at_the_door(number, code, request.remote_addr or "") as (_, enterprise):
        pass
    try:
        given = load(action.form(), typed)
        taken = action.given(given["code"], given["text"])
        with office().deed() as work:
            action.does(work.session, number, taken, actor=enterprise, now=work.now, rulebook=work.rulebook)
    except Refusal as refusal:
        refused = refusal
    return _ticket_page(number, code, refused, typed)


@pages.post("/attach")
@open_to_all
@takes_files
def attach() -> Any:
    typed, refused = nested(request.form), None
    number, code = typed.get("number", ""), typed.get("code", "")
    with office().at_the_door(number, code, request.remote_addr or "") as (_, enterprise):
        pass
    try:
        uploads.take(number, enterprise)
    except Refusal as refusal:
        refused = refusal
    return _ticket_page(number, code, refused, {}, done="文件已收到。" if refused is None else "")


@pages.get("/submit")
@open_to_all
def submit_form() -> Any:
    return _submit_page({}, None)


def _submit_page(typed: dict[str, Any], refusal: Refusal | None) -> Any:
    with office().reading() as work:
        page = render_template("submit.html", typed=typed, refusal=refusal, categories=desk.categories(work.session))
    return page, status_of(refusal) if refusal else 200


@pages.post("/submit")
@open_to_all
def submit() -> Any:
    typed = nested(request.form)
    try:
        call = load(WebCallForm(), typed)
        if call.contact.phone is None and not call.anonymous:
            raise InvalidInput({"/contact/phone": "请填写联系电话，以便办理单位联系您"})
        with office().deed() as work:
            address = request.remote_addr or ""
            logged = submitting.submit(work.session, call, address, now=work.now, rulebook=work.rulebook)
            number = logged.ticket.number
    except Refusal as refusal:
        return _submit_page(typed, refusal)
    return render_template("submitted.html", number=number, code=logged.query_code), 201
