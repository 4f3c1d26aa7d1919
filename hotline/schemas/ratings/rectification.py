"""What is sent at each station of a rectification."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from hotline.casework.ratings import rectification
from hotline.rules.reason_codes import Finding
from hotline.schemas.base import Choice, Form, Several, Text


class VerificationForm(Form):
    makes = rectification.Verification
    finding = Choice(Finding, required=True)
    text = Text(2000, required=True)


class WordsForm(Form):
    makes = rectification.Words
    text = Text(2000, required=True)


class AppealRulingForm(Form):
    makes = rectification.AppealRuling
    upheld = fields.Boolean(required=True)
    text = Text(2000, required=True)


class MendingForm(Form):
    makes = rectification.Mending
    measures = Text(5000, required=True)
    feedback = Text(2000, required=True)
    proof = Several(
        fields.Integer(validate=validate.Range(1, 2**63 - 1, error="应为{min}至{max}")),
        required=True,
        validate=validate.Length(1, 20, error="请选择{min}至{max}个附件作为整改证明"),
    )


class RecheckForm(Form):
    makes = rectification.Recheck
    passed = fields.Boolean(required=True)
    text = Text(2000, required=True)
    untrue = fields.Boolean()

    @validates_schema
    def check_untrue(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data.get("untrue") and data.get("passed"):
            raise ValidationError({"untrue": ["复核通过的，不能认定为虚假办结"]})
