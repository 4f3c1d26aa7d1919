"""Tracked items 挂账: opened with a passed result that only promises, noted monthly, reported, asked about again, struck off."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.tickets import clocks, false_completion, notices, order_drafts, timeline
from hotline.casework.tickets.access import open_for
from hotline.context import Context
from hotline.models.accounts.role_holders import is_held
from hotline.models.accounts.units import Unit
from hotline.models.handling.requests import Request
from hotline.models.handling.tracked import IS_OPEN_ITEM, TrackedItem, TrackedNote
from hotline.models.tickets.result_authors import result_authors
from hotline.models.tickets.tickets import Result, Ticket
from hotline.rules.actors import SYSTEM
from hotline.rules.call_backs.call_back import Attempt, is_unreachable
from hotline.rules.deadlines.time_limits import Limit
from hotline.rules.handling.tracking import CONSENT, STEPS, TrackNote, TrackState, check_step
from hotline.rules.messages.recipients import REVIEWERS, UNIT_DESK
from hotline.rules.permissions import check_not_own_work
from hotline.rules.refusals import ConditionUnmet, RoleMissing, UnknownThing
from hotline.rules.rulebook import Rulebook
from hotline.rules.vocabulary import Audience, ClockKind, RequestState, ResultKind, Role

CLOCKS = (ClockKind.TRACK, ClockKind.TRACK_NOTE, ClockKind.TRACK_CHECK)


def check_consent(ctx: Context, ticket: Ticket, kind: ResultKind) -> None:
    """Refuses `ConditionUnmet` for a promise without a supervisor's consent in this round, or whose day has come."""
    if kind not in CONSENT:
        return
    consent = _consent(ctx.session, ticket, kind)
    if consent is None:
        raise ConditionUnmet(f"“{kind.label}”须先提出申请，经督办员同意后才能提交")
    if _days(_promised_on(consent), ctx.now, ctx.rules) < 1:
        raise ConditionUnmet("承诺的日期已到，请按实际结果提交，或者重新申请")


def _consent(session: Session, ticket: Ticket, kind: ResultKind) -> Request | None:
    query = select(Request).where(
        Request.ticket_id == ticket.id,
        Request.round == ticket.round,
        Request.kind == CONSENT[kind],
        Request.state == RequestState.APPROVED,
    )
    return session.scalars(query.order_by(Request.id.desc()).limit(1)).first()


def _promised_on(consent: Request) -> date:
    return date.fromisoformat(consent.details["until"])


def _days(on: date, start: datetime, rulebook: Rulebook) -> int:
    return rulebook.calendar.remaining_working_days(start, rulebook.calendar.close(on))


def open_item(ctx: Context, ticket: Ticket, result: Result) -> None:
    """The round has ended with a promise: its clock runs from the submission to the last working day that was promised.

    It is counted in working days, so that a corrected calendar moves it as it moves every due.
    """
    consent, begun_at = _consent(ctx.session, ticket, result.kind), result.submitted_at
    assert consent is not None and begun_at is not None and ticket.lead_unit_id is not None
    on = _promised_on(consent)
    item = TrackedItem(ticket_id=ticket.id, unit_id=ticket.lead_unit_id, round=ticket.round, kind=result.kind)
    item.promised_on, item.body, item.consented_by = on, consent.details.get("body"), consent.decided_by
    item.state, item.opened_at = TrackState.OPEN, ctx.now
    ctx.session.add(item)
    ctx.session.flush()
    limit = Limit(days=_days(on, begun_at, ctx.rules))
    clocks.start(ctx, ticket, ClockKind.TRACK, begun_at, limit=limit, tracked_item_id=item.id)
    clocks.start(ctx, ticket, ClockKind.TRACK_NOTE, begun_at, tracked_item_id=item.id)
    public = Audience.PUBLIC
    data: dict[str, Any] = {"result": str(item.kind), "until": on.isoformat(), "body": item.body}
    timeline.write(ctx.by(SYSTEM), ticket, "tracked", audience=public, **data)
    event = f"tracked:{item.id}"
    notices.notify(ctx, ticket, event, "tracked", UNIT_DESK, number=ticket.number, **data)
    notices.tell_enterprise(ctx, ticket, event, "tracked", **data)


def open_item_of(session: Session, ticket: Ticket) -> TrackedItem | None:
    """What is still owed on this ticket."""
    return session.scalar(select(TrackedItem).where(TrackedItem.ticket_id == ticket.id, IS_OPEN_ITEM))


def lapse(ctx: Context, ticket: Ticket) -> None:
    """A new round takes the place of what was promised: its own clock runs, and the promise buys no time."""
    item = open_item_of(ctx.session, ticket)
    if item is not None:
        item.state, item.ended_at = TrackState.LAPSED, ctx.now
        clocks.end(ctx, ticket, *CLOCKS)
        timeline.write(ctx, ticket, "track_lapsed")


@dataclass(frozen=True)
class At:
    """A running item in the state that the step begins in, with all that its consequences need."""

    ctx: Context
    ticket: Ticket
    item: TrackedItem

    def note(self, what: TrackNote, text: str, connected: bool | None = None, done: bool | None = None) -> None:
        assert self.ctx.actor.staff_id is not None
        row = TrackedNote(item_id=self.item.id, what=what, at=self.ctx.now, by=self.ctx.actor.staff_id, text=text)
        row.connected, row.done = connected, done
        self.ctx.session.add(row)
        self.ctx.session.flush()

    def start(self, kind: ClockKind) -> None:
        unit = self.ctx.session.get_one(Unit, self.item.unit_id)
        owing = (unit.id, unit.path)
        clocks.start(self.ctx, self.ticket, kind, self.ctx.now, unit=owing, tracked_item_id=self.item.id)

    def stop(self, *kinds: ClockKind) -> None:
        clocks.stop(self.ctx, self.ticket, *kinds, tracked_item_id=self.item.id)

    def write(self, entry: str, audience: Audience, **data: Any) -> None:
        timeline.write(self.ctx, self.ticket, entry, audience=audience, **data)

    def tell(self, kind: str, roles: frozenset[Role]) -> None:
        event, number = f"tracked:{self.item.id}:{kind}:{self.ticket.timeline_length}", self.ticket.number
        notices.notify(self.ctx, self.ticket, event, kind, roles, number=number)


def _open(ctx: Context, number: str, item_id: int, step: str) -> At:
    ticket = open_for(ctx, number, STEPS[step].action)
    item = ctx.session.scalar(select(TrackedItem).where(TrackedItem.id == item_id, TrackedItem.ticket_id == ticket.id))
    if item is None:
        raise UnknownThing("这个挂账事项")
    check_step(item.state, step)
    return At(ctx, ticket, item)


@dataclass(frozen=True, slots=True)
class TrackWords:
    item: int
    text: str


def note(ctx: Context, number: str, given: TrackWords) -> Ticket:
    """How far it has come, in words that the enterprise reads; the next note is due a month from now."""
    at = _open(ctx, number, given.item, "note")
    at.note(TrackNote.NOTE, given.text)
    at.stop(ClockKind.TRACK_NOTE)
    at.start(ClockKind.TRACK_NOTE)
    at.write("track_noted", Audience.PUBLIC, text=given.text)
    return at.ticket


def report(ctx: Context, number: str, given: TrackWords) -> Ticket:
    """The unit's leader says that it is done: met for now, until the centre has asked the enterprise.

    Where the unit has no leader, a supervisor does.
    """
    at = _open(ctx, number, given.item, "report")
    if Role.LEADER not in ctx.actor.roles and is_held(ctx.session, {Role.LEADER}, at.item.unit_id):
        raise RoleMissing(STEPS["report"].action.label, "承办单位的单位负责人")
    at.note(TrackNote.REPORT, given.text)
    at.item.state = TrackState.CHECKING
    at.stop(ClockKind.TRACK, ClockKind.TRACK_NOTE)
    at.start(ClockKind.TRACK_CHECK)
    at.write("track_reported", Audience.UNIT, text=given.text)
    at.tell("track_reported", REVIEWERS)
    return at.ticket


@dataclass(frozen=True, slots=True)
class TrackCheck:
    """One call of the centre; `done` only when somebody was reached, `untrue` only when not done (the form sees to it)."""

    item: int
    connected: bool
    text: str
    done: bool | None = None
    untrue: bool = False


def check(ctx: Context, number: str, given: TrackCheck) -> Ticket:
    """The second call-back: done strikes the item off; not done, the same clock goes on and a supervision order is drafted.

    Three calls without an answer, on at least two days, end it as unreached. Refuses `OwnWork` to whoever worked on it.
    """
    at = _open(ctx, number, given.item, "check")
    notes = list(
        ctx.session.scalars(select(TrackedNote).where(TrackedNote.item_id == at.item.id).order_by(TrackedNote.id))
    )
    check_not_own_work(ctx.actor, at.ticket.desk_path, _workers(at, notes), "销账回访")
    at.note(TrackNote.CHECK, given.text, given.connected, given.done)
    at.write("track_checked", Audience.CENTRE, connected=given.connected, done=given.done, text=given.text)
    if not given.connected:
        if is_unreachable([*_attempts(notes), Attempt(ctx.now, connected=False)], ctx.rules.limits):
            _end(at, TrackState.UNREACHED)
    elif given.done:
        _end(at, TrackState.STRUCK_OFF)
    else:
        if given.untrue:
            false_completion.mark(ctx, at.ticket)
        _go_on(at)
    return at.ticket


def _workers(at: At, notes: list[TrackedNote]) -> set[int | None]:
    return result_authors(at.ctx.session, at.ticket) | {row.by for row in notes if row.what is not TrackNote.CHECK}


def _attempts(notes: list[TrackedNote]) -> list[Attempt]:
    """The calls since the last report."""
    reported = max(index for index, row in enumerate(notes) if row.what is TrackNote.REPORT)
    return [Attempt(row.at, bool(row.connected)) for row in notes[reported + 1 :]]


def _end(at: At, state: TrackState) -> None:
    at.item.state, at.item.ended_at = state, at.ctx.now
    at.stop(ClockKind.TRACK_CHECK)
    at.write("track_ended", Audience.PUBLIC, state=str(state))
    event, kind = f"tracked:{at.item.id}:ended", "track_ended"
    notices.tell_enterprise(at.ctx, at.ticket, event, kind, state=str(state))


def _go_on(at: At) -> None:
    at.item.state = TrackState.OPEN
    at.stop(ClockKind.TRACK_CHECK)
    promise = clocks.latest(at.ctx.session, at.ticket, ClockKind.TRACK)
    assert promise is not None
    clocks.restart(at.ctx, at.ticket, promise)
    at.start(ClockKind.TRACK_NOTE)
    order_drafts.draft_order(at.ctx, at.ticket, "tracked")
    at.tell("track_returned", UNIT_DESK)
