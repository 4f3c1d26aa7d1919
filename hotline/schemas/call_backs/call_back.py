"""What the centre writes down of a call-back, and how it ends a matter."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from hotline.casework.call_backs.call_back import Answer, Closing, Rework
from hotline.casework.call_backs.call_back_queue import Booking
from hotline.rules.vocabulary import Outcome, Satisfaction, Solved
from hotline.schemas.base import Choice, Form, Text
from hotline.schemas.intake.history import Instant
from hotline.schemas.intake.intake import ActionForm


class AnswerForm(Form):
    """Reached: both answers, unless no reply is wanted. Not reached: no answer at all."""

    makes = Answer
    connected = fields.Boolean(required=True)
    contacted_by_unit = fields.Boolean(allow_none=True)
    solved = Choice(Solved, allow_none=True)
    satisfaction = Choice(Satisfaction, allow_none=True)
    no_reply_wanted = fields.Boolean()
    remark = Text(2000, empty="", load_default="")
    untrue = fields.Boolean()

    @validates_schema
    def check_untrue(self, data: dict[str, Any], **kwargs: Any) -> None:
        if not data.get("untrue"):
            return
        if data.get("solved") not in (Solved.UNSOLVED, Solved.PARTLY):
            raise ValidationError({"untrue": ["企业未表示未解决，不能认定为虚假办结"]})
        if not data.get("remark"):
            raise ValidationError({"remark": ["认定虚假办结，必须写明依据"]})

    @validates_schema
    def check_answers(self, data: dict[str, Any], **kwargs: Any) -> None:
        answers = [name for name in ("solved", "satisfaction") if data.get(name) is not None]
        if not data.get("connected"):
            if answers or data.get("no_reply_wanted"):
                raise ValidationError({name: ["没有接通，不能填写"] for name in answers or ["no_reply_wanted"]})
        elif not data.get("no_reply_wanted") and len(answers) < 2:
            missing = {"solved", "satisfaction"} - set(answers)
            raise ValidationError({name: ["已接通，必须填写"] for name in sorted(missing)})


class ClosingForm(ActionForm):
    makes = Closing
    outcome = Choice(Outcome, required=True)


class ReworkForm(ActionForm):
    makes = Rework
    reason = Text(2000, required=True)


class BookingForm(Form):
    """`2026-09-30T17:00` is meant in Asia/Shanghai."""

    makes = Booking
    at = Instant(required=True, error_messages={"required": "必须填写"})
    remark = Text(200, empty="", load_default="")
