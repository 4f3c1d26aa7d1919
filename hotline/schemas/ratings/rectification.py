"""What is sent at each station of a rectification."""

from collections.abc import Callable
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from hotline.casework.ratings import rectification as deeds
from hotline.rules.reason_codes import Finding
from hotline.schemas.base import Choice, Form, Several, Text


class VerificationForm(Form):
    makes = deeds.Verification
    finding = Choice(Finding, required=True)
    text = Text(2000, required=True)


class WordsForm(Form):
    makes = deeds.Words
    text = Text(2000, required=True)


class AppealRulingForm(Form):
    makes = deeds.AppealRuling
    upheld = fields.Boolean(required=True)
    text = Text(2000, required=True)


class MendingForm(Form):
    makes = deeds.Mending
    measures = Text(5000, required=True)
    feedback = Text(2000, required=True)
    proof = Several(
        fields.Integer(validate=validate.Range(1, 2**63 - 1, error="应为{min}至{max}")),
        required=True,
        validate=validate.Length(1, 20, error="请选择{min}至{max}个附件作为整改证明"),
    )


class RecheckForm(Form):
    makes = deeds.Recheck
    passed = fields.Boolean(required=True)
    text = Text(2000, required=True)
    untrue = fields.Boolean()

    @validates_schema
    def check_untrue(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data.get("untrue") and data.get("passed"):
            raise ValidationError({"untrue": ["复核通过的，不能认定为虚假办结"]})


CASE_STEPS: dict[str, tuple[type[Form], Callable[..., Any]]] = {
    "verify": (VerificationForm, deeds.verify),
    "appeal": (WordsForm, deeds.appeal),
    "rule": (AppealRulingForm, deeds.rule),
    "mend": (MendingForm, deeds.mend),
    "recheck": (RecheckForm, deeds.recheck),
    "confirm": (WordsForm, deeds.confirm),
}
