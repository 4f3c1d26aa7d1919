"""What people ask for beside the state, and how it is decided."""

from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from hotline.casework.dispatch.disputes import DisputeRuling
from hotline.casework.dispatch.recall import Recalling
from hotline.casework.handling.requests import Asking, Rejecting, Ruling
from hotline.rules.handling.requests import ROWS
from hotline.rules.reason_codes import RecallReason, RejectReason
from hotline.rules.vocabulary import RequestKind
from hotline.schemas.base import REQUIRED, Choice, Day, Form, Text
from hotline.schemas.intake.intake import ActionForm

LATEST = date(2100, 1, 1)


class AskingForm(Form):
    """One form for every kind: the coded ground and whatever else this kind needs, and nothing that it does not."""

    makes = Asking
    kind = Choice(RequestKind, required=True)
    reason = Text(1000, required=True)
    code = Text(32)
    legal_ground = Text(500)
    suggested_unit = Text(64)
    days = fields.Integer(allow_none=True, validate=validate.Range(1, 60, error="应为{min}至{max}"))
    until = Day(allow_none=True, validate=validate.Range(max=LATEST, error="日期太远"))
    path = Text(500)
    body = Text(200)

    @validates_schema
    def check_kind(self, data: dict[str, Any], **kwargs: Any) -> None:
        row = ROWS.get(data.get("kind"))  # type: ignore[arg-type]
        if row is None:
            return
        wrong = {name: [REQUIRED] for name in row.needs if data.get(name) is None}
        if row.codes is not None and data.get("code") not in {str(code) for code in row.codes}:
            wrong["code"] = ["请从列出的理由中选择：" + "、".join(str(code) for code in row.codes)]
        allowed = {"kind", "reason", *row.needs} | ({"code"} if row.codes else set())
        wrong |= {name: ["这项申请不需要"] for name, value in data.items() if name not in allowed and value is not None}
        if wrong:
            raise ValidationError(wrong)


class RejectingForm(ActionForm):
    makes = Rejecting
    code = Choice(RejectReason, required=True)
    path = Text(500, required=True)
    reason = Text(1000, required=True)


class RulingForm(ActionForm):
    """The decision on the pending request that the action belongs to."""

    makes = Ruling
    reason = Text(1000, required=True)


class RecallingForm(ActionForm):
    makes = Recalling
    code = Choice(RecallReason, required=True)
    reason = Text(500, required=True)


class DecisionForm(Form):
    """`approve` or not, with a reason either way; which request is named by the address."""

    approve = fields.Boolean(required=True)
    reason = Text(1000, required=True)


class DisputeRulingForm(Form):
    makes = DisputeRuling
    unit = Text(64, required=True)
    ground = Text(1000, required=True)
    confirmed = fields.Boolean()
