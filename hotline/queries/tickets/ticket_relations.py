"""What stands beside the state of a ticket: requests, assisting tasks, reminders and repeats, measures, rulings."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.call_backs.call_backs import QualityCall
from hotline.models.handling.assists import Assist
from hotline.models.handling.requests import Request
from hotline.models.supervision.orders import MeasureTaken
from hotline.models.tickets.attachments import Attachment
from hotline.models.tickets.merges import end_of_chain, repeats_of
from hotline.models.tickets.objections import Objection
from hotline.models.tickets.reminders import Reminder
from hotline.models.tickets.rows_of_ticket import rows_of_ticket
from hotline.models.tickets.tickets import Ticket
from hotline.queries.formatting import instant, labelled
from hotline.rules.actors import Actor
from hotline.rules.handling.assisting import AssistState
from hotline.rules.handling.requests import ROWS, is_asked_in
from hotline.rules.masking import ShownText, text_for
from hotline.rules.permissions import may_take
from hotline.rules.tickets.objection import ObjectionState
from hotline.rules.tickets.states import is_withdrawn
from hotline.rules.visibility import reads_attachment, sees_identity
from hotline.rules.vocabulary import Action, RequestState


def of(ctx: Context, ticket: Ticket, *, centre: bool) -> dict[str, Any]:
    """The part of a ticket's file that this reader may know; a unit reads what it asked for, not what the centre did."""
    # On a secret ticket the enterprise's own words may say who it is.
    words = text_for(ctx.actor) if sees_identity(ctx.actor, ticket) else _nothing
    done = text_for(ctx.actor, by_office=True)
    requests = [row for row in rows_of_ticket(ctx.session, Request, ticket.id) if centre or ROWS[row.kind].of_the_unit]
    return {
        "requests": [_request(row, ticket, ctx.actor, done) for row in requests],
        "may_request": [
            str(row.kind)
            for row in ROWS.values()
            if is_asked_in(ticket.state, row.kind)
            and ctx.actor.roles & row.askers
            and may_take(ctx.actor, Action.REQUEST, ticket.desk_path, ticket.state)
        ],
        "assists": _assists(ctx, ticket),
        "attachments": _attachments(ctx, ticket),
        "reminders": [_reminder(row, words) for row in rows_of_ticket(ctx.session, Reminder, ticket.id)],
        "objections": [
            _objection(row, ticket, ctx.actor, words, done) for row in rows_of_ticket(ctx.session, Objection, ticket.id)
        ],
        "measures": [
            _measure(row, done)
            for row in rows_of_ticket(ctx.session, MeasureTaken, ticket.id)
            if centre or row.issued_at
        ],
        **_relatives(ctx.session, ticket),
        "ruled_for": _name(ctx.session, ticket.designated_unit_id) if centre else None,
        "quality_call": _quality_call(ctx, ticket) if centre and is_withdrawn(ticket.state) else None,
    }


def _name(session: Session, unit_id: int | None) -> str | None:
    return session.get_one(Unit, unit_id).name if unit_id is not None else None


def _request(row: Request, ticket: Ticket, actor: Actor, done: ShownText) -> dict[str, Any]:
    rule = ROWS[row.kind]
    own = actor.staff_id in (row.asked_by, row.signed_by)
    codes = {str(code): code.label for code in rule.codes or ()}  # type: ignore[attr-defined]
    return {
        "id": row.id,
        **labelled("kind", row.kind),
        **labelled("state", row.state),
        "round": row.round,
        "reason": done(row.reason),
        "details": {name: done(value) if isinstance(value, str) else value for name, value in row.details.items()},
        "ground": codes.get(row.details.get("code", "")),
        "asked_at": instant(row.asked_at),
        "signed_at": instant(row.signed_at),
        "decided_at": instant(row.decided_at),
        "decision_reason": done(row.decision_reason),
        "may_sign": row.state is RequestState.DRAFTED and may_take(actor, Action.SIGN_REQUEST, ticket.desk_path),
        "may_decide": row.state is RequestState.PENDING and bool(actor.roles & rule.deciders) and not own,
    }


def _assists(ctx: Context, ticket: Ticket) -> list[dict[str, Any]]:
    done = text_for(ctx.actor, by_office=True)
    query = select(Assist, Unit.name).join(Unit, Unit.id == Assist.unit_id).where(Assist.ticket_id == ticket.id)
    return [
        {
            "id": row.id,
            "unit": name,
            "task": done(row.task),
            **labelled("state", row.state),
            "asked_at": instant(row.asked_at),
            "ended_at": instant(row.ended_at),
            "reply": done(row.reply),
            "reason": done(row.reason),
            "may_reply": _may(ctx.actor, Action.REPLY_ASSIST, row.unit_path, row, ticket),
            "may_waive": _may(ctx.actor, Action.WAIVE_ASSIST, ticket.desk_path, row, ticket),
        }
        for row, name in ctx.session.execute(query.order_by(Assist.id))
    ]


def _may(actor: Actor, action: Action, desk_path: str | None, row: Assist, ticket: Ticket) -> bool:
    return row.state is AssistState.OPEN and may_take(actor, action, desk_path, ticket.state)


def _reminder(row: Reminder, words: Callable[[str], str]) -> dict[str, Any]:
    text = words(row.text) if row.text else None
    return {"at": instant(row.at), "text": text, "repeat": row.repeat_id is not None}


def _objection(
    row: Objection, ticket: Ticket, actor: Actor, words: Callable[[str], str], done: ShownText
) -> dict[str, Any]:
    waits = row.state is ObjectionState.OPEN
    return {
        **labelled("ended_as", row.ended_as),
        **labelled("state", row.state),
        "text": words(row.text),
        "objected_at": instant(row.objected_at),
        "decided_at": instant(row.decided_at),
        "reason": done(row.reason),
        "may_decide": waits and may_take(actor, Action.DECIDE_OBJECTION, ticket.desk_path),
    }


def _attachments(ctx: Context, ticket: Ticket) -> list[dict[str, Any]]:
    return [
        {
            "id": row.id,
            "name": row.name,
            "media_type": row.media_type,
            "size": row.size,
            "added_at": instant(row.added_at),
            "scanned": row.scanned,
            "for_unit": row.for_unit,
        }
        for row in rows_of_ticket(ctx.session, Attachment, ticket.id)
        if reads_attachment(ctx.actor, ticket, for_unit=row.for_unit)
    ]


def _nothing(text: str) -> str:
    return ""


def _measure(row: MeasureTaken, done: ShownText) -> dict[str, Any]:
    return {
        "id": row.id,
        **labelled("kind", row.kind),
        "drafted_at": instant(row.drafted_at),
        "issued_at": instant(row.issued_at),
        "declined_at": instant(row.declined_at),
        "text": done(row.text),
        "draft": row.issued_at is None and row.declined_at is None,
    }


def _relatives(session: Session, ticket: Ticket) -> dict[str, Any]:
    """The ticket in which this one goes on, and all that were merged into it, through others too."""
    merged = ticket.merged_into_id is not None
    return {
        "merged_into": session.scalar(select(end_of_chain(ticket.id))) if merged else None,
        "repeats": [repeat.number for repeat in repeats_of(session, ticket.id)],
    }


def _quality_call(ctx: Context, ticket: Ticket) -> dict[str, Any] | None:
    row = ctx.session.scalar(select(QualityCall).where(QualityCall.ticket_id == ticket.id))
    if row is None:
        return None
    return {
        "due_at": instant(row.due_at),
        "called_at": instant(row.called_at),
        "own_will": row.own_will,
        "remark": text_for(ctx.actor, by_office=True)(row.remark),
    }
