"""The legal-service zone of 12345 and 12348: what it does, its articles, and the two forms that lead to the justice bureau."""

from typing import Any

from flask import Blueprint, render_template, request

from hotline.casework import submitting
from hotline.doors import office, open_to_all, status_of
from hotline.forms.base import Form, load
from hotline.forms.legal_zone import CheckUpForm, ConsultationForm
from hotline.pages.frame import nested
from hotline.reading import public_articles
from hotline.rules.legal_zone import CheckUpSubject
from hotline.rules.refusals import Refusal

pages = Blueprint("legal_zone", __name__, url_prefix="/legal")
SECTION = "legal"
FORMS: dict[str, type[Form]] = {"consultation": ConsultationForm, "check-up": CheckUpForm}


@pages.get("")
@open_to_all
def show() -> Any:
    with office().reading() as work:
        shelf = office().shelves.section(SECTION)
        found = public_articles.shelf_page(work.session, shelf, now=work.now)
        return render_template("legal.html", items=found["items"], more=found["next_cursor"])


@pages.get("/<any('consultation', 'check-up'):form>")
@open_to_all
def blank(form: str) -> Any:
    return _form_page(form, {}, None)


def _form_page(form: str, typed: dict[str, Any], refusal: Refusal | None) -> Any:
    page = render_template("legal_form.html", form=form, typed=typed, refusal=refusal, subjects=list(CheckUpSubject))
    return page, status_of(refusal) if refusal else 200


@pages.post("/<any('consultation', 'check-up'):form>")
@open_to_all
def submit(form: str) -> Any:
    typed = nested(request.form)
    typed.setdefault("contact", {})
    try:
        call = load(FORMS[form](), typed)
        with office().deed() as work:
            address = request.remote_addr or ""
            logged = submitting.submit(work.session, call, address, now=work.now, rulebook=work.rulebook)
            number = logged.ticket.number
    except Refusal as refusal:
        return _form_page(form, typed, refusal)
    return render_template("submitted.html", number=number, code=logged.query_code), 201
