"""What stands beside an article wherever it is read: whether it is disputed, and the plain words for it."""

from datetime import date, datetime
from typing import Any

from hotline.models.knowledge.article_tasks import ArticleTask
from hotline.models.knowledge.articles import Article, ArticleVersion
from hotline.queries.formatting import labelled
from hotline.rules.actors import Actor
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.knowledge.freshness import Standing, TaskKind, standing
from hotline.rules.vocabulary import Role

CAUTION = "这篇文章的内容有争议，正在核实，请以责任单位的答复为准。"


def marks(article: Article, version: ArticleVersion, on: date, warning: str | None) -> dict[str, Any]:
    """`disputed` is the badge of the staff; the caution in `warning` is for everybody."""
    disputed = bool(article.disputes)
    return {
        "disputed": disputed,
        **labelled("standing", standing(article.state, version.effective_from, version.effective_to, on)),
        "warning": "".join(filter(None, [CAUTION if disputed else None, warning])) or None,
    }


def review_on(article: Article, version: ArticleVersion) -> date:
    """The day of the next review: of the current version as somebody may have moved it on, of another its own."""
    current = article.current_version_id == version.id and article.review_on
    return current or version.next_review_on


def address_of(task: ArticleTask, actor: Actor) -> str:
    """Where this person sees what a task is about: those who keep the knowledge base at its queues, the others the article."""
    if task.kind is TaskKind.ERROR:
        return f"/article-errors#error-{task.error_id}"
    if task.kind is TaskKind.POLICY:
        return f"/new-policies#policy-{task.policy_id}"
    return f"/editing/{task.name}" if Role.EDITOR in actor.roles else f"/knowledge/{task.name}"


def desk_marks(article: Article, version: ArticleVersion | None, now: datetime) -> dict[str, Any]:
    """The same for those who keep the article, with the days to look at; nothing before its first publication."""
    if version is None:
        return {**labelled("standing", Standing.NEW), "disputed": False, "to_confirm": False, "next_review_on": None}
    today = local(now).date()
    return {
        **labelled("standing", standing(article.state, version.effective_from, version.effective_to, today)),
        "disputed": bool(article.disputes),
        "to_confirm": article.review_state == "to_confirm",
        "next_review_on": review_on(article, version).isoformat(),
        "effective_to": version.effective_to.isoformat() if version.effective_to else None,
    }
