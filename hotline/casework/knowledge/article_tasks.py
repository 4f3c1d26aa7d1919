"""Tasks of the knowledge base: opened once, with a clock of their own, and closed when what they ask for was done."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.knowledge.article_escalation import catch_up
from hotline.casework.tickets import clocks
from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.deadlines.clocks import Clock
from hotline.models.knowledge.article_tasks import ArticleTask
from hotline.rules.deadlines.lateness import ends_late
from hotline.rules.knowledge.freshness import CLOCKS, TaskKind
from hotline.rules.rulebook import Rulebook
from hotline.rules.vocabulary import ClockKind

Place = tuple[int, str] | None
"""(id, path) of the unit that owns what the task is about; None where no unit is to hear of it."""


def place_of(session: Session, code: str) -> Place:
    """The unit of this code."""
    row = session.execute(select(Unit.id, Unit.path).where(Unit.code == code)).one_or_none()
    return (row.id, row.path) if row else None


def clock_row(
    task: ArticleTask, kind: ClockKind, started_at: datetime, place: Place, *, rulebook: Rulebook
) -> dict[str, Any]:
    """The columns of a clock of this task: due on the task's day where it has one, else by the limit of its kind."""
    if task.due_on is None:
        limit = rulebook.limits.plain[kind]
        due, days, text = limit.due(started_at, rulebook.calendar), limit.days, limit.text()
    else:
        due = rulebook.freshness.due(task.due_on, started_at, rulebook.calendar)
        days = rulebook.calendar.remaining_working_days(started_at, due.at)
        text = f"至{task.due_on}"
    timed = clocks.timed(clocks.Deadline(kind, started_at, due, days, text), rulebook=rulebook)
    unit_id, unit_path = place or (None, None)
    return {**timed, "task_id": task.id, "round": 1, "unit_id": unit_id, "unit_path": unit_path}


def open_task(
    ctx: Context,
    kind: TaskKind,
    key: str,
    name: str,
    title: str,
    place: Place,
    **of: int,
) -> ArticleTask:
    """A task that begins now, with its first clock; `of` names the policy, or the error and its article."""
    task = ArticleTask(kind=kind, key=key, name=name, title=title, opened_at=ctx.now, **of)
    ctx.session.add(task)
    ctx.session.flush()
    ctx.session.add(Clock(**clock_row(task, CLOCKS[kind], ctx.now, place, rulebook=ctx.rules)))
    ctx.session.flush()
    return task


def locked(session: Session, **of: int) -> ArticleTask:
    """The task of a policy or of an error, held until the transaction ends."""
    return session.scalars(select(ArticleTask).filter_by(**of).with_for_update()).one()


def open_of(session: Session, article_id: int, *kinds: TaskKind) -> list[ArticleTask]:
    """The open tasks of these kinds of an article, held until the transaction ends."""
    query = select(ArticleTask).where(ArticleTask.article_id == article_id, ArticleTask.closed_at.is_(None))
    query = query.where(ArticleTask.kind.in_(kinds)).order_by(ArticleTask.id)
    return list(session.scalars(query.with_for_update()))


def meet(ctx: Context, task: ArticleTask, at: datetime) -> None:
    """The running clock of a locked task was met at this instant: late when that came after the due, for good.

    What the ladder owed until then is recorded first: a scheduler that was off changes nothing.
    """
    catch_up(ctx, task, until=at)
    for clock in ctx.session.scalars(select(Clock).where(Clock.task_id == task.id, Clock.stopped_at.is_(None))):
        clock.late, clock.next_step_at = ends_late(clock, at), None
        clock.stopped_at = clock.met_at = at
    ctx.session.flush()


def close(ctx: Context, tasks: Iterable[ArticleTask], at: datetime) -> None:
    """Done: the clocks are met, and nothing is left to do."""
    for task in tasks:
        meet(ctx, task, max(at, task.opened_at))
        task.closed_at = ctx.now
    ctx.session.flush()
