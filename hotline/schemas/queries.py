"""What may be asked for in an address."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from hotline.queries.dashboards.decisions import DecisionFilters
from hotline.queries.deadlines.overdue import OverdueFilters
from hotline.queries.handling.tracked import TrackedFilters
from hotline.queries.intake.who_calls import Caller
from hotline.queries.messages.deliveries import DeliveryFilters
from hotline.queries.paging import DEFAULT, LONGEST, Page
from hotline.queries.ratings.figures import FIGURES
from hotline.queries.ratings.rectifications import CaseFilters
from hotline.queries.supervision.false_completions import ShamFilters
from hotline.queries.tickets.line_kinds import LineKind
from hotline.queries.tickets.tickets import Filters
from hotline.rules.deadlines.due_bucket import Nearness
from hotline.rules.deadlines.due_counts import Decided, When
from hotline.rules.handling.tracking import TrackState
from hotline.rules.knowledge.article import Level
from hotline.rules.vocabulary import ClockKind, OrderState, RectificationState, RequestKind, State, TicketType
from hotline.schemas.base import Choice, Day, Form, Moment, NumberText, Text
from hotline.schemas.intake.enterprise import CreditCode, Phone

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class DayOrInstant(Moment):
    """An instant, or a day: its first instant in Asia/Shanghai."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        if isinstance(value, str) and DAY.fullmatch(value):
            value = f"{value}T00:00:00+08:00"
        return super()._deserialize(value, attr, data, **kwargs)


class PageQuery(Form):
    """Loads `page` and the rest beside it: as `filters` where the form names what they make, else each by its own name."""

    cursor = Text(200)
    limit = fields.Integer(load_default=DEFAULT, validate=validate.Range(1, LONGEST, error="每页{min}至{max}条"))

    @post_load
    def make(self, data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        page = Page(data.pop("cursor", None), data.pop("limit"))
        rest = data if self.makes is dict else {"filters": self.makes(**data)}
        return {**rest, "page": page}


class TicketsQuery(PageQuery):
    makes = Filters
    state = Choice(State)
    unit = Text(64)
    type = Choice(TicketType)
    category = Text(64)
    clock = Choice(ClockKind)
    overdue = fields.Boolean()
    step = fields.Integer(validate=validate.Range(-1, 4, error="应为{min}至{max}"))
    received_from = DayOrInstant()
    received_to = DayOrInstant()
    q = Text(100)
    mine = fields.Boolean()
    sort = fields.String(load_default="due", validate=validate.OneOf(["due", "-received"], error="只能是 {choices}"))


class OverdueQuery(PageQuery):
    """`unit`: `centre` for the clocks of the centre's own desk."""

    makes = OverdueFilters
    kind = Choice(ClockKind)
    unit = Text(64)
    step = fields.Integer(validate=validate.Range(0, 4, error="应为{min}至{max}"))
    when = Choice(When, load_default=When.LATE)


class WallQuery(Form):
    unit = Text(64)
    when = Choice(When, load_default=When.LATE)


class DecisionsQuery(PageQuery):
    """What waits for a decision: of one sort, in one state or of one kind."""

    makes = DecisionFilters
    what = Choice(Decided, load_default=Decided.ORDER)
    state = Choice(OrderState)
    kind = Choice(RequestKind)
    unit = Text(64)


class ShamQuery(PageQuery):
    """`since`: found untrue on that day or later."""

    makes = ShamFilters
    unit = Text(64)
    since = Day()


class DeliveriesQuery(PageQuery):
    makes = DeliveryFilters
    state = fields.String(load_default="dead", validate=validate.OneOf(["dead", "waiting"], error="只能是 {choices}"))


class TrackedQuery(PageQuery):
    """Without a state: what is open."""

    makes = TrackedFilters
    state = Choice(TrackState)
    unit = Text(64)
    late = fields.Boolean()


class DeadlineQuery(Form):
    start = Moment(required=True)
    days = fields.Integer(required=True, validate=validate.Range(1, 366, error="应为{min}至{max}"))


class SuggestionsQuery(Form):
    """Loads `text`, `category` and `who` calls."""

    text = Text(5000, empty="", load_default="")
    category = Text(64, load_default=None)
    credit_code = CreditCode(40, load_default=None)
    phone = Phone(40, load_default=None)
    name = Text(200, load_default=None)

    @post_load
    def make(self, data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        found = {name: data.pop(name) for name in ("text", "category")}
        return {**found, "who": Caller(**data)}


class EnterprisesQuery(Form):
    makes = Caller
    credit_code = CreditCode(40, load_default=None)
    phone = Phone(40, load_default=None)
    name = Text(200, load_default=None)


class ArticlesQuery(Form):
    """`on`: in force on that day instead of today; `expired`: what is not in force as well."""

    q = Text(200, load_default=None)
    section = Text(40, load_default=None)
    unit = Text(64, load_default=None)
    level = Choice(Level, load_default=None)
    category = Text(64, load_default=None)
    on = Day(load_default=None)
    expired = fields.Boolean(load_default=False)
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 100, error="应为{min}至{max}"))


class CodeQuery(Form):
    code = NumberText(12, required=True)


class UncheckedQuery(Form):
    """A day; without one what waits for a call."""

    on = Day()
    cursor = Text(200)


class CasesQuery(PageQuery):
    makes = CaseFilters
    state = Choice(RectificationState)
    unit = Text(64)
    late = fields.Boolean()


MONTH = validate.Regexp(r"^(19|20)\d\d-(0[1-9]|1[0-2])$", error="应为年月，例如 2026-09")


class MonthQuery(Form):
    """A month; without one the last that is over."""

    month = fields.String(validate=MONTH)


class FiguresQuery(Form):
    """Half-open: from the first day on, before the last; `by`: unit, channel, matter or month."""

    from_ = Day(required=True, data_key="from")
    to = Day(required=True)
    by = fields.String(
        load_default="unit", validate=validate.OneOf(["unit", "channel", "matter", "month"], error="只能是 {choices}")
    )
    unit = Text(64)

    @validates_schema
    def check_order(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data["from_"] >= data["to"]:
            raise ValidationError({"to": ["截止日期应晚于起始日期"]})


class StatisticsQuery(FiguresQuery):
    """`figure`: the one that is drawn."""

    figure = fields.String(
        load_default=FIGURES[0]().name,
        validate=validate.OneOf([define().name for define in FIGURES], error="没有这个指标"),
    )


class OnQuery(Form):
    """As it was read on this day; without one, now."""

    on = Day()


class DifferencesQuery(Form):
    """Two versions of an article."""

    from_ = fields.Integer(required=True, data_key="from", validate=validate.Range(1, 1_000_000))
    to = fields.Integer(required=True, validate=validate.Range(1, 1_000_000))


class LinesQuery(Form):
    """The lines of a timeline of one kind or round; `ask` opens the form of a request."""

    kind = Choice(LineKind, allow_none=True)
    round = fields.Integer(allow_none=True, validate=validate.Range(1, 99, error="应为{min}至{max}"))
    ask = Choice(RequestKind, allow_none=True)


class DeskQuery(Form):
    """One part of the unit's desk, from a place on; without it all of them from their beginning."""

    part = Choice(Nearness, allow_none=True)
    cursor = Text(200)
