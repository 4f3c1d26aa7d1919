"""The operator's one screen: who calls, the form, and beside it articles, open tickets and likely units while typing."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from hotline.casework import calls, idempotency, intake
from hotline.doors import actor, office, roles_only, status_of
from hotline.forms.base import load
from hotline.forms.calls import CallBegunForm, CallEndedForm
from hotline.forms.intake import NewCallForm
from hotline.forms.queries import SuggestionsQuery
from hotline.pages import counting
from hotline.pages.frame import nested
from hotline.reading import calls as call_lists
from hotline.reading import desk, suggestions
from hotline.rules.article import is_code
from hotline.rules.article_use import Use
from hotline.rules.grounds import CallResult
from hotline.rules.permissions import may_take
from hotline.rules.refusals import InvalidInput, Refusal
from hotline.rules.vocabulary import Action, Role
from hotline.secrets import new_secret

pages = Blueprint("operator", __name__)
MOST_SUGGESTED = 10
AT_THE_PHONE = (Role.OPERATOR, Role.OUTSOURCED_OPERATOR)


def _page(typed: dict[str, Any], refusal: Refusal | None, logged: dict[str, Any] | None = None) -> Any:
    with office().reading() as work:
        page = render_template(
            "operator.html",
            typed=typed,
            refusal=refusal,
            logged=logged,
            call=_call(work),
            call_results=[word for word in CallResult if word not in calls.NOT_SAID],
            units=desk.units(work.session),
            categories=desk.categories(work.session),
            may_dispatch=may_take(actor(), Action.DISPATCH, None),
            found=_suggest(work, typed),
            cited=typed.get("cite"),
            once=new_secret(),
        )
    return page, status_of(refusal) if refusal else 200


def _call(work: Any) -> dict[str, Any] | None:
    call = calls.open_call(work.session, actor())
    return call_lists.shown(work.session, call) if call else None


def _suggest(work: Any, typed: dict[str, Any]) -> dict[str, Any]:
    asked = {
        "text": f"{typed.get('title', '')} {typed.get('content', '')}"[:5000],
        "category": typed.get("category"),
        "credit_code": typed.get("enterprise", {}).get("credit_code"),
        "phone": typed.get("contact", {}).get("phone"),
        "name": typed.get("enterprise", {}).get("name"),
    }
    try:
        known = load(SuggestionsQuery(), {name: value for name, value in asked.items() if value})
    except InvalidInput:
        known = {"text": asked["text"]}
    return suggestions.suggestions(work.session, actor(), now=work.now, **known)


@pages.get("/operator")
@roles_only(*AT_THE_PHONE)
def show() -> Any:
    """With `?phone=` (empty: a withheld number), as the telephone opens it, the call begins; opened again it goes on."""
    if "phone" not in request.args:
        return _page({}, None)
    phone = request.args["phone"].strip()
    typed = {"contact": {"phone": phone}} if phone else {}
    try:
        given = load(CallBegunForm(), nested(request.args))
        with office().deed() as work:
            calls.begin(work.session, given, actor=actor(), now=work.now)
    except Refusal as refusal:
        return _page(typed, refusal)
    return _page(typed, None)


@pages.post("/operator/calls/<int(max=9223372036854775807):call_id>/end")
@roles_only(*AT_THE_PHONE)
def end_call(call_id: int) -> Any:
    try:
        given = load(CallEndedForm(), nested(request.form))
        with office().deed() as work:
            calls.end(work.session, call_id, given, actor=actor(), now=work.now)
    except Refusal as refusal:
        return _page({}, refusal)
    return redirect("/operator")


@pages.post("/operator")
@roles_only(*AT_THE_PHONE)
def log_call() -> Any:
    """Logs the call, once however often the button is pressed; with "查找" nothing is logged and the suggestions are drawn.

    A consultation with an answer is answered and closed in the same step.
    """
    typed = nested(request.form)
    key = typed.pop("once", new_secret())[:80]
    typed.pop("suggested", None)
    if typed.pop("only", None) == "suggest":
        return _page(typed, None)
    try:
        call = load(NewCallForm(), _answered(typed))
        with office().deed() as work:

            def make() -> dict[str, str]:
                logged = intake.log_call(work.session, call, actor=actor(), now=work.now, rulebook=work.rulebook)
                answered = {"answered": "yes"} if call.answer else {}
                return {"number": logged.ticket.number, "query_code": logged.query_code, **answered}

            owner = f"staff:{actor().staff_id}"
            logged, new = idempotency.once(work.session, owner, key, typed, make, now=work.now)
    except Refusal as refusal:
        return _page(typed, refusal)
    if new:
        counting.used(
            Use.SHOWN, [code for code in request.form.getlist("suggested[]")[:MOST_SUGGESTED] if is_code(code)]
        )
    return _page({}, None, logged)


def _answered(typed: dict[str, Any]) -> dict[str, Any]:
    """What is cited is the article and the version that lay before the operator; without an answer nothing is cited."""
    call = {name: value for name, value in typed.items() if name not in ("cite", "answer")}
    if "answer" not in typed:
        return call
    code, _, version = typed.get("cite", "").partition(" ")
    cited = {"article": code, "article_version": version} if code else {}
    return {**call, "answer": {**typed["answer"], **cited}}


@pages.post("/operator/suggestions")
@roles_only(*AT_THE_PHONE)
def suggest() -> Any:
    """The suggestions alone, for the script that asks while the operator types."""
    typed = nested(request.form)
    with office().reading() as work:
        return render_template("suggestions.html", found=_suggest(work, typed), cited=typed.get("cite"))
