"""Days without a time of day as instants: a reply and a signing end with their day, a receipt begins it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from hotline.rules.deadlines.working_calendar import WorkingCalendar, local

TIMES = ("received_at", "signed_at", "replied_at")


def with_times(calendar: WorkingCalendar, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row with instants for its days.

    A reply of the day is at its close, a receipt at its opening; neither comes before the one or after the other where an
    instant of the same day is known: what was written by the day alone contradicts nothing of that day.
    """
    if not days_alone(row):
        return dict(row)
    received, signed, replied = (row.get(name) for name in TIMES)
    received = _placed(received, calendar.opening, earliest=None, latest=_known(signed) or _known(replied))
    replied = _placed(replied, calendar.close, earliest=_known(signed) or received, latest=None)
    signed = _placed(signed, calendar.close, earliest=received, latest=replied)
    found = {"received_at": received, "signed_at": signed, "replied_at": replied}
    return {**row, **{name: at for name, at in found.items() if at is not None}}


def days_alone(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the times of a row that are days without a time of day."""
    return tuple(name for name in TIMES if _is_day(row.get(name)))


def _is_day(value: datetime | date | None) -> bool:
    return value is not None and not isinstance(value, datetime)


def _known(value: datetime | date | None) -> datetime | None:
    return value if isinstance(value, datetime) else None


def _placed(
    value: datetime | date | None,
    usual: Callable[[date], datetime],
    *,
    earliest: datetime | None,
    latest: datetime | None,
) -> datetime | None:
    """Return the usual instant of a day, moved only as far as another instant of that day asks."""
    if value is None or isinstance(value, datetime):
        return value
    at = usual(value)
    if earliest is not None and local(earliest).date() == value:
        at = max(at, earliest)
    if latest is not None and local(latest).date() == value:
        at = min(at, latest)
    return at
