"""How near a due is: what is late, what ends today, what ends on the next working day, and the rest."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from hotline.rules.deadlines.lateness import due_is_late
from hotline.rules.deadlines.working_calendar import ZONE, WorkingCalendar, local
from hotline.rules.vocabulary import Word


class Nearness(Word):
    """In the order in which things have to be done; the last two are not counting against anybody here."""

    LATE = "late", "已超期"
    TODAY = "today", "今天到期"
    NEAR = "near", "下一个工作日到期"
    LATER = "later", "以后到期"
    PAUSED = "paused", "暂停计时"
    WAITING = "waiting", "等待中心办理"


DUE = (Nearness.LATE, Nearness.TODAY, Nearness.NEAR, Nearness.LATER)


@dataclass(frozen=True, slots=True)
class Edges:
    """Where the parts meet: late before `now`, today before `tomorrow`, near up to the next working day's `close`."""

    now: datetime
    tomorrow: datetime
    close: datetime

    def of(self, due_at: datetime, *, provisional: bool = False, paused: bool = False) -> Nearness:
        """Return how near the due of a running clock is; a provisional one is never late. SQL: `models.deadlines`."""
        if paused:
            return Nearness.PAUSED
        if due_is_late(due_at, self.now, provisional=provisional):
            return Nearness.LATE
        if due_at < self.tomorrow:
            return Nearness.TODAY
        return Nearness.NEAR if due_at <= self.close else Nearness.LATER


def edges_at(now: datetime, calendar: WorkingCalendar) -> Edges:
    """Return the edges as they lie now; the rest days before the next working day belong to what is near."""
    return Edges(now, _midnight_after(now), calendar.due(now, 1).at)


def _midnight_after(at: datetime) -> datetime:
    return datetime.combine(local(at).date() + timedelta(days=1), time(), ZONE)
