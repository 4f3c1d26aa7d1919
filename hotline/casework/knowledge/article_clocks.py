"""What a changed calendar does to the clocks of the knowledge base; there is no timeline to write it on."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, select

from hotline.casework.tickets import clocks
from hotline.casework.tickets.ladder_plan import pass_over, plan, rearm, recorded_steps
from hotline.context import Context
from hotline.models.database.bulk import insert_rows
from hotline.models.deadlines.clocks import Clock, Escalation
from hotline.models.knowledge.article_tasks import ArticleTask
from hotline.rules.deadlines.ladder import RED
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
    moved, turned_exact = list[Clock](), list[Clock]()
    for clock, task in ctx.session.execute(_running(touched).with_for_update(of=ArticleTask)):
        due = _moves(clock, task, ctx.rules)
        if due is not None:
            turned_exact += [clock] if clock.provisional and not due.provisional else []
            _move(ctx, clock, task, due)
            moved.append(clock)
        elif clock.next_step_at is None and not clock.provisional and clock.step < RED:
            plan(clock, rulebook=ctx.rules)
    ctx.session.flush()
    _arm(ctx, moved, turned_exact)
    return len(moved)


def _arm(ctx: Context, moved: Sequence[Clock], turned_exact: Sequence[Clock]) -> None:
    """Put the moved clocks on their steps; what turned exact and is past goes red at once, its earlier steps passed over."""
    recorded = recorded_steps(ctx.session, Escalation.task_id.is_not(None), Clock.stopped_at.is_(None)) if moved else {}
    rows = rearm(ctx, moved, recorded)
    for clock in turned_exact:
        if has_come(clock.due_at, ctx.now):
            rows += pass_over(ctx, clock)
    for clock in moved:
        plan(clock, rulebook=ctx.rules)
    ctx.session.flush()
    insert_rows(ctx.session, Escalation.__table__, rows)  # type: ignore[arg-type]


def _running(touched: Touched) -> Any:
    query = select(Clock, ArticleTask).join(ArticleTask, ArticleTask.id == Clock.task_id)
    return query.where(Clock.stopped_at.is_(None), *touched).order_by(ArticleTask.id)


def _moves(clock: Clock, task: ArticleTask, rulebook: Rulebook) -> Due | None:
    if task.due_on is None:
        due = rulebook.calendar.due(clock.started_at, clock.days or 1)
    else:
        due = rulebook.freshness.due(task.due_on, clock.started_at, rulebook.calendar)
    return due if (due.at, due.provisional) != (clock.due_at, clock.provisional) else None


def _move(ctx: Context, clock: Clock, task: ArticleTask, due: Due) -> None:
    clocks.set_due(clock, due)
    if task.due_on is not None:
        clock.days = ctx.rules.calendar.remaining_working_days(clock.started_at, due.at)
