"""The ladder of what is late: which step of a clock fires at which instant, and who is told.

0 notice at half of the working time; 1 yellow at the opening of business of the day of the due (two working hours left for
clocks of one day and shorter); 2 red at the due; 3 a supervision order at the close of the second working day after it, for
signing, handling, rectifying and the reply to an order; 4 a circular at the close of the fifth working day on which an order
has stayed unanswered. A clock of minutes warns on the wall: 0 at half of the time from its start to its due, 1 at three
quarters. So does, by its working time, a clock that has no more of it than the warning of two hours.

A due that moves arms the steps again: those whose instant by the new due lies ahead fire once more, the others are behind it.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hotline.rules.deadlines.working_calendar import ZONE, WorkingCalendar
from hotline.rules.refusals import CalendarNotPublished
from hotline.rules.vocabulary import ORDER_CLOCKS, UNIT_CLOCKS, ClockKind, Role, Word

NOTICE, YELLOW, RED, ORDER, CIRCULAR = 0, 1, 2, 3, 4
HALF, THREE_QUARTERS = 0.5, 0.75


class StepName(Word):
    NOTICE = "notice", "预警"
    YELLOW = "yellow", "黄牌"
    RED = "red", "红牌"
    ORDER = "order", "督办单"
    CIRCULAR = "circular", "通报"


class OrderIssue(Word):
    """How an order of the ladder begins: as a draft that a supervisor signs, or at once in the name of the system."""

    SIGNED = "signed", "经督办员签发"
    AUTOMATIC = "automatic", "自动签发"


STEP_LABELS = tuple(name.label for name in StepName)


@dataclass(frozen=True, slots=True)
class Fired:
    """A step that was reached at its true instant; `passed_over` ones are recorded and nobody is told."""

    step: int
    at: datetime
    passed_over: bool = False


@dataclass(frozen=True, slots=True)
class Timing:
    """What the ladder needs to know of a clock. `reached` is the last step recorded (-1: none).

    `short`: of one working day and less; `on_the_wall`: counted in minutes, 7 x 24.
    """

    kind: ClockKind
    started_at: datetime
    due_at: datetime
    short: bool
    reached: int = -1
    on_the_wall: bool = False

    def on_the_clock_face(self, part: float) -> datetime:
        """Return the instant at which so large a part of the time on the wall between start and due has passed."""
        return self.started_at + (self.due_at - self.started_at) * part


@dataclass(frozen=True, slots=True)
class Ladder:
    """`told_unit` and `told_centre`: the roles told at each step, by the desk that the clock belongs to."""

    told_unit: Mapping[int, frozenset[Role]]
    told_centre: Mapping[ClockKind, frozenset[Role]]
    short_warning: timedelta = timedelta(hours=2)
    order_after_days: int = 2
    circular_after_days: int = 5
    order_issue: OrderIssue = OrderIssue.SIGNED

    def last_step(self, kind: ClockKind) -> int:
        """The highest step of this kind of clock: 4 for the reply to an order, 3 for what an order may follow, 2 for the rest."""
        if kind is ClockKind.ORDER_REPLY:
            return CIRCULAR
        return ORDER if kind in ORDER_CLOCKS else RED

    def recipients(self, kind: ClockKind, step: int) -> tuple[frozenset[Role], frozenset[Role]]:
        """(roles of the unit, roles of the centre) that are told at this step."""
        if kind in UNIT_CLOCKS:
            centre = frozenset({Role.SUPERVISOR}) if step >= RED else frozenset()
            return self.told_unit[step], centre
        desk = self.told_centre[kind]
        return frozenset(), desk | {Role.SUPERVISOR} if step >= RED else desk

    def instant(self, step: int, timing: Timing, calendar: WorkingCalendar) -> datetime:
        """The instant of one step; needs the exact calendar from step 3 on and refuses `CalendarNotPublished`."""
        if step == NOTICE:
            return self._part(HALF, timing, calendar)
        if step == YELLOW:
            return self._yellow(timing, calendar)
        if step == RED:
            return timing.due_at
        order_at = calendar.exact_due(timing.due_at, self.order_after_days)
        if step == ORDER:
            return order_at
        return max(order_at, calendar.exact_due(timing.started_at, self.circular_after_days))

    def _part(self, part: float, timing: Timing, calendar: WorkingCalendar) -> datetime:
        """The instant at which so large a part of the time has passed: of the working time, or of that on the wall."""
        span = timedelta() if timing.on_the_wall else calendar.working_time_between(timing.started_at, timing.due_at)
        return calendar.after_working_time(timing.started_at, span * part) if span else timing.on_the_clock_face(part)

    def _yellow(self, timing: Timing, calendar: WorkingCalendar) -> datetime:
        if timing.on_the_wall:
            return self._part(THREE_QUARTERS, timing, calendar)
        if not timing.short:
            return calendar.opening(timing.due_at.astimezone(ZONE).date())
        span = calendar.working_time_between(timing.started_at, timing.due_at)
        if span <= self.short_warning:
            return self._part(THREE_QUARTERS, timing, calendar)
        return calendar.after_working_time(timing.started_at, span - self.short_warning)

    def plan(self, timing: Timing, calendar: WorkingCalendar) -> tuple[Fired, ...]:
        """The steps still to come, in order, each with its instant.

        A lower step that would not come before a higher one, or not after the start, is passed over. A step that lies in
        a year nobody has announced is left out: it is planned when the calendar is.
        """
        steps = range(timing.reached + 1, self.last_step(timing.kind) + 1)
        instants: list[tuple[int, datetime]] = []
        with suppress(CalendarNotPublished):
            instants.extend((step, self.instant(step, timing, calendar)) for step in steps)
        planned = []
        for index, (step, at) in enumerate(instants):
            later = [other for _, other in instants[index + 1 :]]
            over = step < RED and (at <= timing.started_at or any(at >= other for other in later))
            planned.append(Fired(step, min([at, *later]), over))
        return tuple(planned)

    def due_steps(
        self, timing: Timing, now: datetime, calendar: WorkingCalendar
    ) -> tuple[tuple[Fired, ...], datetime | None]:
        """(the steps reached by `now` with their true instants, the instant of the next one or None)."""
        plan = self.plan(timing, calendar)
        fired = tuple(step for step in plan if step.at <= now)
        rest = plan[len(fired) :]
        return fired, rest[0].at if rest else None

    def behind(self, timing: Timing, now: datetime, calendar: WorkingCalendar) -> tuple[Fired, ...]:
        """The steps up to the one reached that lie behind `now` by this due: a due that moves does not arm them again."""
        plan = self.plan(replace(timing, reached=-1), calendar)
        return tuple(fired for fired in plan if fired.step <= timing.reached and fired.at <= now)

    def first_instant(self, timing: Timing, calendar: WorkingCalendar) -> datetime | None:
        """When the scheduler has to look at this clock next."""
        plan = self.plan(timing, calendar)
        return plan[0].at if plan else None
