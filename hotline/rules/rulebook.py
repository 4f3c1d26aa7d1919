"""All rule objects together, built once at start and handed to every action."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hotline.rules.accounts.administration import AdministrationRules
from hotline.rules.accounts.passwords import PasswordRules
from hotline.rules.accounts.sign_in import SignInRules
from hotline.rules.call_backs.call_back import CallBackRules
from hotline.rules.deadlines.ladder import Ladder
from hotline.rules.deadlines.rule_versions import Sources
from hotline.rules.deadlines.time_limits import TimeLimits
from hotline.rules.deadlines.working_calendar import WorkingCalendar
from hotline.rules.intake.import_columns import ImportColumns
from hotline.rules.intake.repeats import RepeatRules
from hotline.rules.intake.retention import ContactRules
from hotline.rules.jobs import CleanupRules
from hotline.rules.knowledge.article_use import UseRules
from hotline.rules.knowledge.freshness import FreshnessRules
from hotline.rules.public.look_up import LookUpRules
from hotline.rules.public.public_submission import SubmissionRules
from hotline.rules.ratings.rating import RatingRules
from hotline.rules.tickets.hot_topics import HotTopicRules


@dataclass(frozen=True, slots=True)
class TimingRules:
    """The part of one version of the rules that decides dues and the instants of steps."""

    limits: TimeLimits
    ladder: Ladder


@dataclass(frozen=True)
class Rulebook:
    """All the rules as they stand now.

    `sources`: what `config/` states of the rules that are kept as dated versions. `version`: the one in force (None: none is
    stored); `timing_rules`: those of every version.
    """

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
    look_up: LookUpRules
    repeats: RepeatRules
    cleanup: CleanupRules
    import_columns: ImportColumns
    sources: Sources = field(default_factory=dict)
    version: int | None = None
    timing_rules: Mapping[int, TimingRules] = field(default_factory=dict)

    def began_by(self, version: int | None) -> TimingRules:
        """Return what holds for a clock that began by this version; the first one for those that name none."""
        found = self.timing_rules.get(min(self.timing_rules, default=0) if version is None else version)
        return found or TimingRules(self.limits, self.ladder)
