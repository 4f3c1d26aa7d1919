"""The notices on a desk: the unread ones that still tell or ask something, the newest first."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Select, or_, select

from hotline.context import Context
from hotline.models.knowledge.article_tasks import ArticleTask
from hotline.models.messages.notices import Notice
from hotline.models.messages.open_notices import still_open
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.visible_tickets import visible_tickets
from hotline.queries.deadlines.overdue import clocks_on_step
from hotline.queries.formatting import instant
from hotline.queries.knowledge.article_marks import address_of
from hotline.queries.timeline_texts import NOTICES
from hotline.rules.actors import Actor
from hotline.rules.deadlines.due_counts import When
from hotline.rules.masking import text_for
from hotline.rules.messages.asks import DIGEST
from hotline.rules.messages.digest import DIGESTED
from hotline.rules.visibility import scope_of

MOST = 30
TAKEN_BACK = "taken_back"
"""Told to a unit that may not see the ticket any more: its number alone is shown."""
Query = Select[Notice, str, str, ArticleTask]
Step = tuple[str, int]
"""The code of a unit, or of the centre, and a step of the ladder."""


class Found(NamedTuple):
    """An unread notice, and what it is about."""

    notice: Notice
    number: str | None
    title: str | None
    task: ArticleTask | None


def notices_for(ctx: Context) -> dict[str, Any]:
    """Return the newest notices as `items`, and as `more` whether older ones stand behind them.

    What a notice asks for and is done has left the desk, and so have tickets out of sight. Notices of the knowledge base, of an
    account and digests have no number: `name` is what they are about, `address` where that is seen. A digest counts the clocks
    that stand on its step now, and leaves with the last of them.
    """
    found = _found(ctx, _unread(ctx).where(Notice.kind != DIGEST).limit(MOST + 1))
    digests = _digests(ctx) if ctx.actor.roles & DIGESTED else []
    counts = clocks_on_step(ctx, [_step_of(row) for row in digests]) if digests else {}
    found += [row for row in digests if _step_of(row) in counts]
    found.sort(key=lambda row: (row.notice.not_before, row.notice.id), reverse=True)
    return {"items": [_line(ctx, row, counts) for row in found[:MOST]], "more": len(found) > MOST}


def _found(ctx: Context, query: Query) -> list[Found]:
    return [Found(*row) for row in ctx.session.execute(query)]


def _unread(ctx: Context) -> Query:
    query = select(Notice, Ticket.number, Ticket.title, ArticleTask)
    query = query.outerjoin(Ticket, Ticket.id == Notice.ticket_id)
    query = query.outerjoin(ArticleTask, ArticleTask.id == Notice.task_id)
    query = query.where(Notice.staff_id == ctx.actor.staff_id, Notice.read_at.is_(None), Notice.not_before <= ctx.now)
    seen = or_(Notice.ticket_id.is_(None), Notice.kind == TAKEN_BACK, visible_tickets(scope_of(ctx.actor)))
    return query.where(seen, still_open()).order_by(Notice.not_before.desc(), Notice.id.desc())


def _digests(ctx: Context) -> list[Found]:
    """The last digest of each unit and step: earlier ones of them would show the same number."""
    last: dict[Step, Found] = {}
    for row in _found(ctx, _unread(ctx).where(Notice.kind == DIGEST)):
        last.setdefault(_step_of(row), row)
    return list(last.values())


def _step_of(row: Found) -> Step:
    return row.notice.data["unit"], row.notice.data["step"]


def _line(ctx: Context, row: Found, counts: Mapping[Step, int]) -> dict[str, Any]:
    notice, number, task = row.notice, row.number, row.task
    text = text_for(ctx.actor, by_office=True)(NOTICES[notice.kind](notice.data))
    return {
        "id": notice.id,
        "number": number,
        "title": _title(row, ctx.actor),
        **_subject(notice, task, number, ctx.actor),
        "text": f"{text}{counts[_step_of(row)]}项" if notice.kind == DIGEST else text,
        "at": instant(notice.at),
    }


def _title(row: Found, actor: Actor) -> str | None:
    if row.notice.kind == TAKEN_BACK:
        return ""
    return row.task.title if row.task else text_for(actor)(row.title)


def _subject(notice: Notice, task: ArticleTask | None, number: str | None, actor: Actor) -> dict[str, Any]:
    if notice.kind == DIGEST:
        unit, step = notice.data["unit"], notice.data["step"]
        return {"name": notice.data["name"], "address": f"/overdue?when={When.RUNNING}&unit={unit}&step={step}"}
    if notice.kind == TAKEN_BACK:
        return {"name": number, "address": "/unit"}
    if task:
        return {"name": task.title, "address": address_of(task, actor)}
    return {"name": number, "address": f"/tickets/{number}"} if number else {"name": "您的账号", "address": "/account"}
