"""The legal-service zone of 12345 and 12348: what it does, its articles, and the two forms that lead to the justice bureau."""

from typing import Any

from flask import Blueprint, render_template, request

from hotline.pages.frame import parse_form
from hotline.pages.public.public_submission import hand_in
from hotline.pages.sent import NOTHING, Sent
from hotline.queries.public import public_articles
from hotline.rules.intake.legal_zone import CheckUpSubject
from hotline.rules.refusals import Refusal, SentBefore
from hotline.schemas.base import Form, load
from hotline.schemas.intake.legal_zone import CheckUpForm, ConsultationForm
from hotline.security.keys import new_secret
from hotline.web.access import app_context, public, snapshot

pages = Blueprint("legal_zone", __name__, url_prefix="/legal")
SECTION = "legal"
FORMS: dict[str, type[Form]] = {"consultation": ConsultationForm, "check-up": CheckUpForm}


@pages.get("")
@public
def show() -> Any:
    with snapshot() as ctx:
        shelf = app_context().shelves.section(SECTION)
        found = public_articles.shelf_page(ctx, shelf)
        return render_template("public/legal.html", items=found["items"], more=found["next_cursor"])


@pages.get("/<any('consultation', 'check-up'):form>")
@public
def blank(form: str) -> Any:
    return _form_page(form, NOTHING)


def _form_page(form: str, sent: Sent) -> Any:
    page = render_template(
        "public/legal_form.html",
        form=form,
        typed=sent.typed,
        refusal=sent.refusal,
        subjects=list(CheckUpSubject),
        once=sent.once or new_secret(),
    )
    return page, sent.status


@pages.post("/<any('consultation', 'check-up'):form>")
@public
def submit(form: str) -> Any:
    typed = parse_form(request.form)
    typed.setdefault("contact", {})
    typed.pop("once", None)
    sent = Sent(typed, once=request.form.get("once") or new_secret())
    try:
        return hand_in(form, load(FORMS[form](), typed), sent)
    except SentBefore as refusal:
        return _form_page(form, Sent(typed, refusal))
    except Refusal as refusal:
        return _form_page(form, sent.refused(refusal))
