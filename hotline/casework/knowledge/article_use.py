"""How articles are used: counted for each version, day and kind of reader; a row is locked for one statement only."""

from collections.abc import Sequence

from sqlalchemy import func, select

from hotline.context import Context
from hotline.models.database.session import keys_of
from hotline.models.database.upsert import insert
from hotline.models.knowledge.article_use import ArticleUse, ArticleVote
from hotline.models.knowledge.articles import Article, ArticleVersion
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.knowledge.article import ArticleState, visibilities_for
from hotline.rules.knowledge.article_use import Use, reader_of
from hotline.rules.refusals import TooManyAttempts, UnknownThing


def count(ctx: Context, use: Use, codes: Sequence[str]) -> None:
    """One more of this use for the current version of each article. In one order, so that nobody waits in a ring."""
    query = select(Article.id, ArticleVersion.version).join(
        ArticleVersion, ArticleVersion.id == Article.current_version_id
    )
    values = {"used_on": local(ctx.now).date(), "use": use, "reader": reader_of(ctx.actor), "times": 1}
    rows = [
        {**values, "article_id": article_id, "version": version}
        for article_id, version in ctx.session.execute(query.where(Article.code.in_(codes)).order_by(Article.id))
    ]
    if not rows:
        return
    key = [column.name for column in ArticleUse.metadata.tables[ArticleUse.__tablename__].primary_key]
    row = insert(ctx.session, ArticleUse).values(rows)
    ctx.session.execute(row.on_conflict_do_update(index_elements=key, set_={"times": ArticleUse.times + 1}))


def vote(ctx: Context, code: str, solved: bool, *, visitor: str) -> None:
    """Whether the article helped; once for a visitor, article and day, and who changes their mind is believed.

    `visitor` is an address or a member of staff; only a keyed hash of it with the day is kept, and that not for long.
    Refuses `TooManyAttempts`.
    """
    query = select(ArticleVersion).join(Article, Article.current_version_id == ArticleVersion.id)
    version = ctx.session.scalar(query.where(Article.code == code, Article.state == ArticleState.PUBLISHED))
    if version is None or version.visibility not in visibilities_for(ctx.actor):
        raise UnknownThing("这篇知识文章")
    today = local(ctx.now).date()
    hashed = keys_of(ctx.session).digest("article-vote", f"{today}:{visitor}")
    _check_not_too_many(ctx, version.article_id, hashed)
    said = {"solved": solved, "version": version.version}
    row = insert(ctx.session, ArticleVote).values(
        article_id=version.article_id, voted_on=today, reader=reader_of(ctx.actor), visitor_hash=hashed, **said
    )
    ctx.session.execute(row.on_conflict_do_update(index_elements=["article_id", "voted_on", "visitor_hash"], set_=said))


def _check_not_too_many(ctx: Context, article_id: int, hashed: str) -> None:
    others = select(func.count()).where(ArticleVote.visitor_hash == hashed, ArticleVote.article_id != article_id)
    if (ctx.session.scalar(others) or 0) >= ctx.rules.article_use.votes_a_day:
        raise TooManyAttempts()
