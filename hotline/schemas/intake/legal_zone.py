"""The two forms of the legal-service zone; a lawyer calls back, so that a telephone is needed."""

from marshmallow import fields, validate

from hotline.casework.intake import legal_zone
from hotline.rules.intake.legal_zone import CheckUpSubject
from hotline.schemas.base import Choice, Form, Several, Text
from hotline.schemas.intake.enterprise import ContactForm, EnterpriseForm, Phone

MOST_EMPLOYEES = 1_000_000


class ReachableForm(ContactForm):
    phone = Phone(40, required=True)


class ConsultationForm(Form):
    makes = staticmethod(legal_zone.consultation)
    title = Text(120, required=True)
    content = Text(5000, required=True)
    enterprise = fields.Nested(EnterpriseForm, allow_none=True)
    contact = fields.Nested(ReachableForm, required=True)


class CheckUpForm(Form):
    makes = staticmethod(legal_zone.check_up)
    employees = fields.Integer(required=True, validate=validate.Range(1, MOST_EMPLOYEES, error="应为{min}至{max}"))
    field = Text(60, required=True)
    subjects = Several(Choice(CheckUpSubject), required=True, validate=validate.Length(min=1, error="请至少选择一项"))
    wished = Text(100)
    remark = Text(2000)
    enterprise = fields.Nested(EnterpriseForm, required=True)
    contact = fields.Nested(ReachableForm, required=True)
