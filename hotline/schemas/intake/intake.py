"""What an operator or an enterprise sends when a matter begins."""

from functools import partial
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from hotline.casework.dispatch.dispatch import DispatchGiven, Signing
from hotline.casework.intake.intake import Acceptance, DirectAnswer, NewCall
from hotline.rules.vocabulary import Channel, Difficulty, TicketType, Urgency
from hotline.schemas.base import Choice, Form, Several, Text
from hotline.schemas.intake.enterprise import ContactForm, EnterpriseForm


class ActionForm(Form):
    """Every action may carry the version of the ticket that the sender saw."""

    version = fields.Integer(allow_none=True, validate=validate.Range(min=1, error="应为正整数"))


class DispatchForm(ActionForm):
    makes = DispatchGiven
    unit = Text(64, required=True)
    assisting = Several(Text(64, required=True), validate=validate.Length(max=20))
    remark = Text(500)
    confirmed = fields.Boolean()


class DispatchInCallForm(Form):
    makes = DispatchGiven
    unit = Text(64, required=True)
    assisting = Several(Text(64, required=True), validate=validate.Length(max=20))
    remark = Text(500)
    confirmed = fields.Boolean()


class WebCallForm(Form):
    """What an enterprise submits by itself."""

    makes = staticmethod(partial(NewCall, channel=Channel.WEB))
    title = Text(120, required=True)
    content = Text(5000, required=True)
    type = Choice(TicketType, allow_none=True)
    category = Text(64)
    district = Text(64)
    target_unit = Text(64)
    confidential = fields.Boolean(allow_none=True)
    anonymous = fields.Boolean()
    enterprise = fields.Nested(EnterpriseForm, allow_none=True)
    contact = fields.Nested(ContactForm)


class DirectAnswerForm(ActionForm):
    makes = DirectAnswer
    reply = Text(5000, required=True)
    article = Text(80)
    article_version = fields.Integer(allow_none=True, validate=validate.Range(min=1, error="应为正整数"))


class AnswerInCallForm(DirectAnswerForm):
    """The ticket is new: there is no version of it to guard."""

    class Meta(Form.Meta):
        exclude = ("version",)


class NewCallForm(WebCallForm):
    """What an operator logs."""

    makes = NewCall
    channel = Choice(Channel)
    urgency = Choice(Urgency)
    difficulty = Choice(Difficulty, allow_none=True)
    dispatch = fields.Nested(DispatchInCallForm, allow_none=True)
    answer = fields.Nested(AnswerInCallForm, allow_none=True)
    call_id = fields.Integer(allow_none=True, validate=validate.Range(1, 2**63 - 1, error="应为{min}至{max}"))


class AcceptanceForm(ActionForm):
    makes = Acceptance
    type = Choice(TicketType, allow_none=True)
    category = Text(64)
    difficulty = Choice(Difficulty, allow_none=True)


class SigningForm(ActionForm):
    makes = Signing


def _chosen(numbers: tuple[str, ...] = (), shown: tuple[str, ...] = (), every: bool = False) -> tuple[str, ...]:
    return shown if every else numbers


class SigningSeveralForm(Form):
    """The numbers that were ticked; with `every` all that were shown instead."""

    makes = staticmethod(_chosen)
    numbers = Several(Text(24), validate=validate.Length(max=200))
    shown = Several(Text(24), validate=validate.Length(max=200))
    every = fields.Boolean()

    @validates_schema
    def check_any(self, data: dict[str, Any], **kwargs: Any) -> None:
        if not _chosen(**data):
            raise ValidationError({"numbers": ["请先勾选要签收的工单"]})
