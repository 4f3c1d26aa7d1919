"""Which form and which deed belong to each action of the workflow and to each deed that moves no state."""

from collections.abc import Callable
from typing import Any

from hotline.casework import call_back, contacts, dispatch, handling, intake, requests, review, supervision
from hotline.forms.base import Form
from hotline.forms.call_back import AnswerForm, ClosingForm, ReworkForm
from hotline.forms.handling import (
    AskingForm,
    ContactReportForm,
    NoteForm,
    PassingForm,
    ReasonForm,
    RefusingForm,
    ResultForm,
)
from hotline.forms.intake import AcceptanceForm, DirectAnswerForm, DispatchForm, SigningForm
from hotline.rules.vocabulary import Action, Deed

Does = Callable[..., Any]
ACTIONS: dict[Action, tuple[type[Form], Does]] = {
    Action.ACCEPT: (AcceptanceForm, intake.accept),
    Action.ANSWER_DIRECT: (DirectAnswerForm, intake.answer_direct),
    Action.DISPATCH: (DispatchForm, dispatch.dispatch),
    Action.SIGN: (SigningForm, dispatch.sign),
    Action.SUBMIT_RESULT: (ResultForm, handling.submit_result),
    Action.AUDIT_REFUSE: (RefusingForm, review.audit_refuse),
    Action.AUDIT_PASS: (PassingForm, review.audit_pass),
    Action.CLOSE: (ClosingForm, call_back.close),
    Action.REWORK: (ReworkForm, call_back.rework),
}
DEEDS: dict[Deed, tuple[type[Form], Does]] = {
    Deed.RECORD_CONTACT: (ContactReportForm, handling.record_contact),
    Deed.DRAFT_RESULT: (ResultForm, handling.draft_result),
    Deed.ADD_NOTE: (NoteForm, handling.add_note),
    Deed.RECORD_CALL_BACK: (AnswerForm, call_back.record_call_back),
    Deed.REQUEST_EXPLAINED: (AskingForm, requests.ask),
}
REVEAL: tuple[type[Form], Does] = (ReasonForm, contacts.reveal)
ORDER_STEPS: dict[str, Does] = {
    "issue": supervision.issue,
    "decline": supervision.decline,
    "reply": supervision.reply,
    "close": supervision.close,
}
