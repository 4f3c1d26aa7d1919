"""Rectifications as one line of five stations: rated, told, mended, re-checked, confirmed; each with its date, or not yet."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.reading.shown import instant, labelled
from hotline.records.ratings import Rating
from hotline.records.rectifications import Rectification
from hotline.records.tickets import Ticket
from hotline.records.units import Unit
from hotline.rules.actors import Actor
from hotline.rules.masking import mask_in_text
from hotline.rules.permissions import may_do
from hotline.rules.rectification import STEPS
from hotline.rules.vocabulary import RectificationState, Role

STATIONS = (
    ("rated", "评价", "rated_at"),
    ("told", "核实反馈", "verified_at"),
    ("mended", "整改", "submitted_at"),
    ("rechecked", "复核", "rechecked_at"),
    ("confirmed", "确认销号", "closed_at"),
)


def cases_of(session: Session, ticket: Ticket, actor: Actor) -> list[dict[str, Any]]:
    """The cases of a ticket that this reader may see, with the steps that this reader may take."""
    query = select(Rectification, Rating, Unit).join(Rating, Rating.id == Rectification.rating_id)
    query = query.outerjoin(Unit, Unit.id == Rectification.unit_id).where(Rectification.ticket_id == ticket.id)
    return [
        {**_case(case, rating), "unit": unit.name if unit else None, "steps": _steps(case, unit, actor)}
        for case, rating, unit in session.execute(query.order_by(Rectification.id))
    ]


def _case(case: Rectification, rating: Rating) -> dict[str, Any]:
    return {
        "number": case.number,
        **labelled("state", case.state),
        "round": case.round,
        **labelled("level", rating.level),
        "opened_at": instant(case.opened_at),
        "closed_at": instant(case.closed_at),
        **labelled("finding", case.finding),
        "verification": case.verification,
        "appeal": case.appeal,
        "ruling": case.ruling,
        "upheld": case.upheld,
        "measures": case.measures,
        "feedback": mask_in_text(case.feedback) if case.feedback else None,
        "proof": case.proof or [],
        "recheck": case.recheck,
        "passed": case.passed,
        "stations": [{"name": name, "label": label, "at": _at(case, rating, field)} for name, label, field in STATIONS],
    }


def _at(case: Rectification, rating: Rating, field: str) -> str | None:
    if field == "rated_at":
        return instant(rating.rated_at)
    # What failed the re-check is to be mended and checked again.
    again = case.state is RectificationState.RECTIFYING and case.round > 1
    if (field == "rechecked_at" and (again or not case.passed)) or (field == "submitted_at" and again):
        return None
    return instant(getattr(case, field))


def _steps(case: Rectification, unit: Unit | None, actor: Actor) -> list[str]:
    path = unit.path if unit else None
    names = [name for name, step in STEPS.items() if step.source is case.state and may_do(actor, step.deed, path)]
    if unit is not None and Role.LEADER not in actor.roles:
        names = [name for name in names if name != "mend"]
    if case.appealed_at is not None:
        names = [name for name in names if name != "appeal"]
    return [name for name in names if name != "confirm" or case.passed]
