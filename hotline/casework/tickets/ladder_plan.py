"""When the ladder has to look at a clock again, and what a due that moves does to the steps that it has climbed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.models.deadlines.clocks import Clock, Escalation
from hotline.rules.deadlines.ladder import RED, Fired, Timing
from hotline.rules.deadlines.time_limits import counts_minutes
from hotline.rules.rulebook import Rulebook


def timing_of(clock: Any) -> Timing:
    """Return what the ladder asks of a clock; a limit of one working day and less is short."""
    short, on_the_wall = clock.days is None or clock.days <= 1, counts_minutes(clock.days, clock.limit_text)
    return Timing(clock.kind, clock.started_at, clock.due_at, short, clock.step, on_the_wall)


def plan(clock: Any, *, rulebook: Rulebook) -> None:
    """Set when the ladder has to look at this clock again; the steps up to `clock.step` are behind it."""
    clock.next_step_at = None
    if not clock.provisional and clock.stopped_at is None and clock.paused_at is None:
        ladder = rulebook.began_by(clock.rules_version).ladder
        clock.next_step_at = ladder.first_instant(timing_of(clock), rulebook.calendar)


def step_row(clock: Any, fired: Fired, recorded_at: datetime) -> dict[str, Any]:
    """The columns of a step that a clock has climbed by the due that it has now."""
    return {
        "clock_id": clock.id,
        "ticket_id": clock.ticket_id,
        "task_id": clock.task_id,
        "step": fired.step,
        "due_at": clock.due_at,
        "round": clock.round,
        "at": fired.at,
        "recorded_at": recorded_at,
        "passed_over": fired.passed_over,
    }


def event_key(clock: Any, step: int) -> str:
    """Return the key by which people are told of a step once for each due."""
    return f"clock:{clock.id}:{step}:{clock.due_at.astimezone(UTC).isoformat()}"


def recorded_steps(session: Session, *of: ColumnElement[bool]) -> dict[int, int]:
    """Return clock -> the last step recorded for the due that the clock has now, where there is one."""
    query = select(Escalation.clock_id, func.max(Escalation.step).label("step")).join(
        Clock, Clock.id == Escalation.clock_id
    )
    query = query.where(Escalation.due_at == Clock.due_at, *of).group_by(Escalation.clock_id)
    return {row.clock_id: row.step for row in session.execute(query)}


def rearm(ctx: Context, moved: Iterable[Any], recorded: Mapping[int, int]) -> list[dict[str, Any]]:
    """Put clocks on the step that they stand on by their new due, and return the rows of what is behind them.

    Steps whose instant by the new due lies ahead fire again; those behind it are recorded for this due, and nobody is told
    twice. A due that the clock had before has its steps `recorded` already.
    """
    rows: list[dict[str, Any]] = []
    for clock in moved:
        last = recorded.get(clock.id, -1)
        behind = _behind(ctx, clock) if clock.step >= 0 else ()
        carried = [Fired(fired.step, fired.at, passed_over=True) for fired in behind if fired.step > last]
        rows += [step_row(clock, fired, ctx.now) for fired in carried]
        clock.step = carried[-1].step if carried else last
    return rows


def _behind(ctx: Context, clock: Any) -> Sequence[Fired]:
    ladder = ctx.rules.began_by(clock.rules_version).ladder
    return ladder.behind(timing_of(clock), ctx.now, ctx.rules.calendar)


def pass_over(ctx: Context, clock: Any) -> list[dict[str, Any]]:
    """A due that turned exact and is past already goes red at once: its earlier steps are recorded, and nobody is told."""
    steps = range(clock.step + 1, RED)
    clock.step = max(clock.step, RED - 1)
    return [step_row(clock, Fired(step, clock.due_at, passed_over=True), ctx.now) for step in steps]


def rearm_clock(ctx: Context, clock: Clock) -> None:
    """The same for one clock whose due was moved in this session; plans its next step."""
    ctx.session.flush()
    recorded = recorded_steps(ctx.session, Escalation.clock_id == clock.id)
    ctx.session.add_all(Escalation(**row) for row in rearm(ctx, [clock], recorded))
    plan(clock, rulebook=ctx.rules)
    ctx.session.flush()
