"""How a matter is supplied with what is missing, ends early, becomes another's repeat, or goes on again."""

from marshmallow import fields, validate

from hotline.casework.call_backs.call_back import QualityAnswer
from hotline.casework.handling.early_closing import Remark, Transfer, Withdrawal
from hotline.casework.handling.reminders import Reminding
from hotline.casework.handling.resumption import Reopening, Resuming
from hotline.casework.intake.confirmation import Confirmation
from hotline.casework.intake.correction import Correction
from hotline.casework.intake.merging import Merge, Unmerge
from hotline.casework.intake.missing_information import Gaps, Supplied
from hotline.casework.supervision.objections import ObjectionGiven, ObjectionRuling
from hotline.casework.supervision.recusal import Recusing
from hotline.rules.intake.company_name import NameChoice
from hotline.rules.reason_codes import Receiver
from hotline.schemas.base import Choice, Form, NumberText, Several, Text
from hotline.schemas.intake.enterprise import ContactForm, EnterpriseForm
from hotline.schemas.intake.intake import ActionForm


class GapsForm(ActionForm):
    makes = Gaps
    gaps = Several(
        Text(200, required=True), required=True, validate=validate.Length(1, 20, error="请写明{min}至{max}项")
    )


class SuppliedForm(ActionForm):
    makes = Supplied
    text = Text(5000, required=True)


class RemarkForm(ActionForm):
    makes = Remark
    remark = Text(1000, required=True)


class WithdrawalForm(ActionForm):
    makes = Withdrawal
    code = NumberText(20, required=True)
    reason = Text(500, empty="", load_default="")


class TransferForm(ActionForm):
    makes = Transfer
    receiver = Choice(Receiver, required=True)
    path = Text(500, required=True)


class MergeForm(ActionForm):
    makes = Merge
    master = NumberText(24, required=True)


class UnmergeForm(ActionForm):
    makes = Unmerge
    reason = Text(500, required=True)


class ResumingForm(ActionForm):
    makes = Resuming


class ReopeningForm(ActionForm):
    makes = Reopening
    facts = Text(2000, required=True)


class RemindingForm(Form):
    makes = Reminding
    text = Text(500, empty="", load_default="")


class RecusingForm(Form):
    makes = Recusing
    reason = Text(200, required=True)


class QualityAnswerForm(Form):
    makes = QualityAnswer
    own_will = fields.Boolean(allow_none=True)
    remark = Text(1000, empty="", load_default="")


class ObjectionForm(Form):
    makes = ObjectionGiven
    code = NumberText(20, required=True)
    text = Text(2000, required=True)


class ObjectionRulingForm(Form):
    makes = ObjectionRuling
    upheld = fields.Boolean(required=True)
    reason = Text(1000, required=True)


class CorrectionForm(ActionForm):
    makes = Correction
    reason = Text(500, required=True)
    title = Text(120)
    content = Text(5000)
    category = Text(64)
    district = Text(64)
    target_unit = Text(64)
    confidential = fields.Boolean(allow_none=True)
    enterprise = fields.Nested(EnterpriseForm, allow_none=True)
    contact = fields.Nested(ContactForm, allow_none=True)
    name_choice = Choice(NameChoice, allow_none=True)


class ConfirmationForm(ActionForm):
    makes = Confirmation
    enterprise = fields.Nested(EnterpriseForm, allow_none=True)
    name_choice = Choice(NameChoice, allow_none=True)
    reason = Text(500, empty="", load_default="")
