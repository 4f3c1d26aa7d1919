"""The watch over the articles: reviews and expiries that come near, and what a file of articles has settled meanwhile."""

from datetime import datetime

from hotline.app_context import Office
from hotline.casework.knowledge import freshness, policies
from hotline.rules.knowledge.freshness import TaskKind


def run(office: Office, now: datetime) -> int:
    """Settles first, then opens what is due; answers how many articles were settled and how many tasks opened."""
    settled = _settle_articles(office, now)
    _settle_policies(office, now)
    return settled + sum(_open(office, now, kind) for kind in freshness.BY_DAY)


def _settle_articles(office: Office, now: datetime) -> int:
    total = 0
    while True:
        with office.deed(now) as work:
            count = freshness.settle_loaded(work.session, now=work.now, rulebook=work.rulebook)
        if not count:
            return total
        total += count


def _settle_policies(office: Office, now: datetime) -> None:
    last: int | None = 0
    while last is not None:
        with office.deed(now) as work:
            last = policies.settle_waiting(work.session, last, now=work.now, rulebook=work.rulebook)


def _open(office: Office, now: datetime, kind: TaskKind) -> int:
    last: int | None = 0
    total = 0
    while last is not None:
        with office.deed(now) as work:
            opened, last = freshness.open_due(work.session, kind, last, now=work.now, rulebook=work.rulebook)
        total += opened
    return total
