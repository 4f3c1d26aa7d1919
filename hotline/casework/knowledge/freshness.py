"""Articles are kept fresh: a task opens before a review or an expiry, and is met by a new version or a confirmation."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select

from hotline.casework.knowledge import article_errors, article_tasks, policies
from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.database.bulk import insert_rows
from hotline.models.database.upsert import insert
from hotline.models.deadlines.clocks import Clock
from hotline.models.knowledge.article_tasks import ArticleError, ArticleTask
from hotline.models.knowledge.articles import Article, ArticleVersion
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.knowledge.article import ArticleState, Visibility
from hotline.rules.knowledge.freshness import CLOCKS, ErrorState, TaskKind
from hotline.rules.permissions import check_role
from hotline.rules.refusals import ConditionUnmet, UnknownThing
from hotline.rules.rulebook import Rulebook
from hotline.rules.vocabulary import Role

SETTLED_AT_ONCE = 100
BATCH = 500
BY_DAY = (TaskKind.REVIEW, TaskKind.EXPIRY)


def open_due(ctx: Context, kind: TaskKind, after: int) -> tuple[int, int | None]:
    """One batch of tasks whose time has come, in the order of the articles' ids, each once however many open them.

    Answers how many this call opened, and the last article looked at, None when there was none. A task begins at its true
    instant, also when nobody looked for a while.
    """
    coming = _coming(kind, local(ctx.now).date(), ctx.rules).where(Article.id > after).order_by(Article.id)
    found = ctx.session.execute(coming.limit(BATCH)).all()
    if not found:
        return 0, None
    rows = [_task_row(kind, row, ctx.rules) for row in found]
    tasks = insert(ctx.session, ArticleTask).on_conflict_do_nothing(index_elements=["key"]).values(rows)
    opened = ctx.session.scalars(tasks.returning(ArticleTask)).all()
    places: dict[str, article_tasks.Place] = {u.code: (u.id, u.path) for u in ctx.session.scalars(select(Unit))}
    owners = {row.version_id: None if row.visibility == Visibility.INTERNAL else row.owner_unit for row in found}
    insert_rows(ctx.session, Clock.__table__, list(_clock_rows(opened, owners, places, ctx.rules)))  # type: ignore[arg-type]
    return len(opened), found[-1].article_id


def _coming(kind: TaskKind, today: date, rulebook: Rulebook) -> Any:
    """Published articles whose day is near and has no task yet. What expires that day or before needs no review as well."""
    day = Article.review_on if kind is TaskKind.REVIEW else Article.effective_to
    lasting: ColumnElement[bool] = Article.effective_to.is_(None)
    lasting = or_(lasting, Article.effective_to > day) if kind is TaskKind.REVIEW else ~lasting
    query = select(
        Article.id.label("article_id"),
        Article.code,
        ArticleVersion.id.label("version_id"),
        ArticleVersion.title,
        ArticleVersion.owner_unit,
        ArticleVersion.visibility,
        ArticleVersion.published_at,
        day.label("due_on"),
    )
    return query.join(ArticleVersion, ArticleVersion.id == Article.current_version_id).where(
        Article.state == ArticleState.PUBLISHED,
        day <= today + timedelta(days=rulebook.freshness.opens_days(kind)),
        lasting,
        or_(Article.effective_to.is_(None), Article.effective_to >= today),
        ~exists().where(
            ArticleTask.article_id == Article.id,
            ArticleTask.version_id == ArticleVersion.id,
            ArticleTask.kind == kind,
            ArticleTask.due_on == day,
        ),
    )


def _task_row(kind: TaskKind, row: Any, rulebook: Rulebook) -> dict[str, Any]:
    return {
        "kind": kind,
        "key": f"{kind}:{row.version_id}:{row.due_on.isoformat()}",
        "name": row.code,
        "title": row.title,
        "article_id": row.article_id,
        "version_id": row.version_id,
        "due_on": row.due_on,
        "opened_at": rulebook.freshness.opens_at(kind, row.due_on, row.published_at),
    }


def _clock_rows(opened: Any, owners: Any, places: Any, rulebook: Rulebook) -> Iterator[dict[str, Any]]:
    for task in opened:
        place = places.get(owners[task.version_id])
        yield article_tasks.clock_row(task, CLOCKS[task.kind], task.opened_at, place, rulebook=rulebook)


@dataclass(frozen=True, slots=True)
class Confirmation:
    text: str = ""
    next_review_on: date | None = None


def confirm(ctx: Context, code: str, given: Confirmation) -> Article:
    """Looked through and found right (复核无误), until the next review; needs no second person, as no word of it changes."""
    check_role(ctx.actor, Role.EDITOR, "复核确认")
    article = ctx.session.scalar(select(Article).where(Article.code == code).with_for_update())
    if article is None:
        raise UnknownThing("这篇知识文章")
    if article.state is not ArticleState.PUBLISHED:
        raise ConditionUnmet(f"文章现在是“{article.state.label}”，不能复核确认")
    if article.disputes:
        raise ConditionUnmet("文章有争议，请先核实纠错报告")
    version = ctx.session.get_one(ArticleVersion, article.current_version_id)
    until = ctx.rules.freshness.check_confirmation(given.next_review_on, version.effective_to, local(ctx.now).date())
    article.review_on, article.review_state = until, "confirmed"
    article_errors.note(ctx, article, "confirmed", given.text)
    tasks = article_tasks.open_of(ctx.session, article.id, *BY_DAY)
    article_tasks.close(ctx, tasks, ctx.now)
    return article


def after_publication(ctx: Context, article: Article) -> None:
    """What a new version of a (locked) article meets: its review and expiry, its confirmed errors, the policies it is for."""
    tasks = article_tasks.open_of(ctx.session, article.id, *BY_DAY)
    article_tasks.close(ctx, tasks, ctx.now)
    article_errors.mended_by(ctx, article, ctx.now)
    policies.answered_by(ctx, article)


def after_withdrawal(ctx: Context, article: Article) -> None:
    """Nothing is owed any more for what is gone for good."""
    tasks = article_tasks.open_of(ctx.session, article.id, *BY_DAY)
    article_tasks.close(ctx, tasks, ctx.now)
    article_errors.taken_down(ctx, article)


def settle_loaded(ctx: Context) -> int:
    """One batch of articles of which a file brought a new version, at the instant of its publication; answers how many."""
    outdated = exists().where(
        ArticleTask.article_id == Article.id,
        ArticleTask.kind.in_(BY_DAY),
        ArticleTask.closed_at.is_(None),
        ArticleTask.version_id != Article.current_version_id,
    )
    mended = exists().where(
        ArticleError.article_id == Article.id,
        ArticleError.state == ErrorState.CONFIRMED,
        ArticleError.version_id != Article.current_version_id,
    )
    query = select(Article).where(or_(outdated, mended)).order_by(Article.id).limit(SETTLED_AT_ONCE)
    articles = ctx.session.scalars(query.with_for_update(skip_locked=True)).all()
    for article in articles:
        at = ctx.session.get_one(ArticleVersion, article.current_version_id).published_at
        tasks = [
            t
            for t in article_tasks.open_of(ctx.session, article.id, *BY_DAY)
            if t.version_id != article.current_version_id
        ]
        article_tasks.close(ctx, tasks, at)
        article_errors.mended_by(ctx, article, at)
    return len(articles)
