"""Intake: a matter is logged, accepted, and answered at once where the knowledge base has the answer (rows 1, 7, 8)."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from hotline.casework.dispatch.dispatch import DispatchGiven, dispatch_ticket
from hotline.casework.intake import calls
from hotline.casework.tickets import clocks, closing, contacts, enterprises, notices, timeline, units
from hotline.casework.tickets.access import advance, open_for
from hotline.casework.tickets.contacts import ContactGiven, EnterpriseGiven
from hotline.casework.tickets.numbers import next_number
from hotline.context import Context
from hotline.models.database.session import keys_of
from hotline.models.intake.enterprises import Enterprise
from hotline.models.knowledge.articles import Article, ArticleVersion
from hotline.models.tickets.blank_ticket import blank_ticket
from hotline.models.tickets.tickets import Ticket
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.dispatch.secrecy import is_confidential
from hotline.rules.intake.legal_zone import OF_LEGAL_ZONE
from hotline.rules.knowledge.validity import in_force
from hotline.rules.messages.recipients import DISPATCHERS, INTAKE_DESK
from hotline.rules.permissions import check_action, may_take
from hotline.rules.refusals import InvalidInput
from hotline.rules.tickets.states import is_accepted
from hotline.rules.tickets.ticket_number import TICKET
from hotline.rules.vocabulary import (
    Action,
    Audience,
    Channel,
    ClockKind,
    Difficulty,
    Outcome,
    Role,
    State,
    TicketType,
    Urgency,
)
from hotline.security.keys import make_query_code


@dataclass(frozen=True, slots=True)
class DirectAnswer:
    """An answer from an article (by its code; the version in force is kept), or a free one, flagged as such.

    `article_version`: the version that was read out; refused when another is in force by now.
    """

    reply: str
    article: str | None = None
    article_version: int | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class NewCall:
    """What is known of a matter when it comes in. Codes are those of `config/`; `None` is "not known yet".

    `call_id`: the call at the line that becomes this ticket.
    """

    title: str
    content: str
    type: TicketType | None = None
    category: str | None = None
    channel: Channel = Channel.PHONE
    district: str | None = None
    target_unit: str | None = None
    urgency: Urgency = Urgency.ROUTINE
    confidential: bool | None = None
    anonymous: bool = False
    difficulty: Difficulty | None = None
    enterprise: EnterpriseGiven | None = None
    contact: ContactGiven = field(default_factory=ContactGiven)
    dispatch: DispatchGiven | None = None
    answer: DirectAnswer | None = None
    call_id: int | None = None


@dataclass(frozen=True, slots=True)
class Logged:
    """The new ticket, and the query code that is told once and then only known by its hash."""

    ticket: Ticket
    query_code: str


def log_call(ctx: Context, call: NewCall) -> Logged:
    """Row 1, and rows 7 and 9, or 7 and 8, in the same step where everything that they need is known and the actor may.

    Refuses `RoleMissing` (also when `dispatch` is asked for by somebody who may not: then nothing is written) and
    `InvalidInput` for unknown codes.
    """
    check_action(ctx.actor, Action.SUBMIT)
    if call.channel is Channel.RATING:
        raise InvalidInput({"/channel": "差评工单由评价产生，不能登记"})
    if call.dispatch is not None:
        check_action(ctx.actor, Action.DISPATCH)
    if call.answer is not None and call.dispatch is not None:
        raise InvalidInput({"/answer": "已经直接答复的咨询不再派单，请二选一"})
    logged = _add(ctx, call)
    ticket = logged.ticket
    if call.call_id is not None:
        calls.end_with_ticket(ctx, call.call_id, ticket)
    complete = bool(ticket.type and ticket.category and ticket.difficulty)
    if complete and may_take(ctx.actor, Action.ACCEPT, None):
        _accept(ctx, ticket)
    if call.dispatch is not None:
        if not is_accepted(ticket.state):
            raise InvalidInput({"/dispatch": "派单前须填写类型、事项类别和难度"})
        dispatch_ticket(ctx, ticket, call.dispatch)
    if call.answer is not None:
        if not is_accepted(ticket.state):
            raise InvalidInput({"/answer": "直接答复前须填写类型、事项类别和难度"})
        _answer(ctx, ticket, call.answer)
    return logged


def _add(ctx: Context, call: NewCall) -> Logged:
    ticket = new_ticket(ctx, call)
    ticket.number = next_number(ctx, TICKET)
    code = make_query_code()
    ticket.query_code_hash = keys_of(ctx.session).query_code_hash(ticket.number, code)
    ctx.session.add(ticket)
    ctx.session.flush()
    public, channel = Audience.PUBLIC, str(call.channel)
    timeline.write(ctx, ticket, "submitted", audience=public, channel=channel)
    clocks.start(ctx, ticket, ClockKind.ACCEPT, ctx.now)
    if ctx.actor.is_enterprise:
        event = f"ticket:{ticket.id}:submitted"
        notices.notify(ctx, ticket, event, "submitted", INTAKE_DESK, number=ticket.number)
    return Logged(ticket, code)


def new_ticket(ctx: Context, call: NewCall) -> Ticket:
    """The row of a matter, without number, code and clocks; what the legal zone alone does needs no category."""
    category = call.category or OF_LEGAL_ZONE.get(call.type)
    if category is not None:
        units.check_category(ctx.session, category, "/category")
    today = local(ctx.now).date()
    target = units.unit_by_code(ctx.session, call.target_unit, "/target_unit", today) if call.target_unit else None
    enterprise = _enterprise(ctx, call.enterprise) if call.enterprise else None
    contact = None if call.anonymous else contacts.contact_for(ctx, enterprise, call.contact)
    return blank_ticket(
        type=call.type,
        category=category,
        title=call.title,
        content=call.content,
        channel=call.channel,
        district=call.district,
        target_unit_id=target.id if target else None,
        urgency=call.urgency,
        confidential=is_confidential(call.type, call.confidential),
        anonymous=call.anonymous,
        difficulty=call.difficulty,
        state=State.SUBMITTED,
        enterprise_id=enterprise.id if enterprise else None,
        contact_id=contact.id if contact else None,
        logged_by=ctx.actor.staff_id,
        received_at=ctx.now,
        state_at=ctx.now,
    )


def _enterprise(ctx: Context, given: EnterpriseGiven) -> Enterprise:
    """Return the row that the ticket names; only staff who may confirm it establish who has the code."""
    return enterprises.enterprise_named(ctx, given, verified=enterprises.confirms(ctx.actor))


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What has to be known before a matter is accepted; what is None stays as it was logged."""

    version: int | None = None
    type: TicketType | None = None
    category: str | None = None
    difficulty: Difficulty | None = None


def accept(ctx: Context, number: str, given: Acceptance) -> Ticket:
    """Row 7: type, category and difficulty are set, the clock of the dispatch starts."""
    ticket = open_for(ctx, number, Action.ACCEPT, version=given.version)
    if given.category is not None:
        units.check_category(ctx.session, given.category, "/category")
    if given.type is TicketType.REPORT and ticket.type is not TicketType.REPORT:
        ticket.confidential = True
    ticket.type = given.type or ticket.type
    ticket.category = given.category or ticket.category or OF_LEGAL_ZONE.get(ticket.type)
    ticket.difficulty = given.difficulty or ticket.difficulty
    missing = {f"/{name}": "受理前必须填写" for name in ("type", "category", "difficulty") if not getattr(ticket, name)}
    if missing:
        raise InvalidInput(missing)
    _accept(ctx, ticket)
    return ticket


def _accept(ctx: Context, ticket: Ticket) -> None:
    advance(ticket, Action.ACCEPT, ctx.now)
    closing.lapse_requests(ctx, ticket)
    clocks.stop(ctx, ticket, ClockKind.ACCEPT)
    clocks.start(ctx, ticket, ClockKind.DISPATCH, ctx.now)
    timeline.write(ctx, ticket, "accepted", audience=Audience.PUBLIC)
    event = f"ticket:{ticket.id}:accepted:{ticket.version}"
    notices.notify(ctx, ticket, event, "accepted", DISPATCHERS, number=ticket.number)


def answer_direct(ctx: Context, number: str, given: DirectAnswer) -> Ticket:
    """Row 8: a consultation is answered and closed; the enterprise is invited to rate."""
    action = Action.ANSWER_DIRECT
    ticket = open_for(ctx, number, action, version=given.version)
    _answer(ctx, ticket, given)
    return ticket


def _answer(ctx: Context, ticket: Ticket, given: DirectAnswer) -> None:
    if ticket.type is not TicketType.CONSULT:
        raise InvalidInput({"/type": "只有咨询可以直接答复"})
    if given.article:
        version = _version_in_force(ctx, given.article)
        if given.article_version not in (None, version.version):
            raise InvalidInput({"/article": f"这篇文章已更新为第{version.version}版，请看过新版再答复"})
        ticket.answer_version_id = version.id
    elif Role.OUTSOURCED_OPERATOR in ctx.actor.roles and Role.OPERATOR not in ctx.actor.roles:
        raise InvalidInput({"/article": "外包坐席只能依据知识库答复"})
    advance(ticket, Action.ANSWER_DIRECT, ctx.now)
    ticket.reply, ticket.replied_at = given.reply, ctx.now
    clocks.stop(ctx, ticket, ClockKind.DISPATCH)
    closing.close_ticket(ctx, ticket, Outcome.ANSWERED)
    data: dict[str, Any] = {"article": given.article, "free": given.article is None}
    timeline.write(ctx, ticket, "answered_direct", audience=Audience.PUBLIC, **data)


def _version_in_force(ctx: Context, code: str) -> ArticleVersion:
    query = select(ArticleVersion).join(Article, Article.current_version_id == ArticleVersion.id)
    version = ctx.session.scalar(query.where(Article.code == code, Article.state == "published"))
    if version is None or not in_force(version.effective_from, version.effective_to, local(ctx.now).date()):
        raise InvalidInput({"/article": "没有这篇现行有效的知识文章"})
    return version
