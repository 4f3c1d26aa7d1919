"""An answered consultation becomes a draft article in one step; who asked is not carried into it."""

import json
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hotline.casework.knowledge import drafting
from hotline.casework.knowledge.drafting import Content, NewArticle
from hotline.casework.tickets import timeline
from hotline.casework.tickets.access import open_for
from hotline.casework.tickets.numbers import next_number
from hotline.context import Context
from hotline.models.accounts.units import Category, Unit
from hotline.models.database.session import keys_of
from hotline.models.intake.enterprises import Contact, Enterprise
from hotline.models.knowledge.article_use import ArticleProposal
from hotline.models.knowledge.articles import Article
from hotline.models.tickets.tickets import Ticket
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.knowledge.article import Visibility
from hotline.rules.knowledge.article_proposal import may_become_article, without_identity
from hotline.rules.refusals import ConditionUnmet, Duplicate
from hotline.rules.vocabulary import Action, Audience

SECTION, PREFIX = "policy", "answer-"
LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Proposal:
    """Nothing needs to be said: all of it comes from the ticket."""


def propose_article(ctx: Context, number: str, given: Proposal) -> Ticket:
    """A draft on the editors' desk, for staff until an editor decides otherwise; the proposer is its author.

    Refuses what is no consultation, is secret or was proposed already.
    """
    ticket = open_for(ctx, number, Action.PROPOSE_ARTICLE)
    if not may_become_article(ticket):
        raise ConditionUnmet("只有已答复的、不保密也不匿名的咨询可以拟为知识文章")
    if ctx.session.scalar(select(ArticleProposal.article_id).where(ArticleProposal.ticket_id == ticket.id)) is not None:
        raise Duplicate("由这张工单拟成的文章")
    code = next_number(ctx, PREFIX)
    new = NewArticle(code, SECTION, _content(ctx, ticket))
    draft = drafting.add_article(ctx, new)
    assert ctx.actor.staff_id is not None, "who proposes is a member of staff"
    row = ArticleProposal(
        article_id=draft.article_id, ticket_id=ticket.id, proposed_by=ctx.actor.staff_id, proposed_at=ctx.now
    )
    ctx.session.add(row)
    drafting.note(ctx, ctx.session.get_one(Article, draft.article_id), "proposed", "")
    centre = Audience.CENTRE
    timeline.write(ctx, ticket, "article_proposed", audience=centre, article=code)
    return ticket


def _content(ctx: Context, ticket: Ticket) -> Content:
    names, people, today = _names(ctx.session, ticket), _people(ctx.session, ticket), local(ctx.now).date()
    title = _without(ticket.title, names, people)[:LONGEST_TITLE]
    return Content(
        title=title,
        questions=(title,),
        body=_without(ticket.reply or "", names, people),
        category=ticket.category or "",
        owner_unit=_owner(ctx, ticket),
        effective_from=today,
        next_review_on=ctx.rules.freshness.usual_review(today),
        change_note="由已答复的咨询拟成",
        visibility=Visibility.STAFF,
    )


def _without(text: str, names: list[str], people: list[str]) -> str:
    for name in names or [""]:
        text = without_identity(text, name, people)
    return text


def _names(session: Session, ticket: Ticket) -> list[str]:
    """Return all names of the enterprise: as the ticket gives it, and as staff have established it."""
    if ticket.enterprise_id is None:
        return []
    given = session.get_one(Enterprise, ticket.enterprise_id)
    head_id = given.head_id or given.id
    own = select(Enterprise.name).where(or_(Enterprise.id == head_id, Enterprise.head_id == head_id))
    return [given.name, *session.scalars(own.where(Enterprise.verified_at.is_not(None)).order_by(Enterprise.id))]


def _people(session: Session, ticket: Ticket) -> list[str]:
    contact = session.get(Contact, ticket.contact_id) if ticket.contact_id else None
    if contact is None or contact.destroyed_at is not None:
        return []
    return [json.loads(keys_of(session).open(contact.sealed)).get("name") or ""]


def _owner(ctx: Context, ticket: Ticket) -> str:
    """The lead unit; where it was answered directly the unit of its category; otherwise the proposer's own."""
    of_category = select(Category.lead_unit_id).where(Category.code == ticket.category)
    for unit_id in (ticket.lead_unit_id, ctx.session.scalar(of_category), ctx.actor.unit_id):
        unit = ctx.session.get(Unit, unit_id) if unit_id else None
        if unit is not None and unit.closed_on is None:
            return unit.code
    raise ConditionUnmet("这件事项没有可以负责文章的单位")
