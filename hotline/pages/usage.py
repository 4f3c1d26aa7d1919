"""What readers do with articles, counted once their page is drawn: a count that is lost does no harm, a lost page does."""

from collections.abc import Sequence
from typing import Any

import structlog
from sqlalchemy.exc import OperationalError

from hotline.casework.knowledge import article_use, empty_searches
from hotline.rules.knowledge.article_use import Use
from hotline.web.access import transaction

log = structlog.get_logger()


def searched(text: str, found: Sequence[dict[str, Any]], *, filtered: bool = False) -> None:
    """A search that somebody asked for: what it showed, or that there was nothing (a filter may be why)."""
    if found and text.strip():
        used(Use.SHOWN, [item["code"] for item in found])
    elif not filtered and text.strip():
        try:
            with transaction() as ctx:
                empty_searches.remember(ctx, text)
        except OperationalError as error:
            log.warning("search not remembered", error=type(error.orig).__name__)


def used(use: Use, codes: Sequence[str]) -> None:
    """One more for each of these articles."""
    try:
        with transaction() as ctx:
            article_use.count(ctx, use, codes)
    except OperationalError as error:
        log.warning("use not counted", error=type(error.orig).__name__)
