"""What a changed calendar does to the clocks of the knowledge base; there is no timeline to write it on."""

from typing import Any

from sqlalchemy import ColumnElement, select

from hotline.casework.tickets import clocks
from hotline.context import Context
from hotline.models.database.bulk import insert_rows
from hotline.models.deadlines.clocks import Clock, Escalation
from hotline.models.knowledge.article_tasks import ArticleTask
from hotline.rules.deadlines.ladder import NOTICE, RED, YELLOW
from hotline.rules.deadlines.lateness import has_come
from hotline.rules.deadlines.working_calendar import Due
from hotline.rules.rulebook import Rulebook

Touched = tuple[ColumnElement[bool], ...]


def would_move(ctx: Context, touched: Touched) -> list[tuple[Clock, str, Due]]:
    """The running clocks whose due these rules would move, or make exact: with what each is about, and its new due."""
    found = ((clock, task, _moves(clock, task, ctx.rules)) for clock, task in ctx.session.execute(_running(touched)))
    return [(clock, task.title, due) for clock, task, due in found if due is not None]


def recount(ctx: Context, touched: Touched) -> int:
    """Moves them, and plans anew what waited for its year; answers how many moved."""
    moved, passed = 0, list[dict[str, Any]]()
    for clock, task in ctx.session.execute(_running(touched).with_for_update(of=ArticleTask)):
        due = _moves(clock, task, ctx.rules)
        if due is not None:
            moved += 1
            _move(ctx, clock, task, due, passed)
        elif clock.next_step_at is None and not clock.provisional and clock.step < RED:
            clocks.plan(clock, rulebook=ctx.rules)
    ctx.session.flush()
    insert_rows(ctx.session, Escalation.__table__, passed)  # type: ignore[arg-type]
    return moved


def _running(touched: Touched) -> Any:
    query = select(Clock, ArticleTask).join(ArticleTask, ArticleTask.id == Clock.task_id)
    return query.where(Clock.stopped_at.is_(None), *touched).order_by(ArticleTask.id)


def _moves(clock: Clock, task: ArticleTask, rulebook: Rulebook) -> Due | None:
    if task.due_on is None:
        due = rulebook.calendar.due(clock.started_at, clock.days or 1)
    else:
        due = rulebook.freshness.due(task.due_on, clock.started_at, rulebook.calendar)
    return due if (due.at, due.provisional) != (clock.due_at, clock.provisional) else None


def _move(ctx: Context, clock: Clock, task: ArticleTask, due: Due, passed: list[dict[str, Any]]) -> None:
    """What was provisional and turns out to be past goes red at once; the earlier steps are passed over."""
    was_provisional = clock.provisional
    if clock.first_due_at == clock.due_at:
        clock.first_due_at = due.at
    clock.due_at, clock.provisional = due.at, due.provisional
    if task.due_on is not None:
        clock.days = ctx.rules.calendar.remaining_working_days(clock.started_at, due.at)
    if was_provisional and not due.provisional and has_come(due.at, ctx.now):
        for step in (NOTICE, YELLOW):
            if clock.step < step:
                row = {"clock_id": clock.id, "task_id": clock.task_id, "step": step, "round": clock.round}
                passed.append({**row, "at": due.at, "recorded_at": ctx.now, "passed_over": True})
                clock.step = step
    clocks.plan(clock, rulebook=ctx.rules)
