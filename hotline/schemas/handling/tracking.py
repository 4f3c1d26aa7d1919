"""What is written on a tracked item: a note, a report, a call. Which item is named by the address."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from hotline.casework.handling import tracking
from hotline.schemas.base import Form, Text


class TrackWordsForm(Form):
    text = Text(2000, required=True)


class TrackCheckForm(Form):
    """Reached: done or not. Not reached: no answer."""

    connected = fields.Boolean(required=True)
    done = fields.Boolean(allow_none=True)
    untrue = fields.Boolean()
    text = Text(2000, required=True)

    @validates_schema
    def check_answer(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data.get("connected") is (data.get("done") is None):
            raise ValidationError({"done": ["已接通，必须填写" if data.get("connected") else "没有接通，不能填写"]})

    @validates_schema
    def check_untrue(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data.get("untrue") and data.get("done") is not False:
            raise ValidationError({"untrue": ["企业未表示未完成，不能认定为虚假办结"]})


def on_item(step: str, item: int, given: dict[str, Any]) -> tracking.TrackWords | tracking.TrackCheck:
    """Return what a step takes: what was sent, on the item that the address names."""
    makes = tracking.TrackCheck if step == "check" else tracking.TrackWords
    return makes(item, **given)
