"""One clock as the rules say it runs, kept by hand beside the service's own."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.trials.working_time import BEIJING, HOURS_A_DAY, Days, clock_time

NOTICE, YELLOW, RED, ORDER = range(4)
WARNING = timedelta(hours=2)
ORDERED = ("sign", "handle")
Fired = dict[int, tuple[datetime, bool]]
"""step -> (its instant, whether it was passed over)."""


@dataclass
class HandClock:
    """A limit of `minutes` on the wall, of `days`, or of the same day; `fired` holds the steps of each due that it ever had."""

    kind: str
    start: datetime
    calendar: Days
    days: int | None = None
    minutes: int | None = None
    extra: int = 0
    waiting: timedelta = timedelta()
    paused: datetime | None = None
    stopped: datetime | None = None
    met: datetime | None = None
    late: bool | None = None
    step: int = -1
    due: datetime = field(init=False)
    fired: dict[datetime, Fired] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.due = self.counted()

    def counted(self) -> datetime:
        """The due from the start on, with all that was added."""
        if self.minutes is not None:
            return self.start + timedelta(minutes=self.minutes, days=self.extra) + self.waiting
        due = (
            self.calendar.same_day(self.start)
            if self.days is None
            else self.calendar.close_after(self.start, self.days)
        )
        return self.calendar.close_after(due, self.extra) if self.extra else due

    @property
    def runs(self) -> bool:
        return self.stopped is None

    # --- the ladder

    def instants(self) -> Fired:
        """When each step comes by the due of now."""
        own = {NOTICE: self._notice(), YELLOW: self._yellow(), RED: self.due}
        if self.kind in ORDERED:
            own[ORDER] = self.calendar.close_after(self.due, 2)
        found: Fired = {}
        for step, at in own.items():
            above = [other for higher, other in own.items() if higher > step]
            silent = step < RED and (at <= self.start or any(other <= at for other in above))
            found[step] = (min([at, *above]), silent)
        return found

    def _notice(self) -> datetime:
        worked = self.calendar.worked(self.start, self.due)
        if self.minutes is not None or not worked:
            return self.start + (self.due - self.start) / 2
        return self.calendar.after(self.start, worked / 2)

    def _yellow(self) -> datetime:
        if self.minutes is not None:
            return self.start + (self.due - self.start) * 3 / 4
        if self.days is not None and self.days > 1:
            return clock_time(self.due.astimezone(BEIJING).date(), "08:30")
        worked = self.calendar.worked(self.start, self.due)
        return self.calendar.after(self.start, worked * 3 / 4 if worked <= WARNING else worked - WARNING)

    def climb(self, now: datetime) -> list[tuple[int, datetime]]:
        """The steps that have come by now, in their order."""
        come = []
        if self.runs and self.paused is None:
            for step, (at, silent) in self.instants().items():
                if step > self.step and at <= now:
                    self.fired.setdefault(self.due, {})[step] = (at, silent)
                    self.step = step
                    come.append((step, at))
        return come

    def move(self, due: datetime, now: datetime) -> bool:
        """Another due: what lies ahead by it comes again, what lies behind does not, and nothing comes twice for one due."""
        if due == self.due:
            return False
        self.due = due
        here = self.fired.get(due, {})
        last = max(here, default=-1)
        for step, (at, _) in self.instants().items():
            if step <= self.step and at <= now and step > last:
                self.fired.setdefault(due, {})[step] = (at, True)
        self.step = max(self.fired.get(due, {}), default=-1)
        return True

    # --- what people do

    def add(self, days: int, now: datetime) -> bool:
        """Days more."""
        self.extra += days
        if self.minutes is not None:
            return self.move(self.due + timedelta(days=days), now)
        return self.move(self.calendar.close_after(self.due, days) if days else self.due, now)

    def resume(self, now: datetime) -> bool:
        """It goes on: by the wall for minutes, by full days of working time for days; not at all where it was late."""
        begin, self.paused = self.paused, None
        assert begin is not None
        if begin > self.due:
            return False
        if self.minutes is not None:
            self.waiting += now - begin
            return self.move(self.due + (now - begin), now)
        self.waiting += self.calendar.worked(begin, now)
        days = self.waiting // HOURS_A_DAY
        self.waiting -= days * HOURS_A_DAY
        return self.add(days, now)

    def end(self, now: datetime, *, met: bool) -> None:
        self.late = bool(self.late) or (self.paused or now) > self.due
        self.stopped, self.met = now, now if met else self.met

    def restart(self, now: datetime) -> bool:
        """It goes on as if it had never ended, by the calendar of now."""
        self.stopped = self.met = None
        self.late = self.late or None
        return not self.late and self.move(self.counted(), now)
