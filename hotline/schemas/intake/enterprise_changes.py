"""Forms for the changes that staff make to an enterprise."""

from marshmallow import fields, validate

from hotline.casework.intake.enterprise_changes import Joining, Parting, Renaming
from hotline.schemas.base import Form, Text

LARGEST_ID = 2**63 - 1


class RenamingForm(Form):
    makes = Renaming
    name = Text(200, required=True)
    reason = Text(500, required=True)


class JoiningForm(Form):
    """`into`: the id of the enterprise that stays; `confirmed`: although their codes differ."""

    makes = Joining
    into = fields.Integer(required=True, validate=validate.Range(1, LARGEST_ID, error="应为{min}至{max}"))
    reason = Text(500, required=True)
    confirmed = fields.Boolean()


class PartingForm(Form):
    makes = Parting
    reason = Text(500, required=True)


class ProposalsQuery(Form):
    """After this normal form of a name."""

    after = Text(200, empty="", load_default="")
