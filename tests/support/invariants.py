"""What must always hold, as checks over the records and over what people read."""

from collections import Counter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.tickets.access import ticket_for
from hotline.context import Context
from hotline.models.deadlines.clocks import Clock
from hotline.models.handling.assists import Assist
from hotline.models.handling.requests import Request
from hotline.models.messages.notices import Notice
from hotline.models.ratings.ratings import Rating
from hotline.models.ratings.rectifications import Rectification
from hotline.models.supervision.orders import Order
from hotline.models.tickets.tickets import Dispatch, Ticket
from hotline.queries.dashboards.desk import decisions_waiting
from hotline.queries.deadlines.overdue import overdue_page
from hotline.queries.intake.repeats import likely_repeats
from hotline.queries.intake.who_calls import Caller
from hotline.queries.messages.notices import notices_for
from hotline.queries.paging import Page
from hotline.queries.tickets.ticket_file import ticket_file
from hotline.queries.tickets.tickets import Filters, ticket_page
from hotline.queries.tickets.timeline import timeline_of
from hotline.rules.actors import Actor
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.handling.assisting import AssistState
from hotline.rules.refusals import Refusal
from hotline.rules.tickets.states import FINAL, WITH_UNIT
from hotline.rules.vocabulary import (
    ClockKind,
    OrderState,
    RectificationState,
    RequestState,
    State,
)
from tests.support.build import PHONE

# Of the enterprise and the contact that every ticket of the story is logged with.
ENTERPRISE = "襄阳甲乙机械有限公司"
SECRETS = ("甲乙机械", "王小明", "王先生", "5678")


def check_lead(session: Session, ticket: Ticket) -> None:
    """1. Exactly one lead unit where a unit works, none before; the history is kept."""
    before = {State.SUBMITTED, State.NEED_INFO, State.ACCEPTED}
    assert (ticket.lead_unit_id is not None) or ticket.state not in WITH_UNIT
    assert ticket.lead_unit_id is None or ticket.state not in before
    dispatched = list(session.scalars(select(Dispatch).where(Dispatch.ticket_id == ticket.id).order_by(Dispatch.id)))
    assert all(row.ended_at is not None for row in dispatched[:-1])
    if ticket.state in WITH_UNIT:
        assert dispatched[-1].unit_id == ticket.lead_unit_id and dispatched[-1].ended_at is None


def check_dues(clocks: list[Clock], rulebook: Any) -> None:
    """2. A due is a close of business on a working day."""
    for clock in clocks:
        due = local(clock.due_at)
        assert rulebook.calendar.is_working_day(due.date()) and rulebook.calendar.close(due.date()) == due


def check_final(session: Session, ticket: Ticket, clocks: list[Clock]) -> None:
    """4. Where it has ended nothing runs, waits or is owed, but for the answer to an objection against the ending."""
    if ticket.state not in FINAL:
        return
    assert all(clock.stopped_at is not None or clock.kind is ClockKind.OBJECTION for clock in clocks)
    for table, done in (
        (Request, {RequestState.APPROVED, RequestState.REFUSED, RequestState.LAPSED}),
        (Order, {OrderState.CLOSED, OrderState.DECLINED}),
        (Rectification, {RectificationState.CLOSED}),
        (Assist, {AssistState.REPLIED, AssistState.WAIVED, AssistState.ENDED}),
    ):
        states = set(session.scalars(select(table.state).where(table.ticket_id == ticket.id)))
        assert states <= done, (ticket.state, states)


def check_cases(session: Session, ticket: Ticket) -> None:
    """6. A bad rating and its case are one to one; a case closes after a re-check that passed, or an upheld appeal."""
    ratings = session.execute(select(Rating.id, Rating.level).where(Rating.ticket_id == ticket.id))
    bad = sorted(row.id for row in ratings if row.level.score <= 2)
    cases = list(session.scalars(select(Rectification).where(Rectification.ticket_id == ticket.id)))
    assert bad == sorted(case.rating_id for case in cases)
    for case in cases:
        checked = case.passed and case.rechecked_at is not None and case.submitted_at is not None
        assert case.state is not RectificationState.CLOSED or checked or case.upheld, case.number


def check_shown_due(ticket: Ticket, clocks: list[Clock]) -> None:
    """The due that lists sort by is that of a clock which runs."""
    running = {clock.due_at for clock in clocks if clock.stopped_at is None and clock.paused_at is None}
    assert ticket.due_at is None or ticket.due_at in running


def check_secret(ctx: Any, number: str, actor: Actor) -> None:
    """5. On no way does a member of a unit read who stands behind a confidential ticket."""
    session, now = ctx.session, ctx.now
    lists: list[Any] = [
        ticket_page(ctx.by(actor).at(now), Filters(sort="-received"), Page(limit=200))["items"],
        overdue_page(ctx.by(actor).at(now))["items"],
        notices_for(ctx.by(actor).at(now))["items"],
        *decisions_waiting(ctx.by(actor)).values(),
    ]
    shown = [str(row) for rows in lists for row in rows if row["number"] == number]
    told = select(Notice.data).join(Ticket, Ticket.id == Notice.ticket_id)
    shown += [
        str(data) for data in session.scalars(told.where(Ticket.number == number, Notice.staff_id == actor.staff_id))
    ]
    for asked in (Caller(name=ENTERPRISE), Caller(PHONE)):
        assert all(row["number"] != number for row in likely_repeats(ctx.by(actor).at(now), asked)), asked
    for words in (ENTERPRISE, PHONE[-8:]):
        found = ticket_page(ctx.by(actor).at(now), Filters(q=words, sort="-received"), Page(limit=200))["items"]
        assert all(row["number"] != number for row in found), words
    try:
        ticket = ticket_for(ctx.by(actor), number)
    except Refusal:
        assert shown == [] or not _named(shown)
        return
    shown.append(str(ticket_file(ctx.by(actor).at(now), ticket)))
    shown.append(str(timeline_of(ctx.by(actor), ticket.id)))
    assert not _named(shown)


def _named(shown: list[str]) -> list[str]:
    return [secret for secret in SECRETS for text in shown if secret in text]


def check_merges(session: Session, tickets: list[Ticket]) -> None:
    """9. Chains of merges end."""
    into = {ticket.id: ticket.merged_into_id for ticket in tickets}
    for ticket in tickets:
        seen, here = set(), ticket.id
        while here is not None:
            assert here not in seen
            seen.add(here)
            here = into.get(here)
        assert (ticket.merged_into_id is not None) is (ticket.state is State.MERGED)


def check_counts(ctx: Context) -> None:
    """7. The sum over the states is the total, and each number is that of the list with the same filter."""
    stored = Counter(ctx.session.scalars(select(Ticket.state)))

    def listed(**filters: Any) -> int:
        total, cursor = 0, None
        while True:
            page = ticket_page(ctx, Filters(sort="-received", **filters), Page(cursor, 200))
            total, cursor = total + len(page["items"]), page["next_cursor"]
            if cursor is None:
                return total

    states = {state: listed(state=state) for state in stored}
    assert states == dict(stored)
    assert sum(states.values()) == listed()
