"""How long each thing may take, and when the clock of a ticket starts.

Sources: the policy's item 15 (1 working day to sign for, 5 to close, 15 when difficult); the other numbers are defaults of
`config/time_limits.toml`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from hotline.rules.deadlines.working_calendar import Due, WorkingCalendar
from hotline.rules.vocabulary import ClockKind, Difficulty, ResultKind, Urgency

SAME_DAY = "当日"


@dataclass(frozen=True, slots=True)
class Limit:
    """Exactly one of: whole working days, the close of the same day, or minutes on the wall clock (7 x 24)."""

    days: int | None = None
    same_day: bool = False
    minutes: int | None = None

    def due(self, start: datetime, calendar: WorkingCalendar) -> Due:
        """The instant at which a clock that starts at `start` runs out; provisional in a year nobody has announced."""
        if self.minutes is not None:
            return Due(start + timedelta(minutes=self.minutes), provisional=False)
        if self.same_day:
            return calendar.same_day_due(start)
        return calendar.due(start, self.days or 1)

    def text(self) -> str:
        """The limit as people say it."""
        if self.minutes is not None:
            hours, rest = divmod(self.minutes, 60)
            return f"{self.minutes}分钟（全天候计时）" if rest else f"{hours}小时（全天候计时）"
        return SAME_DAY if self.same_day else f"{self.days}个工作日"


def calendar_limit(days: int | None, text: str) -> Limit | None:
    """Return the limit of a stored clock, by its columns, where the calendar counts it; None for minutes on the wall."""
    if days is not None:
        return Limit(days=days)
    return Limit(same_day=True) if text == SAME_DAY else None


def counts_minutes(days: int | None, text: str) -> bool:
    """Return whether a stored clock, by its columns, runs on the wall, 7 x 24: no calendar moves its due."""
    return calendar_limit(days, text) is None


def runs_day_and_night(kind: ClockKind, urgency: Urgency, round: int) -> bool:
    """True for the clocks that are counted on the wall, 7 x 24: signing for an urgent matter, and its first handling."""
    first = kind is ClockKind.HANDLE and round == 1
    return urgency is not Urgency.ROUTINE and (kind is ClockKind.SIGN or first)


class Matter(Protocol):
    """What of a ticket decides its limits; no difficulty yet counts as ordinary."""

    @property
    def difficulty(self) -> Difficulty | None: ...

    @property
    def round(self) -> int: ...

    @property
    def urgency(self) -> Urgency: ...


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """The limits by kind of clock; `handle` by difficulty and round; `sign` and `handle` by urgency.

    `tracked`: the working days within which a promise, or the end of a legal procedure, has to lie.
    """

    plain: Mapping[ClockKind, Limit]
    handle: Mapping[Difficulty, Limit]
    rework: Mapping[Difficulty, Limit]
    rectify: Mapping[Difficulty, Limit]
    urgent_sign: Mapping[Urgency, Limit]
    urgent_handle: Limit
    extension: Mapping[Difficulty, int]
    tracked: Mapping[ResultKind, int]
    reworks_to_order: int
    refused_returns_to_order: int
    handle_clock_start: str = "signed_capped"
    rounds: int = 3
    review_days_given_back: int = 2
    archive_after_days: int = 30
    returns: int = 2
    difficult_within_days: int = 3
    suspension_days: int = 30
    suspension_material_days: int = 5
    reopen_days: int = 30
    object_days: int = 30
    quality_call_days: int = 2
    merges_to_order: int = 3
    appeal_within_days: int = 3
    attempts: int = 3
    attempt_days: int = 2

    def limit(self, kind: ClockKind, matter: Matter) -> Limit:
        """The limit of one clock: 5 working days for an ordinary matter, 15 for a difficult one, 5 / 10 when done again."""
        difficulty = matter.difficulty or Difficulty.ORDINARY
        if runs_day_and_night(kind, matter.urgency, matter.round):
            return self.urgent_sign[matter.urgency] if kind is ClockKind.SIGN else self.urgent_handle
        if kind is ClockKind.HANDLE:
            return self.handle[difficulty] if matter.round == 1 else self.rework[difficulty]
        if kind is ClockKind.RECTIFY:
            return self.rectify[difficulty]
        return self.plain[kind]

    def handle_start(self, *, dispatched_at: datetime, sign_due_at: datetime, signed_at: datetime) -> datetime:
        """Where the handling clock begins: at the signing, but never later than the sign due (not signing buys no time)."""
        if self.handle_clock_start == "dispatched":
            return dispatched_at
        return min(signed_at, sign_due_at)
