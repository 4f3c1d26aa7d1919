"""Forms for a file that is to be imported."""

from marshmallow import fields

from hotline.rules.intake.import_columns import FIELDS
from hotline.schemas.base import Form, Text
from hotline.schemas.queries import PageQuery

LONGEST_HEADING = 400


class ImportChoicesForm(Form):
    """`columns`: heading -> field, null to leave the column out with consent; `satisfaction`: word -> level or `unrated`."""

    columns = fields.Dict(
        keys=fields.String(), values=Text(64, metadata={"description": "、".join(FIELDS)}), load_default=dict
    )
    satisfaction = fields.Dict(keys=fields.String(), values=Text(32, required=True), load_default=dict)
    sheet = Text(LONGEST_HEADING, load_default=None)
    encoding = Text(32, load_default=None)
    drop_unknown = fields.Boolean(load_default=False)


class ImportsQuery(PageQuery):
    """The page of the list that is asked for."""
