"""The form by which an enterprise submits a matter."""

from typing import Any

from flask import Blueprint, render_template, request

from hotline.pages.frame import parse_form
from hotline.pages.public.public_submission import hand_in
from hotline.pages.sent import NOTHING, Sent
from hotline.queries.dashboards import desk
from hotline.rules.refusals import InvalidInput, Refusal, SentBefore
from hotline.schemas.base import load
from hotline.schemas.intake.intake import WebCallForm
from hotline.security.keys import new_secret
from hotline.web.access import public, snapshot

pages = Blueprint("submit", __name__)


@pages.get("/submit")
@public
def submit_form() -> Any:
    return _submit_page(NOTHING)


def _submit_page(sent: Sent) -> Any:
    with snapshot() as ctx:
        page = render_template(
            "public/submit.html",
            typed=sent.typed,
            refusal=sent.refusal,
            once=sent.once or new_secret(),
            kept_years=ctx.rules.contacts.kept_years,
            categories=desk.categories(ctx.session),
            units=desk.units(ctx.session),
        )
    return page, sent.status


@pages.post("/submit")
@public
def submit() -> Any:
    typed = parse_form(request.form)
    typed.pop("once", None)
    sent = Sent(typed, once=request.form.get("once") or new_secret())
    try:
        call = load(WebCallForm(), typed)
        if call.contact.phone is None and not call.anonymous:
            raise InvalidInput({"/contact/phone": "请填写联系电话，以便办理单位联系您；不想留的，请选“匿名”"})
        return hand_in("submit", call, sent)
    except SentBefore as refusal:
        return _submit_page(Sent(typed, refusal))
    except Refusal as refusal:
        return _submit_page(sent.refused(refusal))
