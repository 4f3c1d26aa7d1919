"""The working calendar: layers of announced days, and counting in working days to the close of business.

The day of the event is never counted; n working days later the period ends at close of business (Civil Code art. 200-204). A
year that no layer has announced is refused (`CalendarNotPublished`) by every question that needs an exact answer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from hotline.rules.deadlines.business_hours import (
    BusinessHours,
    Session,
    WorkingSpan,
    instant_after,
    span_of,
    time_within,
)
from hotline.rules.deadlines.explanation import CountedDay as CountedDay
from hotline.rules.deadlines.explanation import Due as Due
from hotline.rules.deadlines.explanation import Explanation as Explanation
from hotline.rules.deadlines.festivals import fixed_festival, year_of_notice
from hotline.rules.deadlines.lateness import due_is_late
from hotline.rules.refusals import CalendarNotPublished, DateOutOfRange

ZONE = ZoneInfo("Asia/Shanghai")
ONE_DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 1949, 2999
"""What lies outside is no date of any matter: it is refused (`DateOutOfRange`) and never counted."""


@dataclass(frozen=True, slots=True)
class Day:
    """What a day is and which layer says so; `provisional` in a year nobody has announced."""

    on: date
    working: bool
    reason: str
    layer: str
    provisional: bool = False


@dataclass(frozen=True)
class Layer:
    """Days that are stated; a year in `years` is announced, and its other days are plain Monday-Friday.

    A year in `whole` is stated for all of its days: what the layers below say of it counts no longer.
    """

    name: str
    days: Mapping[date, tuple[bool, str]]
    years: frozenset[int]
    whole: frozenset[int] = frozenset()


def local(at: datetime) -> datetime:
    """The instant in Asia/Shanghai; refuses (ValueError) one without a time zone, and `DateOutOfRange`."""
    if at.tzinfo is None:
        raise ValueError(f"an instant needs a time zone: {at!r}")
    check_range(at)
    return at.astimezone(ZONE)


def check_range(on: date) -> None:
    """Refuse (`DateOutOfRange`) a day or an instant with which no calendar can reckon."""
    if not FIRST_YEAR <= on.year <= LAST_YEAR:
        raise DateOutOfRange(FIRST_YEAR, LAST_YEAR)


class WorkingCalendar:
    """Layers, first answer wins for each date; one index over all announced years makes counting a look-up."""

    def __init__(self, layers: tuple[Layer, ...], hours: BusinessHours, version: str) -> None:
        self.layers = layers
        self.hours = hours
        self.version = version

    @cached_property
    def _announced(self) -> frozenset[int]:
        return frozenset[int]().union(*(layer.years for layer in self.layers))

    def announced_years(self) -> frozenset[int]:
        """The years that some layer has announced."""
        return self._announced

    @cached_property
    def _index(self) -> tuple[date, list[int], list[date]]:
        """(first day, working days up to and including each day, the working days themselves), with Mon-Fri in gaps."""
        years = self._announced or {2000}
        first, last = date(min(years), 1, 1), date(max(years) + 2, 12, 31)
        totals, working = [], []
        for offset in range((last - first).days + 1):
            on = first + timedelta(days=offset)
            if self.look(on).working:
                working.append(on)
            totals.append(len(working))
        return first, totals, working

    def look(self, on: date) -> Day:
        """As `day`; in a year that nobody has announced a guess (`provisional`): Monday to Friday but for fixed festivals."""
        replaced = frozenset[int]()
        for layer in self.layers:
            stated = layer.days.get(on)
            if stated is not None and year_of_notice(on, stated[1]) not in replaced:
                return Day(on, stated[0], stated[1], layer.name)
            replaced |= layer.whole
        return self._unstated(on)

    def _unstated(self, on: date) -> Day:
        weekday = on.weekday() < 5
        reason = "工作日" if weekday else "周末"
        for layer in self.layers:
            if on.year in layer.years:
                return Day(on, weekday, reason, layer.name)
        festival = fixed_festival(on)
        return Day(on, weekday and not festival, festival or reason, "", provisional=True)

    def _is_exact(self, on: date) -> bool:
        return on.year in self._announced or not self.look(on).provisional

    def day(self, on: date) -> Day:
        """What this day is; refuses `CalendarNotPublished`."""
        day = self.look(on)
        if day.provisional:
            raise CalendarNotPublished(on.year)
        return day

    def is_working_day(self, on: date) -> bool:
        """Refuses `CalendarNotPublished`."""
        return self.day(on).working

    def _working(self, on: date) -> bool:
        first, totals, _ = self._index
        offset = (on - first).days
        if 0 < offset < len(totals):
            return totals[offset] != totals[offset - 1]
        return self.look(on).working

    def _nth(self, on: date, n: int) -> date:
        check_range(on)
        first, totals, working = self._index
        offset = (on - first).days
        if 0 <= offset < len(totals):
            position = totals[offset] + n - 1
            if position < len(working):
                return working[position]
        for _ in range(n):
            on += ONE_DAY
            while not self._working(on):
                on += ONE_DAY
        return on

    def _check_years(self, a: date, b: date) -> None:
        check_range(a)
        check_range(b)
        for year in range(a.year, b.year + 1):
            if year not in self._announced:
                first, last = max(a, date(year, 1, 1)), min(b, date(year, 12, 31))
                for offset in range((last - first).days + 1):
                    self.day(first + timedelta(days=offset))

    def nth_working_day_after(self, on: date, n: int) -> date:
        """The n-th working day after this day (n >= 1); refuses `CalendarNotPublished`."""
        if n < 1:
            raise ValueError("count at least one working day")
        found = self._nth(on, n)
        self._check_years(on + ONE_DAY, found)
        return found

    def working_days_between(self, a: date, b: date) -> int:
        """Working days in (a, b], negative when b lies before a; refuses `CalendarNotPublished`."""
        if b < a:
            return -self.working_days_between(b, a)
        check_range(a)
        if a != b:
            self._check_years(a + ONE_DAY, b)
        return self._between(a, b)

    def _between(self, a: date, b: date) -> int:
        check_range(a)
        check_range(b)
        first, totals, _ = self._index
        i, j = (a - first).days, (b - first).days
        if i >= 0 and j < len(totals):
            return totals[j] - totals[i]
        return sum(self._working(a + timedelta(days=n)) for n in range(1, (b - a).days + 1))

    def opening(self, on: date) -> datetime:
        check_range(on)
        return datetime.combine(on, self.hours.on(on).opens, ZONE)

    def close(self, on: date) -> datetime:
        """When a period that ends on this day is over."""
        check_range(on)
        return datetime.combine(on, self.hours.on(on).due_at, ZONE)

    def due(self, start: datetime, days: int) -> Due:
        """The close of business of the n-th working day after the start; provisional where nobody announced."""
        on = local(start).date()
        found = self._nth(on, days)
        try:
            self._check_years(on + ONE_DAY, found)
        except CalendarNotPublished:
            return Due(self.close(found), provisional=True)
        return Due(self.close(found), provisional=False)

    def exact_due(self, start: datetime, days: int) -> datetime:
        """As `due`; refuses `CalendarNotPublished` instead of guessing."""
        return self.close(self.nth_working_day_after(local(start).date(), days))

    def same_day_due(self, start: datetime) -> Due:
        """Close of business of that day; of the next working day when it starts after the cutoff or on a rest day."""
        at = local(start)
        if self._working(at.date()) and at.time() <= self.hours.on(at.date()).same_day_cutoff:
            return Due(self.close(at.date()), provisional=not self._is_exact(at.date()))
        return self.due(start, 1)

    def _sessions(self, since: date) -> Iterator[Session]:
        on = since
        while True:
            yield from self._on(on)
            on += ONE_DAY

    def _on(self, on: date) -> Iterator[Session]:
        if self._working(on):
            for opens, closes in self.hours.on(on).sessions:
                yield datetime.combine(on, opens, ZONE), datetime.combine(on, closes, ZONE)

    def is_open(self, at: datetime) -> bool:
        """True inside the working hours of a working day."""
        return self.next_opening(at) == at

    def next_opening(self, at: datetime) -> datetime:
        """`at` itself inside working hours, otherwise when they begin again."""
        here = local(at)
        begins, _ = next(session for session in self._sessions(here.date()) if session[1] > here)
        return max(begins, here)

    def working_time_between(self, a: datetime, b: datetime) -> timedelta:
        """Working hours between two instants, a <= b."""
        start, end = local(a), local(b)
        return time_within(self._sessions(start.date()), start, end)

    def span_between(self, a: datetime, b: datetime) -> WorkingSpan:
        """The working days and hours between two instants, a <= b: what is left until a due, or has passed since."""
        start, end = local(a), local(b)
        day = self.hours.on(end.date()).length
        if start.date() == end.date():
            return span_of(0, self.working_time_between(start, end), day)
        whole = self._between(start.date(), end.date() - ONE_DAY)
        first = time_within(self._on(start.date()), start, start + ONE_DAY)
        return span_of(whole, first + time_within(self._on(end.date()), end - ONE_DAY, end), day)

    def after_working_time(self, start: datetime, span: timedelta) -> datetime:
        """The first instant at which so much working time has passed since the start."""
        here = local(start)
        return instant_after(self._sessions(here.date()), here, span)

    def explain(self, start: datetime, days: int) -> Explanation:
        """The due, and each day on the way to it."""
        at = local(start)
        due = self.due(at, days)
        on = [at.date() + timedelta(days=n) for n in range(1, (due.at.date() - at.date()).days + 1)]
        counted = tuple(CountedDay(d.on, d.working, d.reason) for d in map(self.look, on))
        return Explanation(at, days, due, counted, self.version)

    def remaining_working_days(self, now: datetime, due_at: datetime) -> int:
        """Whole working days left; 0 on the due day, negative after it."""
        a, b = local(now).date(), local(due_at).date()
        return self._between(a, b) if a <= b else -self._between(b, a)

    def working_days_over(self, due_at: datetime, now: datetime, *, provisional: bool = False) -> int:
        """By how many whole working days a due is late: the closes of business after its day, as the ladder counts."""
        a, b = local(due_at).date(), local(now).date()
        if not due_is_late(due_at, now, provisional=provisional):
            return 0
        return self._between(a, b) - (b > a and self._working(b) and now < self.close(b))

    def changes(self, other: "WorkingCalendar") -> tuple[date, date] | None:
        """The first and the last day that the other calendar sees in another way; None when there is none."""
        years = self._announced | other._announced
        if not years:
            return None
        first, last = date(min(years), 1, 1), date(max(years), 12, 31)
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        changed = [on for on in days if self._kind(on) != other._kind(on)]
        return (changed[0], changed[-1]) if changed else None

    def _kind(self, on: date) -> tuple[bool, bool]:
        day = self.look(on)
        return day.working, day.provisional

    def with_layer(self, layer: Layer, position: int, version: str) -> "WorkingCalendar":
        """The same calendar with one more layer."""
        layers = (*self.layers[:position], layer, *self.layers[position:])
        return WorkingCalendar(layers, self.hours, version)
