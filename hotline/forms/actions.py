"""Which form and which deed belong to each action of the workflow and to each deed that moves no state."""

from collections.abc import Callable
from typing import Any

from hotline.casework import (
    assisting,
    call_back,
    contacts,
    correcting,
    dispatch,
    disputes,
    endings,
    handling,
    information,
    intake,
    measures,
    merging,
    objections,
    proposing,
    rating,
    reassigning,
    recusal,
    reminding,
    requests,
    resuming,
    review,
    supervision,
)
from hotline.forms.article_use import ProposalForm
from hotline.forms.base import Form
from hotline.forms.call_back import AnswerForm, ClosingForm, ReworkForm
from hotline.forms.endings import (
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
from hotline.forms.handling import ContactReportForm, NoteForm, PassingForm, ReasonForm, RefusingForm, ResultForm
from hotline.forms.intake import AcceptanceForm, DirectAnswerForm, DispatchForm, SigningForm
from hotline.forms.rating import RatingForm
from hotline.forms.requests import AskingForm, DisputeRulingForm, RejectingForm, RulingForm
from hotline.forms.supervision import AssistForm, MeasureForm, PassingDownForm, PlacingForm
from hotline.rules.vocabulary import Action, Deed

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
    Action.ASK_INFO: (GapsForm, information.ask_info),
    Action.SUPPLY_INFO: (SuppliedForm, information.supply_info),
    Action.NO_INFO: (RemarkForm, endings.no_info),
    Action.REJECT: (RejectingForm, requests.reject),
    Action.MERGE: (MergeForm, merging.merge),
    Action.ACCEPT: (AcceptanceForm, intake.accept),
    Action.ANSWER_DIRECT: (DirectAnswerForm, intake.answer_direct),
    Action.DISPATCH: (DispatchForm, dispatch.dispatch),
    Action.SIGN: (SigningForm, dispatch.sign),
    **{action: (RulingForm, requests.rule_on(action)) for action in DECIDED},
    Action.REASSIGN: (RulingForm, reassigning.reassign),
    Action.RESUME: (ResumingForm, resuming.resume),
    Action.SUBMIT_RESULT: (ResultForm, handling.submit_result),
    Action.AUDIT_REFUSE: (RefusingForm, review.audit_refuse),
    Action.AUDIT_PASS: (PassingForm, review.audit_pass),
    Action.CLOSE: (ClosingForm, call_back.close),
    Action.REWORK: (ReworkForm, call_back.rework),
    Action.REOPEN: (ReopeningForm, resuming.reopen),
    Action.WITHDRAW: (WithdrawalForm, endings.withdraw),
    Action.UNMERGE: (UnmergeForm, merging.unmerge),
    Action.TRANSFER: (TransferForm, endings.transfer),
    Action.TAKE_UP: (RulingForm, objections.take_up),
}
DEEDS: dict[Deed, tuple[type[Form], Does]] = {
    Deed.RECORD_CONTACT: (ContactReportForm, handling.record_contact),
    Deed.DRAFT_RESULT: (ResultForm, handling.draft_result),
    Deed.ADD_NOTE: (NoteForm, handling.add_note),
    Deed.PROGRESS: (NoteForm, handling.progress),
    Deed.RELAY: (NoteForm, handling.relay),
    Deed.CORRECT: (CorrectionForm, correcting.correct),
    Deed.PASS_DOWN: (PassingDownForm, handling.pass_down),
    Deed.RULE_DISPUTE: (DisputeRulingForm, disputes.rule_dispute),
    Deed.REMIND: (RemindingForm, reminding.remind),
    Deed.RECUSE: (RecusingForm, recusal.recuse),
    Deed.QUALITY_CALL: (QualityAnswerForm, call_back.quality_call),
    Deed.RECORD_CALL_BACK: (AnswerForm, call_back.record_call_back),
    Deed.REQUEST: (AskingForm, requests.ask),
    Deed.ADD_ASSIST: (AssistForm, assisting.add_assist),
    Deed.PLACE_ORDER: (PlacingForm, supervision.place),
    Deed.RECORD_MEASURE: (MeasureForm, measures.record_measure),
    Deed.OBJECT: (ObjectionForm, objections.object_to),
    Deed.DECIDE_OBJECTION: (ObjectionRulingForm, objections.decide),
    Deed.RATE: (RatingForm, rating.rate),
    Deed.PROPOSE_ARTICLE: (ProposalForm, proposing.propose_article),
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
