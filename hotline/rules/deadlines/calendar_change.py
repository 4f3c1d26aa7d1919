"""A change of the calendar: what is stated anew, and what it would do to the open dues."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from hotline.rules.vocabulary import ClockKind


@dataclass(frozen=True, slots=True)
class Change:
    """What is stated anew: a `whole` year in place of all that was stated for it here, or single days of it."""

    year: int
    days: Mapping[date, tuple[bool, str]]
    whole: bool

    def replaces(self, on: date, year: int) -> bool:
        """Return whether an earlier import's statement for this day is replaced."""
        return on in self.days or (self.whole and year == self.year)


@dataclass(frozen=True, slots=True)
class DayGiven:
    """One day: whether people work on it, and why (`name`)."""

    on: date
    working: bool
    name: str


@dataclass(frozen=True, slots=True)
class Moved:
    """One due that would move; `what` is the number of the ticket, or the article of the knowledge base."""

    what: str
    kind: ClockKind
    old: datetime
    new: datetime
    was_provisional: bool
    provisional: bool


@dataclass(frozen=True, slots=True)
class Foreseen:
    """How many open dues would move, and the first of them, the nearest due first."""

    moved: int
    first: tuple[Moved, ...]
