"""Guessing query codes: how many wrong tries lock the public look-up."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class LookUpRules:
    """Wrong tries from one address within `window_minutes`, for one ticket and in all; for one ticket from anywhere in a day."""

    window_minutes: int
    per_ticket_and_address: int
    per_address: int
    per_ticket_and_day: int

    @property
    def window(self) -> timedelta:
        return timedelta(minutes=self.window_minutes)

    def lock(self, *, here: int, from_address: int, today: int) -> str | None:
        """Return how long to wait, as people say it; None while so few wrong tries lock nothing.

        `here`: for this ticket from this address; `today`: for this ticket from anywhere.
        """
        if today >= self.per_ticket_and_day:
            return "过一天"
        if from_address >= self.per_address or here >= self.per_ticket_and_address:
            return f"过{self.window_minutes}分钟"
        return None
