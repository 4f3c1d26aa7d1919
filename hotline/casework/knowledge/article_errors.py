"""Errors in articles: whoever of the staff finds one reports it; an editor finds it true or not, and a new version mends it.

While a report is open its article is disputed, everywhere it is read; one of high risk takes the article down at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.knowledge import article_tasks
from hotline.casework.tickets import notices
from hotline.context import Context
from hotline.models.deadlines.clocks import Clock
from hotline.models.knowledge.article_tasks import ArticleError, ArticleTask
from hotline.models.knowledge.articles import Article, ArticleEvent, ArticleVersion
from hotline.rules.actors import SYSTEM
from hotline.rules.knowledge.article import ArticleState, visibilities_for
from hotline.rules.knowledge.freshness import DISPUTING, ErrorKind, ErrorState, TaskKind
from hotline.rules.messages.recipients import EDITORS
from hotline.rules.permissions import check_role
from hotline.rules.refusals import ConditionUnmet, Duplicate, OwnWork, RoleMissing, UnknownThing
from hotline.rules.vocabulary import ClockKind, Role


@dataclass(frozen=True, slots=True)
class Reported:
    kind: ErrorKind
    text: str
    high_risk: bool = False


def report(ctx: Context, code: str, given: Reported) -> ArticleError:
    """An error in what is read now. Refuses `UnknownThing` for what this person may not read, and a second report."""
    if ctx.actor.staff_id is None:
        raise RoleMissing("报告错误")
    article, version = _readable(ctx, code)
    mine = (ArticleError.article_id == article.id, ArticleError.reported_by == ctx.actor.staff_id)
    if ctx.session.scalar(select(ArticleError.id).where(*mine, ArticleError.state.in_(DISPUTING)).limit(1)):
        raise Duplicate("您对这篇文章的报告")
    error = ArticleError(article_id=article.id, version_id=version.id, kind=given.kind, text=given.text)
    error.high_risk, error.state = given.high_risk, ErrorState.OPEN
    error.reported_by, error.reported_at = ctx.actor.staff_id, ctx.now
    ctx.session.add(error)
    article.disputes += 1
    note(ctx, article, "error_reported", given.text)
    if given.high_risk:
        article.state, article.edited = ArticleState.SUSPENDED, True
        note(ctx, article, "suspended_by_report", given.kind.label)
    place = article_tasks.place_of(ctx.session, version.owner_unit)
    names = (f"error:{error.id}", code, version.title)
    task = article_tasks.open_task(ctx, TaskKind.ERROR, *names, place, article_id=article.id, error_id=error.id)
    people = notices.Directory.read(ctx.session).people(EDITORS, None) - {ctx.actor.staff_id}
    _tell(ctx, task, error, people, "error_reported")
    return error


def _readable(ctx: Context, code: str) -> tuple[Article, ArticleVersion]:
    article = ctx.session.scalar(select(Article).where(Article.code == code).with_for_update())
    if article is not None and article.state is ArticleState.PUBLISHED:
        version = ctx.session.get_one(ArticleVersion, article.current_version_id)
        if version.visibility in visibilities_for(ctx.actor):
            return article, version
    raise UnknownThing("这篇知识文章")


@dataclass(frozen=True, slots=True)
class Finding:
    true: bool
    text: str


def decide(ctx: Context, error_id: int, given: Finding) -> ArticleError:
    """True, and to be mended within two working days of the report; or not true. A true one may still be found untrue.

    The author of the version may say that it is wrong, never (`OwnWork`) that it is not. What a later version has mended
    meanwhile is mended with the finding.
    """
    check_role(ctx.actor, Role.EDITOR, "核实纠错")
    article, error = _held(ctx.session, error_id)
    if error.state not in DISPUTING or (given.true and error.state is ErrorState.CONFIRMED):
        raise ConditionUnmet(f"这份纠错报告“{error.state.label}”")
    version = ctx.session.get_one(ArticleVersion, error.version_id)
    if not given.true and ctx.actor.staff_id == version.written_by:
        raise OwnWork("驳回")
    error.decided_by, error.decided_at, error.finding = ctx.actor.staff_id, ctx.now, given.text
    task = article_tasks.locked(ctx.session, error_id=error.id)
    if not given.true:
        _end(ctx, article, error, task, ErrorState.DISMISSED, ctx.now)
    elif article.current_version_id != error.version_id:
        _mend(ctx, article, [error], _number(ctx.session, article), ctx.now)
    else:
        article_tasks.meet(ctx, task, ctx.now)
        place = article_tasks.place_of(ctx.session, version.owner_unit)
        # From the report on: a late finding buys no time.
        row = article_tasks.clock_row(task, ClockKind.ERROR_MEND, error.reported_at, place, rulebook=ctx.rules)
        ctx.session.add(Clock(**row))
        error.state = ErrorState.CONFIRMED
        _tell(ctx, task, error, {error.reported_by}, "error_found")
    note(ctx, article, f"error_{'confirmed' if given.true else 'dismissed'}", given.text)
    return error


def _held(session: Session, error_id: int) -> tuple[Article, ArticleError]:
    """The article is locked first, as for every action on it."""
    query = select(Article).join(ArticleError, ArticleError.article_id == Article.id)
    article = session.scalar(query.where(ArticleError.id == error_id).with_for_update(of=Article))
    if article is None:
        raise UnknownThing("这份纠错报告")
    return article, session.get_one(ArticleError, error_id, populate_existing=True)


def mended_by(ctx: Context, article: Article, at: datetime) -> None:
    """A new version of a (locked) article: what was confirmed about an older one is mended."""
    found = _disputing(ctx.session, article, ErrorState.CONFIRMED)
    older = [error for error in found if error.version_id != article.current_version_id]
    _mend(ctx, article, older, _number(ctx.session, article), at)


def taken_down(ctx: Context, article: Article) -> None:
    """The article is gone for good, and what was wrong with it."""
    _mend(ctx, article, _disputing(ctx.session, article, *DISPUTING), None, ctx.now)


def check_restore(ctx: Context, article: Article) -> None:
    """Refuses `OwnWork` to the author of a version that an open report of high risk is about."""
    errors = [error for error in _disputing(ctx.session, article, *DISPUTING) if error.high_risk]
    written = select(ArticleVersion.written_by).where(ArticleVersion.id.in_([error.version_id for error in errors]))
    if errors and ctx.actor.staff_id in set(ctx.session.scalars(written)):
        raise OwnWork("恢复使用")


def _number(session: Session, article: Article) -> int:
    return session.get_one(ArticleVersion, article.current_version_id).version


def _disputing(session: Session, article: Article, *states: ErrorState) -> list[ArticleError]:
    query = select(ArticleError).where(ArticleError.article_id == article.id, ArticleError.state.in_(states))
    return list(session.scalars(query.order_by(ArticleError.id)))


def _mend(ctx: Context, article: Article, errors: Iterable[ArticleError], version: int | None, at: datetime) -> None:
    for error in errors:
        error.mended_at, error.mended_version = at, version
        task = article_tasks.locked(ctx.session, error_id=error.id)
        _end(ctx, article, error, task, ErrorState.MENDED, at)


def _end(
    ctx: Context, article: Article, error: ArticleError, task: ArticleTask, state: ErrorState, at: datetime
) -> None:
    error.state = state
    article.disputes -= 1
    article_tasks.close(ctx, [task], at)
    _tell(ctx, task, error, {error.reported_by}, "error_found")


def _tell(ctx: Context, task: ArticleTask, error: ArticleError, people: set[int], kind: str) -> None:
    data = {"state": str(error.state), "high_risk": error.high_risk, "version": error.mended_version}
    event = notices.Event(f"error:{error.id}:{error.state}", kind, ctx.now, data)
    notices.enqueue(ctx.session, notices.of_task(ctx, people, task, event))


def note(ctx: Context, article: Article, what: str, text: str) -> None:
    """A line of what was done to the article."""
    assert ctx.actor is not SYSTEM, "the service itself does nothing to an article"
    ctx.session.add(ArticleEvent(article_id=article.id, what=what, at=ctx.now, by=ctx.actor.staff_id, text=text))
    ctx.session.flush()
