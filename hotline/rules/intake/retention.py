"""How long is kept what is known of a person who speaks for an enterprise: 个人信息保护法 asks for the shortest time needed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_YEAR = timedelta(days=366)
LEAST_YEARS = 2


@dataclass(frozen=True, slots=True)
class ContactRules:
    """For how many years after the last matter, call, rating or notice that the contact belongs to.

    `used_again_days`: a sealed version is used for a new matter for so long, then it is sealed anew, so that what is about to be
    destroyed is never taken.
    """

    kept_years: int
    used_again_days: int

    def needless_before(self, now: datetime) -> datetime:
        """What nothing has needed since then is destroyed."""
        return now - self.kept_years * LONGEST_YEAR

    def used_again_since(self, now: datetime) -> datetime:
        """Return the instant before which a sealed version is too old for a new matter."""
        return now - timedelta(days=self.used_again_days)
