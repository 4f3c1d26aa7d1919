"""How long is kept what is known of a person who speaks for an enterprise: 个人信息保护法 asks for the shortest time needed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_YEAR = timedelta(days=366)
LEAST_YEARS = 2
USED_AGAIN = timedelta(days=365)
"""A sealed version is used for a new matter for so long, then it is sealed anew: what is about to be destroyed is never taken."""


@dataclass(frozen=True, slots=True)
class ContactRules:
    """For how many years after the last matter, call, rating or notice that the contact belongs to."""

    kept_years: int

    def needless_before(self, now: datetime) -> datetime:
        """What nothing has needed since then is destroyed."""
        return now - self.kept_years * LONGEST_YEAR
