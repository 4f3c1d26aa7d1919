"""Articles as those who keep the knowledge base read them: drafts, what was done, what changed, what was in force on a day."""

import difflib
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from hotline.context import Context
from hotline.models.accounts.staff import Staff
from hotline.models.knowledge.articles import Article, ArticleDraft, ArticleEvent, ArticleVersion
from hotline.queries.formatting import instant, labelled
from hotline.queries.knowledge.article_marks import desk_marks
from hotline.queries.shown import Shown, shown
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.rules.knowledge.article import STEPS, DraftState, visibilities_for
from hotline.rules.refusals import UnknownThing

MOST_DRAFTS = 200
EVENTS = {
    "drafted": "起草",
    "submitted": "提交审核",
    "sent_back": "退回修改",
    "published": "审核发布",
    "suspend": "暂停使用",
    "restore": "恢复使用",
    "withdraw": "撤下",
    "kept_ours": "与文件不一致，保留页面内容",
    "took_theirs": "与文件不一致，取用文件内容",
    "proposed": "由已答复的咨询拟成",
    "confirmed": "复核无误",
    "error_reported": "报告错误",
    "suspended_by_report": "高风险，立即暂停使用",
    "error_confirmed": "核实属实",
    "error_dismissed": "核实不属实",
}


def drafts(ctx: Context) -> Shown:
    """What is being written, and which of it waits for this person's review."""
    query = select(ArticleDraft, Article.code, Staff.name).join(Article, Article.id == ArticleDraft.article_id)
    query = query.join(Staff, Staff.id == ArticleDraft.written_by)

    def line(draft: ArticleDraft, code: str, name: str) -> dict[str, Any]:
        return {
            "code": code,
            "title": draft.content["title"],
            **labelled("state", draft.state),
            "written_by": name,
            "written_at": instant(draft.written_at),
            "may_review": draft.state is DraftState.IN_REVIEW and draft.written_by != ctx.actor.staff_id,
        }

    return shown(ctx.session, query.order_by(ArticleDraft.written_at.desc(), ArticleDraft.id), MOST_DRAFTS, line)


def desk_of(ctx: Context, code: str) -> dict[str, Any]:
    """One article for its keepers: state, draft, versions, what was done. Refuses `UnknownThing`."""
    article = ctx.session.scalar(select(Article).where(Article.code == code))
    if article is None:
        raise UnknownThing("这篇知识文章")
    draft = ctx.session.scalar(select(ArticleDraft).where(ArticleDraft.article_id == article.id))
    current = ctx.session.get(ArticleVersion, article.current_version_id) if article.current_version_id else None
    events = select(ArticleEvent, Staff.name).join(Staff, Staff.id == ArticleEvent.by)
    versions = select(ArticleVersion).where(ArticleVersion.article_id == article.id)
    return {
        "code": code,
        "section": article.section,
        **labelled("state", article.state),
        **desk_marks(article, current, ctx.now),
        "steps": [str(taken) for taken, row in STEPS.items() if article.state in row.sources],
        "draft": None
        if draft is None
        else {
            **labelled("state", draft.state),
            "version": draft.version,
            "based_on": draft.based_on,
            "content": draft.content,
            "may_review": draft.state is DraftState.IN_REVIEW and draft.written_by != ctx.actor.staff_id,
        },
        "versions": [
            {
                "version": row.version,
                "title": row.title,
                "change_note": row.change_note,
                "published_at": instant(row.published_at),
            }
            for row in ctx.session.scalars(versions.order_by(ArticleVersion.version.desc()))
        ],
        "events": [
            {"what": EVENTS[row.what], "at": instant(row.at), "by": name, "text": row.text}
            for row, name in ctx.session.execute(
                events.where(ArticleEvent.article_id == article.id).order_by(ArticleEvent.id.desc())
            )
        ],
    }


def version_on(ctx: Context, code: str, on: date) -> ArticleVersion:
    """The version that was read at the end of this day (Asia/Shanghai); refuses `UnknownThing`."""
    end = datetime(on.year, on.month, on.day, tzinfo=ZONE) + timedelta(days=1)
    query = select(ArticleVersion).join(Article, Article.id == ArticleVersion.article_id)
    query = query.where(Article.code == code, ArticleVersion.published_at < end)
    version = ctx.session.scalars(query.order_by(ArticleVersion.version.desc()).limit(1)).first()
    if version is None or version.visibility not in visibilities_for(ctx.actor):
        raise UnknownThing("这一天的这篇知识文章")
    return version


def differences(ctx: Context, code: str, before: int, after: int) -> list[dict[str, str]]:
    """Line by line what a later version says otherwise: `sign` is "-", "+" or empty."""
    old, new = (_lines(ctx, code, number) for number in (before, after))
    return line_differences(old, new)


def line_differences(old: list[str], new: list[str]) -> list[dict[str, str]]:
    """Every line of both, what is only in the old one before what is only in the new one."""
    found = []
    for what, begin, end, new_begin, new_end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found += [{"sign": "", "text": line} for line in old[begin:end]]
            continue
        found += [{"sign": "-", "text": line} for line in old[begin:end]]
        found += [{"sign": "+", "text": line} for line in new[new_begin:new_end]]
    return found


def _lines(ctx: Context, code: str, number: int) -> list[str]:
    query = select(ArticleVersion).join(Article, Article.id == ArticleVersion.article_id)
    version = ctx.session.scalar(query.where(Article.code == code, ArticleVersion.version == number))
    if version is None or version.visibility not in visibilities_for(ctx.actor):
        raise UnknownThing(f"第{number}版")
    validity = f"{version.effective_from}起" + (f"至{version.effective_to}" if version.effective_to else "")
    return [version.title, f"{version.policy_title} {version.document_number}", validity, *version.body.splitlines()]
