"""The watch over the articles: reviews and expiries that come near, and what a file of articles has settled meanwhile."""

from datetime import datetime

from hotline.app_context import AppContext
from hotline.casework.knowledge import freshness, policies
from hotline.rules.knowledge.freshness import TaskKind


def run(app_context: AppContext, now: datetime) -> int:
    """Settles first, then opens what is due; answers how many articles were settled and how many tasks opened."""
    settled = _settle_articles(app_context, now)
    _settle_policies(app_context, now)
    return settled + sum(_open(app_context, now, kind) for kind in freshness.BY_DAY)


def _settle_articles(app_context: AppContext, now: datetime) -> int:
    total = 0
    while True:
        with app_context.transaction(now) as ctx:
            count = freshness.settle_loaded(ctx)
        if not count:
            return total
        total += count


def _settle_policies(app_context: AppContext, now: datetime) -> None:
    last: int | None = 0
    while last is not None:
        with app_context.transaction(now) as ctx:
            last = policies.settle_waiting(ctx, last)


def _open(app_context: AppContext, now: datetime, kind: TaskKind) -> int:
    last: int | None = 0
    total = 0
    while last is not None:
        with app_context.transaction(now) as ctx:
            opened, last = freshness.open_due(ctx, kind, last)
        total += opened
    return total
