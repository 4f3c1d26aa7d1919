"""What the unit and the reviewer send while a matter is handled, and what a supervisor writes."""

from hotline.casework.handling.handling import ContactReport, Note, ResultGiven
from hotline.casework.handling.review import Passing, Refusing
from hotline.casework.tickets.contacts import Reason
from hotline.rules.reason_codes import Fault
from hotline.rules.vocabulary import ResultKind
from hotline.schemas.base import Choice, Form, Moment, Text
from hotline.schemas.intake.intake import ActionForm


class ContactReportForm(Form):
    makes = ContactReport
    summary = Text(2000, required=True)
    at = Moment(allow_none=True)


class NoteForm(Form):
    makes = Note
    text = Text(2000, required=True)


class ReasonForm(Form):
    makes = Reason
    reason = Text(200, required=True)


class ResultForm(ActionForm):
    makes = ResultGiven
    kind = Choice(ResultKind, allow_none=True)
    reply = Text(5000)


class RefusingForm(ActionForm):
    makes = Refusing
    fault = Choice(Fault, required=True)
    remark = Text(2000, required=True)


class PassingForm(ActionForm):
    makes = Passing
    remark = Text(2000)
