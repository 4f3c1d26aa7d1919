"""Changed in the pages and in a file: a person settles which is to hold, and nothing is overwritten meanwhile."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.casework.knowledge.drafting import add_draft, article_by_code, content_of, draft_of, note
from hotline.models.knowledge.article_conflicts import ArticleConflict
from hotline.models.knowledge.articles import Article, ArticleDraft, ArticleVersion
from hotline.rules.actors import Actor
from hotline.rules.permissions import check_role
from hotline.rules.refusals import ConditionUnmet, UnknownThing
from hotline.rules.vocabulary import Role


def keep_ours(session: Session, code: str, conflict_id: int, *, actor: Actor, now: datetime) -> Article:
    """The pages hold; the same file brings it no more, another state of the file does."""
    article, _ = _settle(session, code, conflict_id, actor, now)
    note(session, article, "kept_ours", "", actor, now)
    return article


def take_theirs(session: Session, code: str, conflict_id: int, *, actor: Actor, now: datetime) -> ArticleDraft:
    """The file's words become a draft for another person's review. Refuses while another draft is being written."""
    article, conflict = _settle(session, code, conflict_id, actor, now)
    if draft_of(session, article) is not None:
        raise ConditionUnmet("这篇文章有未发布的草稿，请先办完草稿，再取用文件的内容")
    version = session.get(ArticleVersion, article.current_version_id) if article.current_version_id else None
    based_on = version.version if version else 0
    article.source_hash = conflict.source_hash
    note(session, article, "took_theirs", "", actor, now)
    return add_draft(session, article, content_of(conflict.content), based_on, actor=actor, now=now)


def _settle(
    session: Session, code: str, conflict_id: int, actor: Actor, now: datetime
) -> tuple[Article, ArticleConflict]:
    check_role(actor, Role.EDITOR, "处理文件与页面的不一致")
    article = article_by_code(session, code)
    query = select(ArticleConflict).where(ArticleConflict.id == conflict_id, ArticleConflict.article_id == article.id)
    conflict = session.scalar(query.where(ArticleConflict.settled_at.is_(None)))
    if conflict is None:
        raise UnknownThing("这处不一致，或者已经处理过了")
    conflict.settled_at, conflict.settled_by = now, actor.staff_id
    return article, conflict
