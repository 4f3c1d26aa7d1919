"""The form and the function that belong to each action of the workflow."""

from collections.abc import Callable
from typing import Any

from hotline.casework.call_backs import call_back
from hotline.casework.dispatch import assisting, dispatch, disputes, recall
from hotline.casework.handling import (
    early_closing,
    handling,
    reassignment,
    reminders,
    requests,
    resumption,
    review,
    tracking,
)
from hotline.casework.intake import confirmation, correction, intake, merging, missing_information
from hotline.casework.knowledge import article_proposal
from hotline.casework.ratings import rating, rectification
from hotline.casework.supervision import circulars, objections, recusal, supervision
from hotline.casework.tickets import contacts
from hotline.rules.handling.tracking import STEPS as TRACKED
from hotline.rules.ratings.rectification import STEPS as CASES
from hotline.rules.vocabulary import Action
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
from hotline.schemas.handling.requests import (
    AskingForm,
    DecisionForm,
    DisputeRulingForm,
    RecallingForm,
    RejectingForm,
    RulingForm,
)
from hotline.schemas.handling.tracking import TrackCheckForm, TrackWordsForm
from hotline.schemas.intake.intake import AcceptanceForm, DirectAnswerForm, DispatchForm, SigningForm
from hotline.schemas.knowledge.article_use import ProposalForm
from hotline.schemas.ratings.rating import RatingForm
from hotline.schemas.ratings.rectification import (
    AppealRulingForm,
    MendingForm,
    RecheckForm,
    VerificationForm,
    WordsForm,
)
from hotline.schemas.supervision.supervision import (
    AssistForm,
    AssistStepForm,
    MeasureForm,
    OrderStepForm,
    PassingDownForm,
    PlacingForm,
)
from hotline.schemas.tickets.early_closing import (
    ConfirmationForm,
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
    Action.RECALL: (RecallingForm, recall.recall),
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
    Action.RECORD_CONTACT: (ContactReportForm, handling.record_contact),
    Action.DRAFT_RESULT: (ResultForm, handling.draft_result),
    Action.ADD_NOTE: (NoteForm, handling.add_note),
    Action.PROGRESS: (NoteForm, handling.progress),
    Action.RELAY: (NoteForm, handling.relay),
    Action.CORRECT: (CorrectionForm, correction.correct),
    Action.CONFIRM_ENTERPRISE: (ConfirmationForm, confirmation.confirm_enterprise),
    Action.PASS_DOWN: (PassingDownForm, handling.pass_down),
    Action.RULE_DISPUTE: (DisputeRulingForm, disputes.rule_dispute),
    Action.REMIND: (RemindingForm, reminders.remind),
    Action.RECUSE: (RecusingForm, recusal.recuse),
    Action.QUALITY_CALL: (QualityAnswerForm, call_back.quality_call),
    Action.RECORD_CALL_BACK: (AnswerForm, call_back.record_call_back),
    Action.REQUEST: (AskingForm, requests.ask),
    Action.ADD_ASSIST: (AssistForm, assisting.add_assist),
    Action.PLACE_ORDER: (PlacingForm, supervision.place),
    Action.RECORD_MEASURE: (MeasureForm, circulars.record_measure),
    Action.OBJECT: (ObjectionForm, objections.object_to),
    Action.DECIDE_OBJECTION: (ObjectionRulingForm, objections.decide),
    Action.RATE: (RatingForm, rating.rate),
    Action.PROPOSE_ARTICLE: (ProposalForm, article_proposal.propose_article),
    Action.REVEAL_CONTACT: (ReasonForm, contacts.reveal),
    Action.SIGN_REQUEST: (DecisionForm, requests.sign),
    Action.DECIDE_REQUEST: (DecisionForm, requests.decide),
    Action.REPLY_ASSIST: (AssistStepForm, assisting.reply_assist),
    Action.WAIVE_ASSIST: (AssistStepForm, assisting.waive_assist),
    Action.ISSUE_ORDER: (OrderStepForm, supervision.issue),
    Action.DECLINE_ORDER: (OrderStepForm, supervision.decline),
    Action.REPLY_ORDER: (OrderStepForm, supervision.reply),
    Action.SEND_BACK_ORDER: (OrderStepForm, supervision.send_back),
    Action.CLOSE_ORDER: (OrderStepForm, supervision.close),
    Action.VERIFY_CASE: (VerificationForm, rectification.verify),
    Action.APPEAL_CASE: (WordsForm, rectification.appeal),
    Action.RULE_APPEAL: (AppealRulingForm, rectification.rule),
    Action.MEND_CASE: (MendingForm, rectification.mend),
    Action.RECHECK_CASE: (RecheckForm, rectification.recheck),
    Action.CONFIRM_CASE: (WordsForm, rectification.confirm),
    Action.NOTE_TRACKED: (TrackWordsForm, tracking.note),
    Action.REPORT_TRACKED: (TrackWordsForm, tracking.report),
    Action.CHECK_TRACKED: (TrackCheckForm, tracking.check),
}
"""The form and the function of every action but three: submitting and attaching have addresses of their own, nobody archives."""
REQUEST_STEPS = {"signature": Action.SIGN_REQUEST, "decision": Action.DECIDE_REQUEST}
ASSIST_STEPS = {"reply": Action.REPLY_ASSIST, "waive": Action.WAIVE_ASSIST}
ORDER_STEPS = {
    "issue": Action.ISSUE_ORDER,
    "decline": Action.DECLINE_ORDER,
    "reply": Action.REPLY_ORDER,
    "send_back": Action.SEND_BACK_ORDER,
    "close": Action.CLOSE_ORDER,
}
CASE_STEPS = {name: step.action for name, step in CASES.items()}
TRACK_STEPS = {name: step.action for name, step in TRACKED.items()}
STEPS = (REQUEST_STEPS, ASSIST_STEPS, ORDER_STEPS, CASE_STEPS, TRACK_STEPS)
"""The actions on a part of a ticket, each by its word in the address of that part."""
ON_TICKET: dict[Action, tuple[type[Form], Does]] = {
    action: both
    for action, both in ACTIONS.items()
    if action is not Action.REVEAL_CONTACT and not any(action in steps.values() for steps in STEPS)
}
"""The actions whose address names the ticket alone, and which answer with it."""
