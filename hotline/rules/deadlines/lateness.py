"""Late: the only place where a due is compared with an instant. `models/deadlines/lateness.py` says the same in SQL."""

from datetime import datetime
from typing import Protocol


class TimedClock(Protocol):
    """What these questions ask of a clock; a row with its columns will do."""

    @property
    def due_at(self) -> datetime: ...
    @property
    def provisional(self) -> bool: ...
    @property
    def paused_at(self) -> datetime | None: ...
    @property
    def stopped_at(self) -> datetime | None: ...
    @property
    def late(self) -> bool | None: ...


class EndedClock(TimedClock, Protocol):
    """A clock that may have ended: the columns of `TimedClock` and those of its end."""

    @property
    def met_at(self) -> datetime | None: ...


def has_passed(due_at: datetime, at: datetime) -> bool:
    """Return whether a due or a window is over at this instant; at the due itself there is still time."""
    return at > due_at


def has_come(due_at: datetime, at: datetime) -> bool:
    """Return whether a due is reached at this instant: from the due itself on, as the ladder goes red."""
    return at >= due_at


def due_is_late(due_at: datetime | None, now: datetime, *, provisional: bool) -> bool:
    """Return whether the due of a clock that runs and is not paused is late; a provisional one passes for nobody."""
    return due_at is not None and not provisional and now > due_at


def is_late(clock: TimedClock, now: datetime) -> bool:
    """Return whether a clock is late: it runs, is neither paused nor provisional, and its due has passed."""
    runs = clock.stopped_at is None and clock.paused_at is None
    return runs and due_is_late(clock.due_at, now, provisional=clock.provisional)


def was_late(clock: TimedClock, now: datetime) -> bool:
    """Return whether a clock is or was late, as a file tells its history.

    A stopped one keeps what was fixed at its end; a paused one that was late when it was paused stays late.
    """
    if clock.stopped_at is not None:
        return bool(clock.late)
    return bool(clock.late) or due_is_late(clock.due_at, clock.paused_at or now, provisional=clock.provisional)


def is_counted(clock: EndedClock, now: datetime) -> bool:
    """Return whether a clock counts in the rates of what was on time: it was met, or it is or was late.

    What ended in time without being met (recalled, reassigned, merged, withdrawn, terminated) counts nowhere.
    """
    return clock.met_at is not None or was_late(clock, now)


def ends_late(clock: TimedClock, at: datetime) -> bool:
    """Return whether a clock that ends at this instant is late for good; a paused one ends as it was paused.

    A due that is provisional to the end has passed for nobody.
    """
    return bool(clock.late) or due_is_late(clock.due_at, clock.paused_at or at, provisional=clock.provisional)
