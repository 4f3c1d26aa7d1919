"""Likely repeats of an open matter: how far back they are looked for."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class RepeatRules:
    """Calendar days since a matter came in: of the same enterprise, and of anybody who says the same."""

    same_enterprise_days: int
    same_matter_days: int

    def same_enterprise_since(self, now: datetime) -> datetime:
        return now - timedelta(days=self.same_enterprise_days)

    def same_matter_since(self, now: datetime) -> datetime:
        return now - timedelta(days=self.same_matter_days)
