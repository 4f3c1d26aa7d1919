"""All rule objects together, built once at start and handed to every deed."""

from dataclasses import dataclass

from hotline.rules.administration import AdministrationRules
from hotline.rules.article_use import UseRules
from hotline.rules.call_back import CallBackRules
from hotline.rules.contacts import ContactRules
from hotline.rules.freshness import FreshnessRules
from hotline.rules.hot_topics import HotTopicRules
from hotline.rules.ladder import Ladder
from hotline.rules.passwords import PasswordRules
from hotline.rules.rating import RatingRules
from hotline.rules.sign_in import SignInRules
from hotline.rules.submitting import SubmissionRules
from hotline.rules.time_limits import TimeLimits
from hotline.rules.working_calendar import WorkingCalendar


@dataclass(frozen=True)
class Rulebook:
    """All the rules as they stand now."""

    calendar: WorkingCalendar
    limits: TimeLimits
    ladder: Ladder
    ratings: RatingRules
    call_back: CallBackRules
    article_use: UseRules
    freshness: FreshnessRules
    hot_topics: HotTopicRules
    passwords: PasswordRules
    sign_in: SignInRules
    submissions: SubmissionRules
    administration: AdministrationRules
    contacts: ContactRules
