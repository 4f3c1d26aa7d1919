"""The life of an article: drafted, reviewed by another person, published as a version; suspended at once, taken down."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from hotline.rules.actors import Actor
from hotline.rules.refusals import ConditionUnmet, InvalidInput
from hotline.rules.vocabulary import Role, Word

LONGEST_BODY = 50_000
CODE = r"^[a-z0-9]+(-[a-z0-9]+)*$"


class ArticleState(Word):
    """`NEW` was never published; what is published may be revised by a draft beside it."""

    NEW = "new", "未发布"
    PUBLISHED = "published", "已发布"
    SUSPENDED = "suspended", "已暂停"
    WITHDRAWN = "withdrawn", "已撤下"


class DraftState(Word):
    DRAFT = "draft", "草稿"
    IN_REVIEW = "in_review", "待审核"


class Visibility(Word):
    """Who may read an article: everybody, all staff, or those who keep the knowledge base."""

    PUBLIC = "public", "公开"
    STAFF = "staff", "工作人员"
    INTERNAL = "internal", "知识管理员"


class Level(Word):
    """Whose rule it is."""

    STATE = "state", "国家"
    PROVINCE = "province", "省"
    CITY = "city", "市"
    COUNTY = "county", "县（市、区）"


def visibilities_for(actor: Actor | None) -> tuple[str, ...]:
    """The public reads public articles, staff the staff's as well, those who keep them everything."""
    if actor is None or actor.is_enterprise:
        return ("public",)
    return ("public", "staff", "internal") if Role.EDITOR in actor.roles else ("public", "staff")


class ArticleStep(Word):
    """What is done to a published article without a new version."""

    SUSPEND = "suspend", "暂停使用"
    RESTORE = "restore", "恢复使用"
    WITHDRAW = "withdraw", "撤下"


S = ArticleState


@dataclass(frozen=True, slots=True)
class Row:
    sources: frozenset[ArticleState]
    target: ArticleState


STEPS: Mapping[ArticleStep, Row] = {
    ArticleStep.SUSPEND: Row(frozenset({S.PUBLISHED}), S.SUSPENDED),
    ArticleStep.RESTORE: Row(frozenset({S.SUSPENDED}), S.PUBLISHED),
    ArticleStep.WITHDRAW: Row(frozenset({S.PUBLISHED, S.SUSPENDED}), S.WITHDRAWN),
}


def step(state: ArticleState, taken: ArticleStep) -> ArticleState:
    """Where this step leads; refuses `ConditionUnmet` out of turn."""
    row = STEPS[taken]
    if state not in row.sources:
        raise ConditionUnmet(f"文章现在是“{state.label}”，不能“{taken.label}”")
    return row.target


def check_dates(effective_from: date, effective_to: date | None, next_review_on: date) -> None:
    """Refuses an end before the beginning, and a review after the end."""
    if effective_to is not None and effective_to < effective_from:
        raise InvalidInput({"/effective_to": "失效日期早于生效日期"})
    if effective_to is not None and next_review_on > effective_to:
        raise InvalidInput({"/next_review_on": "复核日期不能晚于失效日期"})


def is_code(text: str) -> bool:
    """Lower case letters, digits, hyphens between them: the name of an article or a section, and of its file."""
    return re.fullmatch(CODE, text) is not None


def is_web_address(text: str) -> bool:
    """An address that may stand in a link."""
    try:
        return urlsplit(text).scheme in ("http", "https")
    except ValueError:
        return False
