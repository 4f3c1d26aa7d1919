"""Ratings: five levels, the last two bad; one per rater, object and round; a verified bad one opens a rectification."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from hotline.rules.grounds import BadReason
from hotline.rules.refusals import InvalidInput, WindowClosed
from hotline.rules.vocabulary import Satisfaction

BAD_SCORE = 2


def is_bad(level: Satisfaction) -> bool:
    """不满意 and 非常不满意."""
    return level.score <= BAD_SCORE


def check_reasons(level: Satisfaction, reasons: Sequence[BadReason]) -> None:
    """A bad rating needs at least one reason code, a good one takes none."""
    if is_bad(level) and not reasons:
        raise InvalidInput({"/reasons": "请至少选择一个不满意的原因"})
    if not is_bad(level) and reasons:
        raise InvalidInput({"/reasons": "只有不满意时才选择原因"})


def is_open(invited_at: datetime, now: datetime, days: int) -> bool:
    """A rating is open for `days` calendar days after the invitation (default 30)."""
    return now <= invited_at + timedelta(days=days)


def check_window(invited_at: datetime, now: datetime, days: int) -> None:
    """Refuses `WindowClosed` when the rating is not open any more."""
    if not is_open(invited_at, now, days):
        raise WindowClosed("评价")


def opens_rectification(level: Satisfaction, *, verified: bool) -> bool:
    """A bad rating of which we know that the enterprise gave it opens exactly one rectification."""
    return verified and is_bad(level)
