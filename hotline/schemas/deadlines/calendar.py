"""What an administrator sends about the calendar, and asks of the time limits."""

from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields, validate

from hotline.casework.deadlines.calendar import FIRST_YEAR, LAST_YEAR, LONGEST_NAME
from hotline.queries.deadlines.ladder import Supposed
from hotline.rules.deadlines.calendar_change import DayGiven
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.rules.vocabulary import ClockKind, Difficulty
from hotline.schemas.base import Choice, Day, Form, Text

YEARS = validate.Range(FIRST_YEAR, LAST_YEAR, error="年份应在{min}至{max}之间")
LONGEST_FILE = 200_000


class YearQuery(Form):
    year = fields.Integer(validate=YEARS)


class DayForm(Form):
    makes = DayGiven
    on = Day(required=True)
    working = fields.Boolean(required=True)
    name = Text(LONGEST_NAME, required=True)


class YearForm(Form):
    """`document`: the text of a holiday-cn year file."""

    document = Text(LONGEST_FILE, required=True)


class LocalInstant(fields.NaiveDateTime):
    """What a page sends of a day and an hour: in the time of the city."""

    default_error_messages = {"invalid": "应为日期和时间，例如 2026-09-30T17:00"}

    def _deserialize(self, *args: Any, **kwargs: Any) -> datetime:
        at = super()._deserialize(*args, **kwargs)
        if not FIRST_YEAR <= at.year <= LAST_YEAR:
            raise ValidationError(f"年份应在{FIRST_YEAR}至{LAST_YEAR}之间")
        return at.replace(tzinfo=ZONE)


class SupposedForm(Form):
    makes = Supposed
    start = LocalInstant(required=True, format="%Y-%m-%dT%H:%M")
    kind = Choice(ClockKind, required=True)
    difficulty = Choice(Difficulty, load_default=Difficulty.ORDINARY)
    days = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 366, error="应为{min}至{max}"))
