"""Which subject a matter belongs to and which unit it is for, each with the reason why: words, articles, matters of before."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.models.accounts.units import Category, Unit

MOST = 5
BY_WORDS = 0.5
"""What a subject's own words count beside the articles and tickets that were found, which together count one each."""
Vote = tuple[str, float, str]
"""(the unit's code, how much speaks for it, why)"""


def likely_categories(session: Session, text: str) -> list[dict[str, Any]]:
    """Subjects by the words of callers that occur in the text, the longest matches first, each with the unit it suggests."""
    return by_words(catalogue(session), text)


def catalogue(session: Session) -> list[Any]:
    """Every subject with the unit that it suggests."""
    query = select(Category, Unit).outerjoin(Unit, Unit.id == Category.lead_unit_id).order_by(Category.position)
    return list(session.execute(query))


def by_words(categories: Iterable[Any], text: str) -> list[dict[str, Any]]:
    """Those of the catalogue whose words occur in the text, as `likely_categories` gives them."""
    found = []
    for category, unit in categories:
        hits = [word for word in category.keywords.split() if word in text]
        if hits:
            found.append((sum(map(len, hits)), category, unit, hits))
    found.sort(key=lambda entry: -entry[0])
    return [
        {
            "code": category.code,
            "name": category.name,
            "unit": {"code": unit.code, "name": unit.name} if unit else None,
            "reason": "来电提到" + "、".join(f"“{word}”" for word in hits[:3]),
        }
        for _, category, unit, hits in found[:MOST]
    ]


def likely_units(
    session: Session, categories: list[dict[str, Any]], articles: list[dict[str, Any]], tickets: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The units for which most speaks, each with the strongest reason; `articles` and `tickets` are the best found, in order."""
    votes = [
        *_shared(((item["unit"]["code"], item["reason"]) for item in categories if item["unit"]), BY_WORDS),
        *_shared(((item["owner_unit"], f"知识文章《{item['title']}》由它负责") for item in articles), 1),
        *_shared(((item["unit"], f"办过相似的工单“{item['title']}”") for item in tickets if item["unit"]), 1),
    ]
    speaks: dict[str, float] = defaultdict(float)
    why: dict[str, tuple[float, str]] = {}
    for code, weight, reason in votes:
        speaks[code] += weight
        why[code] = max(why.get(code, (0.0, "")), (weight, reason), key=lambda entry: entry[0])
    best = sorted(speaks, key=lambda code: -speaks[code])[:MOST]
    names = dict(
        session.execute(select(Unit.code, Unit.name).where(Unit.code.in_(best), Unit.closed_on.is_(None))).all()
    )
    return [{"code": code, "name": names[code], "reason": why[code][1]} for code in best if code in names]


def _shared(found: Iterable[tuple[str, str]], counts: float) -> list[Vote]:
    """The first counts most: each next one as much less as its place is further down."""
    ranked = [(code, 1 / place, reason) for place, (code, reason) in enumerate(found, 1)]
    whole = sum(weight for _, weight, _ in ranked)
    return [(code, counts * weight / whole, reason) for code, weight, reason in ranked]
