"""The timeline as sentences, for the reader who asks: the enterprise, the unit, or the centre."""

from typing import Any

from sqlalchemy import bindparam, select

from hotline.context import Context
from hotline.models.tickets.timeline import TimelineEntry
from hotline.queries.formatting import instant, labelled
from hotline.queries.tickets.line_kinds import NEW_ROUND, kind_of
from hotline.queries.timeline_texts import SENTENCES
from hotline.rules.actors import Actor
from hotline.rules.masking import text_for
from hotline.rules.vocabulary import (
    Audience,
)


def audiences_of(actor: Actor) -> tuple[Audience, ...]:
    """Which lines this reader may read."""
    if actor.is_enterprise:
        return (Audience.PUBLIC,)
    return tuple(Audience) if actor.at_centre else (Audience.PUBLIC, Audience.UNIT)


_t = TimelineEntry.__table__.c
_LINES = (
    select(_t.sequence, _t.at, _t.recorded_at, _t.entry, _t.actor, _t.data)
    .where(_t.ticket_id == bindparam("ticket_id"), _t.audience.in_(bindparam("audiences", expanding=True)))
    .order_by(_t.sequence)
)


def timeline_of(ctx: Context, ticket_id: int) -> list[dict[str, Any]]:
    """The lines of a ticket that the access check has let through, in the order in which they happened."""
    shown = text_for(ctx.actor)
    rows = ctx.session.execute(_LINES, {"ticket_id": ticket_id, "audiences": audiences_of(ctx.actor)})
    lines, round = [], 1
    for row in rows:
        round += row.entry in NEW_ROUND
        lines.append(
            {
                "sequence": row.sequence,
                "at": instant(row.at),
                "recorded_at": instant(row.recorded_at),
                "entry": row.entry,
                **labelled("kind", kind_of(row.entry)),
                "round": round,
                "actor": None if ctx.actor.is_enterprise else row.actor,
                "sentence": shown(SENTENCES[row.entry](row.data)),
            }
        )
    return lines
