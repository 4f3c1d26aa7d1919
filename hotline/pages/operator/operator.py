"""The operator's one screen: who calls, the form, and beside it articles, open tickets and likely units while typing."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from hotline.casework.handling import reminders
from hotline.casework.intake import calls, idempotency, intake
from hotline.casework.tickets.access import ticket_for
from hotline.context import Context
from hotline.pages import usage
from hotline.pages.frame import parse_form
from hotline.pages.operator.call_form import Choices, answered, asked_by, typed_of, wrong_so_far
from hotline.pages.sent import NOTHING, Sent
from hotline.queries.intake import caller, suggestions
from hotline.queries.intake import calls as call_lists
from hotline.queries.intake.who_calls import NOBODY
from hotline.queries.tickets.ticket_file import ticket_file
from hotline.rules.intake.similarity import SAME
from hotline.rules.knowledge.article import is_code
from hotline.rules.knowledge.article_use import Use
from hotline.rules.permissions import may_take
from hotline.rules.reason_codes import CallResult
from hotline.rules.refusals import ConditionUnmet, KeyReused, Refusal
from hotline.rules.tickets.states import is_unsigned
from hotline.rules.vocabulary import Action, Role
from hotline.schemas.base import load
from hotline.schemas.intake.calls import CallBegunForm, CallEndedForm, CallerRemindsForm
from hotline.schemas.intake.intake import NewCallForm
from hotline.security.keys import new_secret
from hotline.web import view_log
from hotline.web.access import actor, roles_required, snapshot, transaction

pages = Blueprint("operator", __name__)
MOST_SUGGESTED = 10
LONGEST_KEY = 80
AT_THE_PHONE = (Role.OPERATOR, Role.OUTSOURCED_OPERATOR)
SENT_BEFORE = "刚才那一次登记已经成功，后来改动的内容没有登记：请在工单里更正；确实要另登记一张，请再按一次“登记”。"


def _page(sent: Sent, **more: Any) -> Any:
    with snapshot() as ctx:
        choices = Choices.of(ctx.session)
        call = calls.open_call(ctx)
        page = render_template(
            "operator/operator.html",
            typed=choices.named(sent.typed),
            refusal=sent.refusal,
            call=call_lists.shown(ctx.session, call) if call else None,
            call_results=[word for word in CallResult if word not in calls.NOT_SAID],
            choices=choices,
            draft=f"call-{actor().staff_id}-{call.id if call else 0}",
            once=sent.once or new_secret(),
            wrong={},
            **_beside(ctx, choices.coded(sent.typed)),
            **more,
        )
    return page, sent.status


def _beside(ctx: Context, call: dict[str, Any]) -> dict[str, Any]:
    """What stands beside the form: who calls, what helps, which tickets may be reminded of."""
    asked = asked_by(call)
    found = suggestions.suggestions(ctx, **asked)
    # The other open tickets of the caller stand with the caller.
    found["repeats"] = [item for item in found["repeats"] if item["similarity"] >= SAME]
    who = caller.caller(ctx, asked["who"])
    numbers = {item["number"] for item in (*who["tickets"], *found["repeats"])}
    return {
        "found": found,
        "caller": who,
        "reminding": caller.reminding(ctx, numbers),
        "cited": call.get("cite"),
        "asked": asked["who"] != NOBODY,
        "may_dispatch": may_take(actor(), Action.DISPATCH, None),
    }


@pages.get("/operator")
@roles_required(*AT_THE_PHONE)
def show() -> Any:
    """With `?phone=` (empty: a withheld number), as the telephone opens it, the call begins; opened again it goes on."""
    if "phone" not in request.args:
        return _page(NOTHING)
    phone = request.args["phone"].strip()
    typed = {"contact": {"phone": phone}} if phone else {}
    try:
        call = load(CallBegunForm(), parse_form(request.args))
        with transaction() as ctx:
            calls.begin(ctx, call)
    except Refusal as refusal:
        return _page(Sent(typed, refusal))
    view_log.looked_up(call.phone)
    return _page(Sent(typed))


@pages.post("/operator/calls/<int(max=9223372036854775807):call_id>/end")
@roles_required(*AT_THE_PHONE)
def end_call(call_id: int) -> Any:
    try:
        call = load(CallEndedForm(), parse_form(request.form))
        with transaction() as ctx:
            calls.end(ctx, call_id, call)
    except Refusal as refusal:
        return _page(Sent(refusal=refusal))
    return redirect("/operator")


@pages.post("/operator")
@roles_required(*AT_THE_PHONE)
def log_call() -> Any:
    """Logs the call, once however often it is sent, and shows its number, its code and what comes next.

    With "查找" or a suggestion that is taken over nothing is logged, and the page is drawn anew. A consultation with an
    answer is answered and closed in the same step.
    """
    sent = Sent(typed_of(request.form), once=request.form.get("once", "")[:LONGEST_KEY] or new_secret())
    if "only" in request.form or "take" in request.form:
        return _page(sent)
    try:
        logged, new = _log(sent)
    except KeyReused:
        return _page(Sent(sent.typed, ConditionUnmet(SENT_BEFORE)))
    except Refusal as refusal:
        return _page(sent.refused(refusal))
    if new:
        usage.used(Use.SHOWN, [code for code in request.form.getlist("suggested[]")[:MOST_SUGGESTED] if is_code(code)])
    return _logged(logged)


def _log(sent: Sent) -> tuple[dict[str, str], bool]:
    """The call that it ends is no part of what is sent: sent again, that is over, and it is the same matter."""
    call_id = request.form.get("call_id", "").strip()
    with transaction() as ctx:
        coded = answered(Choices.of(ctx.session).coded(sent.typed))
        call = load(NewCallForm(), {**coded, "call_id": call_id} if call_id else coded)

        def make() -> dict[str, str]:
            logged = intake.log_call(ctx, call)
            answer = {"answered": "yes"} if call.answer else {}
            return {"number": logged.ticket.number, "query_code": logged.query_code, **answer}

        return idempotency.once(ctx, f"staff:{actor().staff_id}", sent.once, sent.typed, make)


def _logged(logged: dict[str, str]) -> Any:
    with snapshot() as ctx:
        ticket = ticket_for(ctx, logged["number"])
        file = ticket_file(ctx, ticket)
        running = [clock for clock in file["clocks"] if clock["running"]]
        return render_template(
            "operator/logged.html",
            logged=logged,
            ticket=file,
            dispatched=is_unsigned(ticket.state),
            clock=min(running, key=lambda clock: clock["due_at"]) if running else None,
            call=calls.open_call(ctx),
            draft=request.form.get("draft", "")[:LONGEST_KEY],
        )


@pages.post("/operator/reminders")
@roles_required(*AT_THE_PHONE)
def remind() -> Any:
    """The caller asks after a ticket of theirs: a reminder, with what was typed as their words; the form is then empty again.

    Refused, everything stays as it was typed.
    """
    typed = typed_of(request.form)
    number = typed.pop("number", "")
    said = "\n".join(str(typed[name]) for name in ("title", "content") if name in typed)
    try:
        asked = load(CallerRemindsForm(), {"number": number, "text": said})
        reminding = reminders.Reminding(asked["text"])
        with transaction() as ctx:
            reminders.remind(ctx, asked["number"], reminding)
    except Refusal as refusal:
        return _page(Sent(typed, refusal, request.form.get("once", "")[:LONGEST_KEY]))
    rest: dict[str, Any] = {name: typed[name] for name in ("contact", "enterprise") if name in typed}
    return _page(Sent(rest), reminded=asked["number"], taken=request.form.get("draft", "")[:LONGEST_KEY])


@pages.post("/operator/suggestions")
@roles_required(*AT_THE_PHONE)
def suggest() -> Any:
    """What stands beside the form alone, with what is wrong so far, for the script that asks while the operator types."""
    typed = typed_of(request.form)
    with snapshot() as ctx:
        call = Choices.of(ctx.session).coded(typed)
        wrong = wrong_so_far(ctx, call)
        page = render_template("operator/beside_call.html", wrong=wrong, **_beside(ctx, call))
    view_log.looked_up(asked_by(call)["who"].phone)
    return page
