"""The ladder for what the knowledge base owes: the same steps at the same instants, with a task in place of a ticket.

The row of the task is the lock, as the ticket's is. There is no timeline and there are no orders: steps 0 to 2 tell people.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from hotline.casework.tickets import notices
from hotline.casework.tickets.ladder_plan import event_key, step_row, timing_of
from hotline.context import Context
from hotline.models.database.bulk import insert_rows
from hotline.models.deadlines.clocks import Clock, Escalation
from hotline.models.knowledge.article_tasks import ArticleTask
from hotline.rules.deadlines.ladder import STEP_LABELS, Fired

BATCH = 500


def escalate(ctx: Context) -> int:
    """One batch, the oldest first: how many clocks climbed. What others hold is passed by; 0: nothing is left to claim."""
    query = select(ArticleTask).join(Clock, Clock.task_id == ArticleTask.id).where(Clock.next_step_at <= ctx.now)
    query = query.order_by(Clock.next_step_at, Clock.id).limit(BATCH)
    tasks = {task.id: task for task in ctx.session.scalars(query.with_for_update(of=ArticleTask, skip_locked=True))}
    # Read after the tasks are locked: what another process has just climbed is not due any more.
    due = ctx.session.scalars(_due(ctx.now).where(Clock.task_id.in_(tasks))).all()
    fire(ctx, due, tasks, until=ctx.now)
    ctx.session.flush()
    return len(due)


def due_clock_ids(ctx: Context) -> list[int]:
    """The clocks of tasks that have a step to climb, the oldest first."""
    query = select(Clock.id).where(Clock.next_step_at <= ctx.now, Clock.task_id.is_not(None))
    return list(ctx.session.scalars(query.order_by(Clock.next_step_at, Clock.id).limit(BATCH)))


def escalate_one(ctx: Context, clock_id: int) -> None:
    """The same for a single clock, whose task is waited for."""
    query = select(ArticleTask).join(Clock, Clock.task_id == ArticleTask.id).where(Clock.id == clock_id)
    task = ctx.session.scalars(query.with_for_update(of=ArticleTask)).one()
    catch_up(ctx, task, until=ctx.now)


def catch_up(ctx: Context, task: ArticleTask, *, until: datetime) -> None:
    """What the ladder owes this (locked) task up to an instant, before somebody acts on it."""
    due = ctx.session.scalars(_due(until).where(Clock.task_id == task.id)).all()
    fire(ctx, due, {task.id: task}, until=until)
    ctx.session.flush()


def _due(now: datetime) -> Any:
    return select(Clock).where(Clock.next_step_at <= now).order_by(Clock.next_step_at, Clock.id)


def fire(ctx: Context, due: Sequence[Clock], tasks: Mapping[int, ArticleTask], *, until: datetime) -> None:
    """Climbs every step that these clocks have reached; the tasks are locked by the caller."""
    if not due:
        return
    directory = notices.Directory.read(ctx.session)
    escalations: list[dict[str, Any]] = []
    notice_rows: list[dict[str, Any]] = []
    for clock in due:
        ladder = ctx.rules.began_by(clock.rules_version).ladder
        fired, clock.next_step_at = ladder.due_steps(timing_of(clock), until, ctx.rules.calendar)
        for step in fired:
            escalations.append(step_row(clock, step, ctx.now))
            if not step.passed_over:
                assert clock.task_id is not None, "only the clocks of tasks are asked for"
                notice_rows += _notice_rows(ctx, directory, clock, tasks[clock.task_id], step)
            clock.step = step.step
    insert_rows(ctx.session, Escalation.__table__, escalations)  # type: ignore[arg-type]
    notices.enqueue(ctx.session, notice_rows)


def _notice_rows(
    ctx: Context, directory: notices.Directory, clock: Clock, task: ArticleTask, fired: Fired
) -> list[dict[str, Any]]:
    unit, centre = ctx.rules.ladder.recipients(clock.kind, fired.step)
    data = {"clock": str(clock.kind), "step": fired.step, "due_at": clock.due_at.isoformat()}
    data["label"] = f"{clock.kind.label}{STEP_LABELS[fired.step]}"
    people = directory.people(unit | centre, clock.unit_path)
    event = notices.Event(event_key(clock, fired.step), "escalated", fired.at, data)
    return notices.of_task(ctx, people, task, event)
