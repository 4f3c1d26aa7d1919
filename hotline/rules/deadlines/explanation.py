"""A due, and why it is then: every day on the way to it, counted or skipped."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Due:
    """The end of a period, in Asia/Shanghai."""

    at: datetime
    provisional: bool


@dataclass(frozen=True, slots=True)
class CountedDay:
    on: date
    counts: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Every day from the one after the start to the due, counted or skipped, with the reason."""

    start: datetime
    days: int
    due: Due
    counted: tuple[CountedDay, ...]
    calendar_version: str

    def sentence(self) -> str:
        skipped = [f"{day.on:%m-%d}（{day.reason}）" for day in self.counted if not day.counts]
        tail = "，未计：" + "、".join(skipped) if skipped else ""
        sure = "（暂定：该年节假日安排尚未公布）" if self.due.provisional else ""
        return f"自{self.start:%Y-%m-%d %H:%M}起{self.days}个工作日，{self.due.at:%Y-%m-%d %H:%M}到期{sure}{tail}。"
