"""What an administrator sends about units."""

from marshmallow import fields, validate

from hotline.casework.accounts.unit_changes import ClosingGiven, DutyGiven, SeatsGiven
from hotline.schemas.base import Form, Several, Text
from hotline.schemas.intake.enterprise import Phone


class DutyForm(Form):
    makes = DutyGiven
    duty_phone = Phone(40, load_default=None)


class SeatsForm(Form):
    """The accounts that sit in each seat; a seat that is not named is empty."""

    makes = SeatsGiven
    liaison = Several(Text(64), load_default=())
    deputy = Several(Text(64), load_default=())
    leader = Several(Text(64), load_default=())


class ClosingForm(Form):
    makes = ClosingGiven
    successor = Text(64, load_default=None)
    confirmed = fields.Boolean()


class UnitsQuery(Form):
    q = Text(64)
    state = fields.String(validate=validate.OneOf(["without", "closed"], error="只能是 {choices}"))
