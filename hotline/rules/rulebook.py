"""All rule objects together, built once at start and handed to every deed."""

from dataclasses import dataclass

from hotline.rules.call_back import CallBackRules
from hotline.rules.hot_topics import HotTopicRules
from hotline.rules.ladder import Ladder
from hotline.rules.rating import RatingRules
from hotline.rules.time_limits import TimeLimits
from hotline.rules.working_calendar import WorkingCalendar


@dataclass(frozen=True)
class Rulebook:
    """The calendar, the limits, the ladder, the ratings, the calls and the hot topics as they stand now."""

    calendar: WorkingCalendar
    limits: TimeLimits
    ladder: Ladder
    ratings: RatingRules
    call_back: CallBackRules
    hot_topics: HotTopicRules
