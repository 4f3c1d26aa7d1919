"""All rule objects together, built once at start and handed to every deed."""

from dataclasses import dataclass

from hotline.rules.ladder import Ladder
from hotline.rules.time_limits import TimeLimits
from hotline.rules.working_calendar import WorkingCalendar


@dataclass(frozen=True)
class RatingRules:
    """`open_days`: calendar days in which a ticket may be rated after it was answered or closed."""

    open_days: int = 30


@dataclass(frozen=True)
class Rulebook:
    """The calendar, the limits, the ladder and the ratings as they stand now."""

    calendar: WorkingCalendar
    limits: TimeLimits
    ladder: Ladder
    ratings: RatingRules
