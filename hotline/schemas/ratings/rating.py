"""What an enterprise sends to rate, and what a channel sends for it."""

from dataclasses import dataclass
from typing import Any

from marshmallow import EXCLUDE, fields, pre_load
from marshmallow.validate import Range

from hotline.casework.ratings.body_rating import Check
from hotline.casework.ratings.rating import RatingGiven
from hotline.rules.vocabulary import Satisfaction
from hotline.schemas.base import Choice, Form, NumberText, Several, Text
from hotline.schemas.intake.enterprise import Phone
from hotline.schemas.intake.history import Instant, YesNo


class RatingForm(Form):
    makes = RatingGiven
    level = Choice(Satisfaction, required=True)
    reasons = Several(Text(32))
    remark = Text(1000, empty="", load_default="")


class PublicRatingForm(Form):
    """The same with the query code beside it, for whoever is not signed in."""

    code = NumberText(12, required=True)
    level = Choice(Satisfaction, required=True)
    reasons = Several(Text(32))
    remark = Text(1000, empty="", load_default="")


class LinkRatingForm(Form):
    """At a link: a telephone number may be left, so that the centre can call."""

    level = Choice(Satisfaction, required=True)
    reasons = Several(Text(32))
    remark = Text(1000, empty="", load_default="")
    phone = Phone(40, load_default=None)


class ChannelRatingForm(Form):
    """From a channel: what was rated, at which visit or use, and the rater as the channel knows one."""

    body = Text(64, required=True)
    occasion = Text(80, required=True)
    level = Choice(Satisfaction, required=True)
    reasons = Several(Text(32))
    remark = Text(1000, empty="", load_default="")
    rater = Text(120, empty="", load_default="")
    phone = Phone(40, load_default=None)


class SlipForm(Form):
    """A slip with a link of its own for one visit; it holds for some days."""

    body = Text(64, required=True)
    occasion = Text(80, required=True)
    days = fields.Integer(validate=Range(1, 30), load_default=7)


class CheckForm(Form):
    makes = Check
    confirmed = fields.Boolean(required=True)
    note = Text(1000, required=True)


@dataclass(frozen=True, slots=True)
class ImportedRating:
    """A row of a file: the channel is one of `rated_bodies.toml`; a default rating is nobody's."""

    channel: str
    default: bool
    row: dict[str, Any]


def _imported(channel: str, default: bool = False, **row: Any) -> ImportedRating:
    return ImportedRating(channel, default, row)


RATING_COLUMNS = ("channel", "body", "occasion", "level", "rated_at")
LEVELS = {word.label: word for word in Satisfaction} | {str(word.score): word for word in Satisfaction}


class _Level(Choice):
    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        return LEVELS.get(str(value).strip()) or super()._deserialize(value, attr, data, **kwargs)


class ImportedRatingForm(Form):
    """Levels by name, by word or by number; reasons apart by blanks, commas or 、."""

    makes = staticmethod(_imported)

    class Meta:
        unknown = EXCLUDE

    channel = Text(32, required=True)
    body = Text(64, required=True)
    occasion = Text(80, required=True)
    level = _Level(Satisfaction, required=True)
    rated_at = Instant(required=True, error_messages={"required": "必须填写"})
    reasons = Several(Text(32))
    remark = Text(1000)
    rater = Text(120)
    phone = Phone(40)
    default = YesNo()

    @pre_load
    def prepare(self, data: Any, **kwargs: Any) -> dict[str, Any]:
        row = {name: value for name, value in data.items() if value is not None and str(value).strip()}
        if "reasons" in row:
            row["reasons"] = str(row["reasons"]).replace("、", " ").replace(",", " ").split()
        return row
