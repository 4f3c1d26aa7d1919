"""How much may come from outside, so that nobody floods the desks."""

from dataclasses import dataclass
from datetime import timedelta

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class SubmissionRules:
    """Matters from one address within an hour; a hall with its terminals may be one address."""

    an_hour: int
