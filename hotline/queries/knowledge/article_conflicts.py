"""What files and pages say differently, side by side, for the person who settles it."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.models.knowledge.article_conflicts import ArticleConflict
from hotline.models.knowledge.articles import SAID, Article, ArticleDraft, ArticleVersion
from hotline.queries.formatting import instant
from hotline.queries.knowledge.articles import line_differences
from hotline.queries.shown import Shown, shown
from hotline.rules.refusals import UnknownThing

MOST = 200
LABELS = {
    "title": "标题",
    "questions": "企业会怎样问",
    "category": "事项类别",
    "keywords": "关键词",
    "policy_title": "依据的政策",
    "document_number": "文号",
    "issuing_body": "发布机关",
    "source_url": "来源地址",
    "level": "层级",
    "owner_unit": "责任单位",
    "applies_to": "适用对象",
    "effective_from": "生效",
    "effective_to": "失效",
    "next_review_on": "下次复核",
    "visibility": "谁可以看",
    "change_note": "这一版改了什么",
}


def conflicts(session: Session) -> Shown:
    """What waits to be settled, the longest first."""
    query = select(ArticleConflict, Article.code).join(Article, Article.id == ArticleConflict.article_id)
    query = query.where(ArticleConflict.settled_at.is_(None)).order_by(ArticleConflict.seen_at, ArticleConflict.id)
    return shown(session, query, MOST, _line)


def _line(row: ArticleConflict, code: str) -> dict[str, Any]:
    return {"id": row.id, "code": code, "title": row.content["title"], "seen_at": instant(row.seen_at)}


def conflict_of(session: Session, code: str, conflict_id: int) -> dict[str, Any]:
    """The fields that differ, ours and theirs, and the body line by line. Refuses `UnknownThing` once it is settled."""
    query = select(ArticleConflict, Article).join(Article, Article.id == ArticleConflict.article_id)
    query = query.where(Article.code == code, ArticleConflict.id == conflict_id, ArticleConflict.settled_at.is_(None))
    found = session.execute(query).one_or_none()
    if found is None:
        raise UnknownThing("这处不一致，或者已经处理过了")
    row, article = found
    draft = session.scalar(select(ArticleDraft).where(ArticleDraft.article_id == article.id))
    ours = draft.content if draft is not None else _published(session, article)
    return {
        **_line(row, code),
        "drafted": draft is not None,
        "fields": [
            {"name": name, "label": LABELS.get(name, name), "ours": ours[name], "theirs": row.content[name]}
            for name in SAID
            if name != "body" and ours[name] != row.content[name]
        ],
        "lines": line_differences(ours["body"].splitlines(), row.content["body"].splitlines()),
    }


def _published(session: Session, article: Article) -> dict[str, Any]:
    version = session.get_one(ArticleVersion, article.current_version_id)
    said = {name: getattr(version, name) for name in SAID}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in said.items()}
