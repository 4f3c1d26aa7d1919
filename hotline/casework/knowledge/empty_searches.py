"""Searches that found nothing: a list of work for those who keep the knowledge base, without anybody's numbers in it."""

from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from hotline.casework.knowledge import drafting
from hotline.casework.knowledge.drafting import NewArticle
from hotline.context import Context
from hotline.models.database.upsert import insert
from hotline.models.knowledge.article_use import EmptySearch
from hotline.models.knowledge.articles import ArticleDraft
from hotline.rules.knowledge.article_use import kept_search
from hotline.rules.permissions import check_role
from hotline.rules.refusals import UnknownThing
from hotline.rules.vocabulary import Role


def remember(ctx: Context, text: str) -> None:
    """Counts the search; on a day on which too many new ones came, only those that are known already."""
    words = kept_search(text)
    if not words:
        return
    asked_again = update(EmptySearch).where(EmptySearch.text == words)
    again = asked_again.values(times=EmptySearch.times + 1, last_at=ctx.now).returning(EmptySearch.id)
    if ctx.session.scalar(again) is not None:
        return
    lately = select(func.count()).where(EmptySearch.first_at > ctx.now - timedelta(days=1))
    if (ctx.session.scalar(lately) or 0) >= ctx.rules.article_use.new_searches_a_day:
        return
    row = insert(ctx.session, EmptySearch).values(text=words, times=1, first_at=ctx.now, last_at=ctx.now)
    ctx.session.execute(row.on_conflict_do_update(index_elements=["text"], set_={"times": EmptySearch.times + 1}))


def dismiss(ctx: Context, search_id: int) -> EmptySearch:
    """It needs no article, and waits no more."""
    check_role(ctx.actor, Role.EDITOR, "处理没有答案的查询")
    search = _waiting(ctx.session, search_id)
    search.settled_at, search.settled_by = ctx.now, ctx.actor.staff_id
    return search


def write(ctx: Context, search_id: int, given: NewArticle) -> ArticleDraft:
    """A new article answers it."""
    draft = drafting.create(ctx, given)
    search = dismiss(ctx, search_id)
    search.article_id = draft.article_id
    return draft


def _waiting(session: Session, search_id: int) -> EmptySearch:
    query = select(EmptySearch).where(EmptySearch.id == search_id, EmptySearch.settled_at.is_(None))
    search = session.scalar(query.with_for_update())
    if search is None:
        raise UnknownThing("这条查询，或者已经处理过了")
    return search
