"""Digests: whoever watches over many units hears of a step once for each unit and half day, not once for each ticket.

150 tickets that turn late on one evening are then as many lines as units have turned late. An urgent matter is told by itself.
"""

from datetime import datetime

from hotline.rules.deadlines.business_hours import BusinessHours
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.messages.recipients import SUPERVISORS

DIGESTED = SUPERVISORS
"""Who is told by digests of what the ladder climbs."""
CENTRE = "centre"
"""The code that stands for the centre's own desk in place of a unit's."""


def digest_key(unit: str, step: int, shown: datetime, hours: BusinessHours) -> str:
    """Return the key under which the steps of one unit are gathered that are shown in the same half of a day."""
    at = local(shown)
    half = "am" if at.time() < hours.on(at.date()).noon_to else "pm"
    return f"digest:{unit}:{step}:{at:%Y-%m-%d}:{half}"
