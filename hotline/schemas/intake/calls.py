"""A call that begins and one that ends without a ticket."""

from hotline.casework.intake.calls import CallBegun, CallEnded
from hotline.rules.reason_codes import CallResult
from hotline.schemas.base import Choice, Form, NumberText, Text
from hotline.schemas.intake.enterprise import Phone
from hotline.schemas.queries import PageQuery


class CallBegunForm(Form):
    makes = CallBegun
    phone = Phone(40)
    recording_id = Text(80)


class CallEndedForm(Form):
    makes = CallEnded
    result = Choice(CallResult, required=True)
    recording_id = Text(80)


class CallerRemindsForm(Form):
    """The caller asks after a ticket: `text` is what they said."""

    number = NumberText(40, required=True)
    text = Text(500, empty="", load_default="")


class CallsQuery(PageQuery):
    phone = Phone(40)
