"""What supervisors write, what assisting units are asked and answer, and where a unit passes a matter on."""

from marshmallow import fields, validate

from hotline.casework.dispatch.assisting import AssistGiven
from hotline.casework.handling.handling import PassingDown
from hotline.casework.supervision.circulars import MeasureGiven
from hotline.casework.supervision.supervision import Placing
from hotline.rules.reason_codes import Measure
from hotline.schemas.base import Choice, Form, Text


class OrderStepForm(Form):
    """The demand, the reply or the reason."""

    text = Text(2000, required=True)


class PlacingForm(Form):
    makes = Placing
    demand = Text(2000, required=True)
    unit = Text(64)


class MeasureForm(Form):
    makes = MeasureGiven
    kind = Choice(Measure, required=True)
    text = Text(5000, required=True)
    draft = fields.Integer(allow_none=True, validate=validate.Range(1, 2**63 - 1, error="应为{min}至{max}"))
    issue = fields.Boolean()


class AssistForm(Form):
    makes = AssistGiven
    unit = Text(64, required=True)
    task = Text(1000, required=True)


class AssistStepForm(Form):
    """The reply, or the reason for doing without it."""

    text = Text(5000, required=True)


class PassingDownForm(Form):
    makes = PassingDown
    unit = Text(64, required=True)
