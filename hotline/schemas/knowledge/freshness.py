"""What keeps the articles fresh: policies, error reports, confirmations, and what may be asked of them."""

from typing import Any

from marshmallow import EXCLUDE, fields, pre_load

from hotline.casework.knowledge.article_errors import Finding, Reported
from hotline.casework.knowledge.freshness import Confirmation
from hotline.casework.knowledge.policies import Link, NewPolicy, NotNeeded
from hotline.queries.knowledge.article_errors import ErrorFilters
from hotline.queries.knowledge.article_queue import QueueFilters
from hotline.queries.knowledge.freshness import PileFilters
from hotline.queries.knowledge.policies import PolicyFilters
from hotline.rules.knowledge.article import Level
from hotline.rules.knowledge.freshness import ErrorKind, ErrorState, Pile, PolicyState
from hotline.rules.vocabulary import ClockKind
from hotline.schemas.base import Choice, Day, Form, NumberText, Text
from hotline.schemas.knowledge.articles import web_address
from hotline.schemas.queries import PageQuery

POLICY_COLUMNS = ("title", "published_on", "owner_unit")


class PolicyForm(Form):
    makes = NewPolicy
    title = Text(200, required=True)
    published_on = Day(required=True)
    owner_unit = Text(64, required=True)
    document_number = NumberText(80, empty="", load_default="")
    issuing_body = Text(120, empty="", load_default="")
    source_url = Text(400, empty="", load_default="", validate=web_address)
    level = Choice(Level, load_default=Level.CITY)


class PolicyRowForm(PolicyForm):
    """A row of a file: empty cells count as not given, columns that are not known are passed by."""

    class Meta:
        unknown = EXCLUDE

    @pre_load
    def read_cells(self, data: Any, **kwargs: Any) -> dict[str, Any]:
        """A cell that XLSX knows as a day is written as one."""
        filled = {name: value for name, value in data.items() if value is not None and str(value).strip()}
        return {
            name: value.isoformat()[:10] if hasattr(value, "isoformat") else str(value)
            for name, value in filled.items()
        }


class LinkForm(Form):
    makes = Link
    article = Text(80, required=True)


class NotNeededForm(Form):
    makes = NotNeeded
    text = Text(1000, required=True)


class ReportForm(Form):
    makes = Reported
    kind = Choice(ErrorKind, required=True)
    text = Text(2000, required=True)
    high_risk = fields.Boolean(load_default=False)


class FindingForm(Form):
    makes = Finding
    true = fields.Boolean(required=True)
    text = Text(1000, required=True)


class ConfirmationForm(Form):
    """An empty day: the article is let expire on its last one."""

    makes = Confirmation
    text = Text(1000, empty="", load_default="")
    next_review_on = Day(allow_none=True, load_default=None)


class PoliciesQuery(PageQuery):
    makes = PolicyFilters
    state = Choice(PolicyState, load_default=PolicyState.WAITING)
    unit = Text(64)


class ErrorsQuery(PageQuery):
    """Without a state those that dispute an article; `mine`: what one has reported, in any state."""

    makes = ErrorFilters
    state = Choice(ErrorState)
    unit = Text(64)
    article = Text(80)
    mine = fields.Boolean(load_default=False)


class QueueQuery(PageQuery):
    makes = QueueFilters
    kind = Choice(ClockKind)
    unit = Text(64)
    late = fields.Boolean(load_default=False)


class PileQuery(PageQuery):
    makes = PileFilters
    pile = Choice(Pile, required=True)
    unit = Text(64)
