"""What became of the article from which a ticket was answered; asked of the article each time, kept nowhere else."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.models.knowledge.articles import Article, ArticleEvent, ArticleVersion
from hotline.models.tickets.tickets import Ticket
from hotline.queries.formatting import instant
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.knowledge.article import ArticleState, ArticleStep
from hotline.rules.knowledge.validity import in_force

TAKEN = {ArticleState.SUSPENDED: ArticleStep.SUSPEND, ArticleState.WITHDRAWN: ArticleStep.WITHDRAW}
SENTENCES = {ArticleState.SUSPENDED: "已暂停使用", ArticleState.WITHDRAWN: "已撤下"}


def changes(ctx: Context, ticket: Ticket) -> list[dict[str, Any]]:
    """Whether the article was taken out of use, has a newer version, or is in force no more; nothing where it still holds."""
    cited = ctx.session.get_one(ArticleVersion, ticket.answer_version_id)
    article = ctx.session.get_one(Article, cited.article_id)
    current = ctx.session.get_one(ArticleVersion, article.current_version_id)
    found = []
    if article.state in TAKEN:
        at = _taken_at(ctx.session, article)
        on = f"于{local(at).date()}" if at else ""
        found.append(_change(str(article.state), f"引用的文章{on}{SENTENCES[article.state]}。", at))
    if current.id != cited.id:
        sentence = f"引用的文章已于{local(current.published_at).date()}更新为第{current.version}版。"
        address = f"/knowledge/{article.code}/differences?from={cited.version}&to={current.version}"
        found.append(_change("revised", sentence, current.published_at) | {"version": current.version, "see": address})
    today = local(ctx.now).date()
    if not in_force(current.effective_from, current.effective_to, today) and current.effective_from <= today:
        found.append(_change("expired", f"引用的文章已于{current.effective_to}失效。", None))
    return found


def _change(kind: str, sentence: str, at: datetime | None) -> dict[str, Any]:
    return {"kind": kind, "sentence": sentence, "at": instant(at)}


def _taken_at(session: Session, article: Article) -> datetime | None:
    """When somebody took it out of use, or None where a file brought it so."""
    query = select(ArticleEvent.at).where(ArticleEvent.article_id == article.id)
    return session.scalar(
        query.where(ArticleEvent.what == TAKEN[article.state]).order_by(ArticleEvent.id.desc()).limit(1)
    )
