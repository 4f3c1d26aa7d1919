"""Changed in the pages and in a file: a person settles which is to hold, and nothing is overwritten meanwhile."""

from sqlalchemy import select

from hotline.casework.knowledge.drafting import add_draft, article_by_code, content_of, draft_of, note
from hotline.context import Context
from hotline.models.knowledge.article_conflicts import ArticleConflict
from hotline.models.knowledge.articles import Article, ArticleDraft, ArticleVersion
from hotline.rules.permissions import check_role
from hotline.rules.refusals import ConditionUnmet, UnknownThing
from hotline.rules.vocabulary import Role


def keep_ours(ctx: Context, code: str, conflict_id: int) -> Article:
    """The pages hold; the same file brings it no more, another state of the file does."""
    article, _ = _settle(ctx, code, conflict_id)
    note(ctx, article, "kept_ours", "")
    return article


def take_theirs(ctx: Context, code: str, conflict_id: int) -> ArticleDraft:
    """The file's words become a draft for another person's review. Refuses while another draft is being written."""
    article, conflict = _settle(ctx, code, conflict_id)
    if draft_of(ctx.session, article) is not None:
        raise ConditionUnmet("这篇文章有未发布的草稿，请先办完草稿，再取用文件的内容")
    version = ctx.session.get(ArticleVersion, article.current_version_id) if article.current_version_id else None
    based_on = version.version if version else 0
    article.source_hash = conflict.source_hash
    note(ctx, article, "took_theirs", "")
    return add_draft(ctx, article, content_of(conflict.content), based_on)


def _settle(ctx: Context, code: str, conflict_id: int) -> tuple[Article, ArticleConflict]:
    check_role(ctx.actor, Role.EDITOR, "处理文件与页面的不一致")
    article = article_by_code(ctx.session, code)
    query = select(ArticleConflict).where(ArticleConflict.id == conflict_id, ArticleConflict.article_id == article.id)
    conflict = ctx.session.scalar(query.where(ArticleConflict.settled_at.is_(None)))
    if conflict is None:
        raise UnknownThing("这处不一致，或者已经处理过了")
    conflict.settled_at, conflict.settled_by = ctx.now, ctx.actor.staff_id
    return article, conflict
