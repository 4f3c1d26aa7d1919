"""What must hold after every fault: each acknowledged deed is there once, each step fired once, the timelines are whole."""

from collections import Counter
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.fill import advance_keys, number_of, open_tickets
from hotline.app_context import AppContext
from hotline.casework.tickets.timeline import verify
from hotline.models.deadlines.clocks import Clock, Escalation
from hotline.models.messages.notices import Notice
from hotline.models.supervision.orders import Order
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.timeline import TimelineEntry
from hotline.rules.vocabulary import ClockKind
from tests.faults.site import People
from tests.jobs.test_many_schedulers import DISPATCHED_AT, STEPS
from tests.support import invariants
from tests.support.cast import Cast


def owe_steps(app_context: AppContext, count: int) -> None:
    """Tickets that nobody has signed since March: every one of them owes the same steps of the ladder."""
    with app_context.transaction() as ctx:
        open_tickets(ctx.session, 1, count, dispatched_at=DISPATCHED_AT, rulebook=ctx.rules)
        advance_keys(ctx.session)


def steps_fired(app_context: AppContext) -> int:
    with app_context.snapshot() as ctx:
        return ctx.session.scalar(select(func.count()).select_from(Escalation)) or 0


def steps_owed(app_context: AppContext, at: datetime | None = None) -> int:
    """Clocks that have a step to climb."""
    with app_context.snapshot(at) as ctx:
        return ctx.session.scalar(select(func.count()).where(Clock.next_step_at <= ctx.now)) or 0


def check_everything(app_context: AppContext, cast: Cast, people: People | None = None, owing: int = 0) -> None:
    """`owing`: how many tickets `owe_steps` has made."""
    with app_context.snapshot() as ctx:
        session = ctx.session
        assert [broken for _, broken in verify(session) if broken] == []
        lines = session.scalar(select(func.count()).select_from(TimelineEntry))
        assert lines == session.scalar(select(func.sum(Ticket.timeline_length)))
        _check_steps(session, owing)
        _check_tickets(session, app_context, people)
        invariants.check_counts(ctx.by(cast.supervisor))
    if people is not None:
        _check_acknowledged(app_context, people)


def _check_steps(session: Session, owing: int) -> None:
    said = select(TimelineEntry.ticket_id, TimelineEntry.data).where(TimelineEntry.entry == "escalated")
    lines = Counter((ticket, *sorted(data.items())) for ticket, data in session.execute(said))
    assert set(lines.values()) <= {1}, "a step was said twice"
    fired = (
        select(func.count()).select_from(Escalation).where(~Escalation.passed_over, Escalation.ticket_id.is_not(None))
    )
    assert len(lines) == session.scalar(fired)
    told = Counter(session.execute(select(Notice.event, Notice.staff_id, Notice.contact_id)).all())
    assert set(told.values()) <= {1}, "somebody was told twice"
    if owing:
        _check_alike(session, owing)


def _check_alike(session: Session, owing: int) -> None:
    """Of tickets that owed the same, each has got the same, at the true instants, and the signing exactly what is known."""
    numbers = [number_of(position) for position in range(1, owing + 1)]
    ids = session.scalars(select(Ticket.id).where(Ticket.number.in_(numbers))).all()
    assert len(ids) == owing
    columns = (Escalation.ticket_id, Clock.kind, Escalation.step, Escalation.at, Escalation.passed_over)
    ladders: dict[int, list[tuple[str, int, datetime, bool]]] = {ticket: [] for ticket in ids}
    for ticket, *step in session.execute(select(*columns).join(Clock, Clock.id == Escalation.clock_id)):
        if ticket in ladders:
            ladders[ticket].append(tuple(step))
    assert len({tuple(sorted(ladder)) for ladder in ladders.values()}) == 1
    signing = [(step, at) for kind, step, at, _ in ladders[ids[0]] if kind == ClockKind.SIGN]
    assert Counter(signing) == Counter(STEPS.items())
    orders = Counter(session.scalars(select(Order.ticket_id).where(Order.ticket_id.in_(ids))))
    assert len(orders) == owing and len(set(orders.values())) == 1


def _check_tickets(session: Session, app_context: AppContext, people: People | None) -> None:
    """The invariants of every ticket that people have made."""
    made = {number for person in people.all for number in person.calls.values()} if people else set()
    for ticket in session.scalars(select(Ticket).where(Ticket.number.in_(made))):
        clocks = list(session.scalars(select(Clock).where(Clock.ticket_id == ticket.id)))
        invariants.check_lead(session, ticket)
        invariants.check_dues(clocks, app_context.rulebook)
        invariants.check_final(session, ticket, clocks)
        invariants.check_shown_due(ticket, clocks)


def _check_acknowledged(app_context: AppContext, people: People) -> None:
    with app_context.snapshot() as ctx:
        there = {row.title: row.number for row in ctx.session.execute(select(Ticket.title, Ticket.number))}
        titles = Counter(ctx.session.scalars(select(Ticket.title)))
        said = select(TimelineEntry.data).where(TimelineEntry.entry == "noted")
        notes = Counter(data["text"] for data in ctx.session.scalars(said))
    for person in people.all:
        for title, number in person.calls.items():
            assert (titles[title], there[title]) == (1, number), title
        for title, acknowledged in person.notes.items():
            assert notes[title] == 1 if acknowledged else notes[title] <= 1, (title, acknowledged)
