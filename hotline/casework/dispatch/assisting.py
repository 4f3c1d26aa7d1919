"""Assisting units: each has a task with its own clock and desk; the lead unit answers to the enterprise."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.tickets import assist_clocks, clocks, notices, secrecy_guard, timeline, units
from hotline.casework.tickets.access import open_for
from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.handling.assists import Assist
from hotline.models.tickets.tickets import Ticket
from hotline.rules.deadlines.time_limits import Limit
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.handling.assisting import AssistState
from hotline.rules.messages.recipients import RESULT_AUTHORS, UNIT_DESK
from hotline.rules.refusals import ConditionUnmet, Duplicate, InvalidInput, UnknownThing
from hotline.rules.vocabulary import Action, ClockKind


@dataclass(frozen=True, slots=True)
class AssistGiven:
    unit: str
    task: str


def open_task(ctx: Context, ticket: Ticket, code: str, pointer: str, today: date, *, task: str | None) -> Assist:
    """A task for this unit, without its clock; refuses the lead unit, a unit twice, and the target of a report."""
    unit = units.unit_by_code(ctx.session, code, pointer, today)
    secrecy_guard.check(ctx.session, ticket, unit)
    if unit.id == ticket.lead_unit_id:
        raise InvalidInput({pointer: "牵头单位不能同时是协办单位"})
    taken = select(Assist.id).where(
        Assist.ticket_id == ticket.id, Assist.unit_id == unit.id, Assist.state == AssistState.OPEN
    )
    if ctx.session.scalar(taken) is not None:
        raise Duplicate(f"{unit.name}的协办任务")
    row = Assist(ticket_id=ticket.id, round=ticket.round, unit_id=unit.id, unit_path=unit.path, task=task, reply=None)
    row.state, row.asked_by, row.asked_at = AssistState.OPEN, ctx.actor.staff_id, ctx.now
    ctx.session.add(row)
    ctx.session.flush()
    return row


def tell_unit(ctx: Context, ticket: Ticket, row: Assist) -> None:
    """The assisting unit's people hear of their task."""
    people = notices.Directory.read(ctx.session).people(UNIT_DESK, row.unit_path)
    event = notices.Event(f"assist:{row.id}", "assist_asked", ctx.now, {"number": ticket.number})
    notice_rows = notices.build_rows(ctx, people, ticket, event)
    notices.enqueue(ctx.session, notice_rows)


def add_assist(ctx: Context, number: str, given: AssistGiven) -> Ticket:
    """One more assisting unit; under a running handling clock its own clock starts now."""
    ticket = open_for(ctx, number, Action.ADD_ASSIST)
    today = local(ctx.now).date()
    row = open_task(ctx, ticket, given.unit, "/unit", today, task=given.task)
    handle = next(iter(clocks.running(ctx.session, ticket, ClockKind.HANDLE)), None)
    if handle is not None:
        days = max(1, ctx.rules.calendar.remaining_working_days(ctx.now, handle.due_at) - 1)
        unit, kind = (row.unit_id, row.unit_path), ClockKind.ASSIST
        clocks.start(ctx, ticket, kind, ctx.now, unit=unit, limit=Limit(days=days), assist_id=row.id)
    name = ctx.session.get_one(Unit, row.unit_id).name
    timeline.write(ctx, ticket, "assist_asked", unit=name, task=given.task)
    tell_unit(ctx, ticket, row)
    return ticket


@dataclass(frozen=True, slots=True)
class AssistStep:
    """`assist` is the id of the task; `text` its reply, or the reason for waiving it."""

    assist: int
    text: str


def _task(session: Session, ticket: Ticket, assist_id: int) -> Assist:
    row = session.scalar(select(Assist).where(Assist.id == assist_id, Assist.ticket_id == ticket.id))
    if row is None:
        raise UnknownThing("这项协办任务")
    if row.state is not AssistState.OPEN:
        raise ConditionUnmet(f"这项协办任务{row.state.label}")
    return row


def reply_assist(ctx: Context, number: str, given: AssistStep) -> Ticket:
    """The assisting unit answers; a late answer is counted against it, not against the lead unit."""

    def desk(ticket: Ticket) -> str | None:
        row = ctx.session.scalar(select(Assist).where(Assist.id == given.assist, Assist.ticket_id == ticket.id))
        return row.unit_path if row else None

    ticket = open_for(ctx, number, Action.REPLY_ASSIST, desk=desk)
    row = _task(ctx.session, ticket, given.assist)
    row.reply = given.text
    _finish(ctx, ticket, row, AssistState.REPLIED)
    event = f"assist:{row.id}:replied"
    kind = "assist_replied"
    notices.notify(ctx, ticket, event, kind, RESULT_AUTHORS, number=ticket.number)
    return ticket


def waive_assist(ctx: Context, number: str, given: AssistStep) -> Ticket:
    """The lead unit's leader, or the centre, does without the task, and says why."""
    ticket = open_for(ctx, number, Action.WAIVE_ASSIST)
    row = _task(ctx.session, ticket, given.assist)
    row.reason = given.text
    _finish(ctx, ticket, row, AssistState.WAIVED)
    return ticket


def _finish(ctx: Context, ticket: Ticket, row: Assist, state: AssistState) -> None:
    row.state, row.ended_by, row.ended_at = state, ctx.actor.staff_id, ctx.now
    clocks.stop(ctx, ticket, ClockKind.ASSIST, assist_id=row.id)
    name, text = ctx.session.get_one(Unit, row.unit_id).name, row.reply or row.reason
    timeline.write(ctx, ticket, f"assist_{state}", unit=name, text=text)


def end_of_units(ctx: Context, ticket: Ticket, paths: tuple[str, ...]) -> None:
    """End the open assisting tasks of these units."""
    for row in assist_clocks.open_tasks(ctx.session, [ticket.id]):
        if row.unit_path.startswith(paths):
            row.state, row.ended_at = AssistState.ENDED, ctx.now
            clocks.end(ctx, ticket, ClockKind.ASSIST, assist_id=row.id)


def end_all(ctx: Context, ticket: Ticket) -> None:
    """The dispatch is over: what was asked of others is not asked any more."""
    for row in assist_clocks.open_tasks(ctx.session, [ticket.id]):
        row.state, row.ended_at = AssistState.ENDED, ctx.now
    clocks.end(ctx, ticket, ClockKind.ASSIST)
