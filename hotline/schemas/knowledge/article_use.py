"""What is said about the use of an article."""

from marshmallow import fields, validate

from hotline.casework.knowledge.article_proposal import Proposal
from hotline.schemas.base import Form
from hotline.schemas.queries import PageQuery


class VoteForm(Form):
    solved = fields.Boolean(required=True)


class ProposalForm(Form):
    """An empty body: all of it comes from the ticket."""

    makes = Proposal


class UseQuery(PageQuery):
    """Calendar days back from today."""

    days = fields.Integer(load_default=90, validate=validate.Range(1, 3650, error="应为{min}至{max}"))
