"""Which form and which deed belong to each action of the workflow and to each deed that moves no state."""

from collections.abc import Callable
from typing import Any

from hotline.casework.call_backs import call_back
from hotline.casework.dispatch import assisting, dispatch, disputes
from hotline.casework.handling import early_closing, handling, reassignment, reminders, requests, resumption, review
from hotline.casework.intake import correction, intake, merging, missing_information
from hotline.casework.knowledge import article_proposal
from hotline.casework.ratings import rating
from hotline.casework.supervision import circulars, objections, recusal, supervision
from hotline.casework.tickets import contacts
from hotline.rules.vocabulary import Action, Deed
from hotline.schemas.base import Form
from hotline.schemas.call_backs.call_back import AnswerForm, ClosingForm, ReworkForm
from hotline.schemas.handling.handling import (
    ContactReportForm,
    NoteForm,
    PassingForm,
    ReasonForm,
    RefusingForm,
    ResultForm,
)
from hotline.schemas.handling.requests import AskingForm, DisputeRulingForm, RejectingForm, RulingForm
from hotline.schemas.intake.intake import AcceptanceForm, DirectAnswerForm, DispatchForm, SigningForm
from hotline.schemas.knowledge.article_use import ProposalForm
from hotline.schemas.ratings.rating import RatingForm
from hotline.schemas.supervision.supervision import AssistForm, MeasureForm, PassingDownForm, PlacingForm
from hotline.schemas.tickets.early_closing import (
    CorrectionForm,
    GapsForm,
    MergeForm,
    ObjectionForm,
    ObjectionRulingForm,
    QualityAnswerForm,
    RecusingForm,
    RemarkForm,
    RemindingForm,
    ReopeningForm,
    ResumingForm,
    SuppliedForm,
    TransferForm,
    UnmergeForm,
    WithdrawalForm,
)

Does = Callable[..., Any]
DECIDED = (
    Action.RETURN_APPROVED,
    Action.RETURN_REFUSED,
    Action.DIFFICULTY_APPROVED,
    Action.EXTENSION_APPROVED,
    Action.SUSPEND,
    Action.TERMINATE,
)
"""The actions that decide a pending request."""
ACTIONS: dict[Action, tuple[type[Form], Does]] = {
    Action.ASK_INFO: (GapsForm, missing_information.ask_info),
    Action.SUPPLY_INFO: (SuppliedForm, missing_information.supply_info),
    Action.NO_INFO: (RemarkForm, early_closing.no_info),
    Action.REJECT: (RejectingForm, requests.reject),
    Action.MERGE: (MergeForm, merging.merge),
    Action.ACCEPT: (AcceptanceForm, intake.accept),
    Action.ANSWER_DIRECT: (DirectAnswerForm, intake.answer_direct),
    Action.DISPATCH: (DispatchForm, dispatch.dispatch),
    Action.SIGN: (SigningForm, dispatch.sign),
    **{action: (RulingForm, requests.rule_on(action)) for action in DECIDED},
    Action.REASSIGN: (RulingForm, reassignment.reassign),
    Action.RESUME: (ResumingForm, resumption.resume),
    Action.SUBMIT_RESULT: (ResultForm, handling.submit_result),
    Action.AUDIT_REFUSE: (RefusingForm, review.audit_refuse),
    Action.AUDIT_PASS: (PassingForm, review.audit_pass),
    Action.CLOSE: (ClosingForm, call_back.close),
    Action.REWORK: (ReworkForm, call_back.rework),
    Action.REOPEN: (ReopeningForm, resumption.reopen),
    Action.WITHDRAW: (WithdrawalForm, early_closing.withdraw),
    Action.UNMERGE: (UnmergeForm, merging.unmerge),
    Action.TRANSFER: (TransferForm, early_closing.transfer),
    Action.TAKE_UP: (RulingForm, objections.take_up),
}
DEEDS: dict[Deed, tuple[type[Form], Does]] = {
    Deed.RECORD_CONTACT: (ContactReportForm, handling.record_contact),
    Deed.DRAFT_RESULT: (ResultForm, handling.draft_result),
    Deed.ADD_NOTE: (NoteForm, handling.add_note),
    Deed.PROGRESS: (NoteForm, handling.progress),
    Deed.RELAY: (NoteForm, handling.relay),
    Deed.CORRECT: (CorrectionForm, correction.correct),
    Deed.PASS_DOWN: (PassingDownForm, handling.pass_down),
    Deed.RULE_DISPUTE: (DisputeRulingForm, disputes.rule_dispute),
    Deed.REMIND: (RemindingForm, reminders.remind),
    Deed.RECUSE: (RecusingForm, recusal.recuse),
    Deed.QUALITY_CALL: (QualityAnswerForm, call_back.quality_call),
    Deed.RECORD_CALL_BACK: (AnswerForm, call_back.record_call_back),
    Deed.REQUEST: (AskingForm, requests.ask),
    Deed.ADD_ASSIST: (AssistForm, assisting.add_assist),
    Deed.PLACE_ORDER: (PlacingForm, supervision.place),
    Deed.RECORD_MEASURE: (MeasureForm, circulars.record_measure),
    Deed.OBJECT: (ObjectionForm, objections.object_to),
    Deed.DECIDE_OBJECTION: (ObjectionRulingForm, objections.decide),
    Deed.RATE: (RatingForm, rating.rate),
    Deed.PROPOSE_ARTICLE: (ProposalForm, article_proposal.propose_article),
}
REVEAL: tuple[type[Form], Does] = (ReasonForm, contacts.reveal)
ORDER_STEPS: dict[str, Does] = {
    "issue": supervision.issue,
    "decline": supervision.decline,
    "reply": supervision.reply,
    "send_back": supervision.send_back,
    "close": supervision.close,
}
ASSIST_STEPS: dict[str, Does] = {"reply": assisting.reply_assist, "waive": assisting.waive_assist}
REQUEST_STEPS: dict[str, Does] = {"signature": requests.sign, "decision": requests.decide}
