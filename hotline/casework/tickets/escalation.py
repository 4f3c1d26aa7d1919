"""The ladder climbs: each step of each clock exactly once for a due, at its true instant, whoever runs this and however often.

The row of the ticket is the lock: it is taken first (the scheduler skips what others hold), and only then are the clocks read
that are due. Everything that follows from a batch is written with a handful of statements in the caller's transaction.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select, update

from hotline.casework.tickets import assist_clocks, circular_drafts, clocks, digests, notices, order_drafts, timeline
from hotline.casework.tickets.ladder_plan import event_key, step_row, timing_of
from hotline.context import Context
from hotline.models.database.bulk import insert_rows, update_rows
from hotline.models.database.session import keys_of
from hotline.models.deadlines.clocks import Clock, Escalation
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.timeline import TimelineEntry
from hotline.rules.actors import SYSTEM
from hotline.rules.deadlines.ladder import CIRCULAR, ORDER, RED, STEP_LABELS, Fired
from hotline.rules.messages.digest import DIGESTED
from hotline.rules.tickets.states import is_unsigned
from hotline.rules.vocabulary import UNIT_CLOCKS, Audience, ClockKind

BATCH = 500
PUSHED_BY = timedelta(hours=1)
TICKET_COLUMNS = (
    Ticket.id,
    Ticket.number,
    Ticket.urgency,
    Ticket.difficulty,
    Ticket.round,
    Ticket.state,
    Ticket.lead_unit_id,
    Ticket.desk_path,
    Ticket.due_at,
    Ticket.due_kind,
    Ticket.step,
    Ticket.unsigned_late,
    Ticket.timeline_length,
    Ticket.timeline_head,
)
TICKET_WRITES = ("step", "unsigned_late", "timeline_length", "timeline_head")
CLOCK_COLUMNS = (
    Clock.id,
    Clock.kind,
    Clock.ticket_id,
    Clock.task_id,
    Clock.order_id,
    Clock.round,
    Clock.unit_id,
    Clock.unit_path,
    Clock.started_at,
    Clock.days,
    Clock.limit_text,
    Clock.rules_version,
    Clock.due_at,
    Clock.step,
    Clock.next_step_at,
)
CLOCK_WRITES = ("step", "next_step_at")


def catch_up(ctx: Context, ticket: Ticket) -> None:
    """What the ladder owes this (locked) ticket, before somebody acts on it: a scheduler that was off changes nothing.

    Until nothing is owed: a step may start a clock that has steps behind it itself.
    """
    owed = select(Clock).where(Clock.ticket_id == ticket.id, Clock.next_step_at <= ctx.now)
    while due := ctx.session.scalars(owed).all():
        fire(ctx, due, {ticket.id: ticket})
        ctx.session.flush()


def escalate(ctx: Context) -> int:
    """One batch of the scheduler, the oldest first: how many clocks were claimed and climbed. 0: nothing is left to claim."""
    tickets = _claim_tickets(ctx)
    due = _due_clocks(ctx, tickets)
    fire(ctx, due, tickets)
    update_rows(ctx.session, Clock.__table__, CLOCK_WRITES, due)  # type: ignore[arg-type]
    update_rows(ctx.session, Ticket.__table__, TICKET_WRITES, list(tickets.values()))  # type: ignore[arg-type]
    return len(due)


def push_ahead(ctx: Context, clock_id: int) -> None:
    """A clock that cannot be climbed is looked at again in an hour and stops nobody else meanwhile."""
    later = update(Clock).where(Clock.id == clock_id, Clock.next_step_at <= ctx.now)
    ctx.session.execute(later.values(next_step_at=ctx.now + PUSHED_BY))


def due_clock_ids(ctx: Context) -> list[int]:
    """The clocks of tickets that have a step to climb, the oldest first."""
    query = select(Clock.id).where(Clock.next_step_at <= ctx.now, Clock.ticket_id.is_not(None))
    return list(ctx.session.scalars(query.order_by(Clock.next_step_at, Clock.id).limit(BATCH)))


def escalate_one(ctx: Context, clock_id: int) -> None:
    """The same for a single clock, whose ticket is waited for."""
    query = select(Ticket).join(Clock, Clock.ticket_id == Ticket.id).where(Clock.id == clock_id)
    ticket = ctx.session.scalars(query.with_for_update(of=Ticket)).one()
    catch_up(ctx, ticket)


def _claim_tickets(ctx: Context) -> dict[int, SimpleNamespace]:
    query = select(*TICKET_COLUMNS).join(Clock, Clock.ticket_id == Ticket.id).where(Clock.next_step_at <= ctx.now)
    query = query.order_by(Clock.next_step_at, Clock.id).limit(BATCH).with_for_update(of=Ticket, skip_locked=True)
    return {row.id: SimpleNamespace(**row._mapping) for row in ctx.session.execute(query)}


def _due_clocks(ctx: Context, tickets: Mapping[int, Any]) -> list[Any]:
    # Read after the tickets are locked: what another process has just climbed is not due any more.
    query = select(*CLOCK_COLUMNS).where(Clock.ticket_id.in_(tickets), Clock.next_step_at <= ctx.now)
    return [
        SimpleNamespace(**row._mapping) for row in ctx.session.execute(query.order_by(Clock.next_step_at, Clock.id))
    ]


def fire(ctx: Context, due: Sequence[Any], tickets: Mapping[int, Any]) -> None:
    """Climbs every step that these clocks have reached by `now`; the tickets are locked by the caller."""
    if not due:
        return
    batch = _Batch(ctx)
    for clock in due:
        batch.climb(clock, tickets[clock.ticket_id])
    batch.write()


class _Batch:
    """The rows that follow from a batch of clocks, gathered and then written together."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.keys, self.directory = keys_of(ctx.session), notices.Directory.read(ctx.session)
        self.escalations: list[dict[str, Any]] = []
        self.lines: list[dict[str, Any]] = []
        self.notices: list[dict[str, Any]] = []
        self.clocks: list[dict[str, Any]] = []
        self.orders: list[tuple[Any, Any, datetime]] = []
        self.circulars: list[tuple[Any, Any, datetime]] = []
        self.begun: list[tuple[dict[str, Any], Any]] = []
        self.digests: digests.Climbed = {}
        self._people: dict[tuple[Any, ...], tuple[set[int], set[int]]] = {}

    def climb(self, clock: Any, ticket: Any) -> None:
        timing = timing_of(clock)
        ladder = self.ctx.rules.began_by(clock.rules_version).ladder
        fired, following = ladder.due_steps(timing, self.ctx.now, self.ctx.rules.calendar)
        for step in fired:
            self._record(clock, ticket, step)
            EFFECTS.get((clock.kind, step.step), _nothing)(self, clock, ticket, step)
            if step.step == ORDER:
                self.orders.append((clock, ticket, step.at))
            elif step.step == CIRCULAR:
                self.circulars.append((clock, ticket, step.at))
        clock.next_step_at = following
        if fired:
            clock.step = fired[-1].step
            if (ticket.due_at, ticket.due_kind) == (clock.due_at, clock.kind):
                ticket.step = clock.step

    def _record(self, clock: Any, ticket: Any, fired: Fired) -> None:
        self.escalations.append(step_row(clock, fired, self.ctx.now))
        if fired.passed_over:
            return
        data = {"clock": str(clock.kind), "step": fired.step, "due_at": clock.due_at.isoformat()}
        audience = Audience.UNIT if clock.kind in UNIT_CLOCKS else Audience.CENTRE
        self.add_line(ticket, "escalated", fired.at, audience, data)
        notice_data = {"number": ticket.number, **data, "label": f"{clock.kind.label}{STEP_LABELS[fired.step]}"}
        event = notices.Event(event_key(clock, fired.step), "escalated", fired.at, notice_data)
        self._tell(clock, ticket, event, fired)

    def add_line(self, ticket: Any, entry: str, at: datetime, audience: Audience, data: dict[str, Any]) -> None:
        line = timeline.next_line(self.ctx.by(SYSTEM), self.keys, ticket, entry, at=at, audience=audience, data=data)
        self.lines.append(line)

    def _tell(self, clock: Any, ticket: Any, event: notices.Event, fired: Fired) -> None:
        """Each by a notice of its own; who watches over all units by digests, unless the matter is urgent."""
        people, watching = self._people_for(clock, fired.step)
        if ticket.urgency.is_urgent:
            people = people | watching
        elif watching:
            self.digests[clock.unit_id, fired.step] = (fired.at, watching)
        self.notices += notices.build_rows(self.ctx, people, ticket, event)

    def _people_for(self, clock: Any, step: int) -> tuple[set[int], set[int]]:
        """(who is told of each clock, who is told by digests only)."""
        key = (clock.kind, step, clock.unit_path)
        if key not in self._people:
            unit_roles, centre_roles = self.ctx.rules.ladder.recipients(clock.kind, step)
            roles = unit_roles | centre_roles
            people = self.directory.people(roles - DIGESTED, clock.unit_path)
            self._people[key] = people, self.directory.people(roles & DIGESTED, None) - people
        return self._people[key]

    def write(self) -> None:
        if self.orders:
            self.clocks += order_drafts.draft_orders(self.ctx, self.orders, self.add_line)
        if self.circulars:
            circular_drafts.draft_circulars(self.ctx, self.circulars, self.add_line)
        if self.begun:
            tasks = assist_clocks.open_tasks(self.ctx.session, [ticket.id for _, ticket in self.begun])
            self.clocks += assist_clocks.rows_under(self.begun, tasks, self.ctx.rules)
        self.ctx.session.flush()
        for table, rows in ((Escalation, self.escalations), (Clock, self.clocks), (TimelineEntry, self.lines)):
            insert_rows(self.ctx.session, table.__table__, rows)  # type: ignore[arg-type]
        notices.enqueue(self.ctx.session, self.notices)
        digests.write(self.ctx, self.digests)


Effect = Callable[[_Batch, Any, Any, Fired], None]


def _nothing(batch: _Batch, clock: Any, ticket: Any, fired: Fired) -> None:
    """Most steps only warn."""


def _not_signed(batch: _Batch, clock: Any, ticket: Any, fired: Fired) -> None:
    """Not signing buys no time: the handling clock starts by itself at the sign due (row 10)."""
    if not is_unsigned(ticket.state) or batch.ctx.rules.limits.handle_clock_start == "dispatched":
        return
    if ticket.unsigned_late:  # It runs already: a sign due that moves does not start a second one.
        return
    ticket.unsigned_late = True
    row = clocks.new_row(ticket, ClockKind.HANDLE, clock.due_at, rulebook=batch.ctx.rules)
    batch.clocks.append(row)
    batch.begun.append((row, ticket))
    due_at = row["due_at"].isoformat()
    batch.add_line(ticket, "handle_started_unsigned", fired.at, Audience.UNIT, {"due_at": due_at})


EFFECTS: dict[tuple[ClockKind, int], Effect] = {(ClockKind.SIGN, RED): _not_signed}
