"""Rectifications as one line of five stations: rated, told, mended, re-checked, confirmed; each with its date and its delay."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.models.accounts.role_holders import units_held
from hotline.models.accounts.units import Unit
from hotline.models.deadlines.clocks import Clock
from hotline.models.deadlines.lateness import is_late
from hotline.models.ratings.ratings import Rating
from hotline.models.ratings.rectifications import IS_OPEN_CASE, Rectification
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.visible_tickets import visible_tickets
from hotline.queries import paging
from hotline.queries.formatting import instant, labelled
from hotline.rules.actors import Actor
from hotline.rules.deadlines.lateness import was_late
from hotline.rules.masking import text_for
from hotline.rules.permissions import may_take
from hotline.rules.ratings.rectification import STEPS
from hotline.rules.visibility import scope_of
from hotline.rules.vocabulary import ClockKind, RectificationState, Role

STATIONS: tuple[tuple[str, str, str, ClockKind | None], ...] = (
    ("rated", "评价", "rated_at", None),
    ("told", "核实反馈", "verified_at", ClockKind.VERIFY),
    ("mended", "整改", "submitted_at", ClockKind.RECTIFY),
    ("rechecked", "复核", "rechecked_at", ClockKind.RECHECK),
    ("confirmed", "确认销号", "closed_at", None),
)
Clocks = dict[tuple[int, ClockKind], Clock]


def _cases() -> Any:
    query = select(Rectification, Rating, Unit).join(Rating, Rating.id == Rectification.rating_id)
    return query.outerjoin(Unit, Unit.id == Rectification.unit_id)


def clocks_of(session: Session, cases: Sequence[Rectification]) -> Clocks:
    """The youngest clock of each case and kind."""
    query = select(Clock).where(Clock.rectification_id.in_([case.id for case in cases])).order_by(Clock.id)
    return {(clock.rectification_id or 0, clock.kind): clock for clock in session.scalars(query)}


def stations(ctx: Context, case: Rectification, rating: Rating, clocks: Clocks) -> list[dict[str, Any]]:
    """The line: `at` (None: not yet), `due_at`, `late` and by how many working days."""
    line = []
    for name, label, field, kind in STATIONS:
        clock = clocks.get((case.id, kind)) if kind else None
        line.append({"name": name, "label": label, "at": _at(case, rating, field), **_delay(ctx, clock)})
    return line


def _delay(ctx: Context, clock: Clock | None) -> dict[str, Any]:
    late = clock is not None and was_late(clock, ctx.now)
    if clock is None:
        return {"due_at": None, "late": late, "late_days": 0}
    calendar, until = ctx.rules.calendar, clock.stopped_at or ctx.now
    days = calendar.working_days_over(clock.due_at, until, provisional=clock.provisional) if late else 0
    return {"due_at": instant(clock.due_at), "late": late, "late_days": days}


def _at(case: Rectification, rating: Rating, field: str) -> str | None:
    if field == "rated_at":
        return instant(rating.rated_at)
    # What failed the re-check is to be mended and checked again.
    again = case.state is RectificationState.RECTIFYING and case.round > 1
    if (field == "rechecked_at" and (again or not case.passed)) or (field == "submitted_at" and again):
        return None
    return instant(getattr(case, field))


def cases_of(ctx: Context, ticket: Ticket) -> list[dict[str, Any]]:
    """The cases of a ticket that this reader may see, with the steps that this reader may take."""
    rows = ctx.session.execute(_cases().where(Rectification.ticket_id == ticket.id).order_by(Rectification.id)).all()
    clocks = clocks_of(ctx.session, [row[0] for row in rows]) if rows else {}
    led = _led_units(ctx) if rows else set()
    return [
        {
            **_case(ctx, case, rating),
            "stations": stations(ctx, case, rating, clocks),
            "unit": unit.name if unit else None,
            "steps": _steps(case, unit, ctx.actor, led),
        }
        for case, rating, unit in rows
    ]


@dataclass(frozen=True, slots=True)
class CaseFilters:
    """Which cases; None narrows nothing. `late`: those with a clock that is."""

    state: RectificationState | None = None
    unit: str | None = None
    late: bool | None = None


def case_page(ctx: Context, filters: CaseFilters, page: paging.Page) -> dict[str, Any]:
    """The cases that this reader may see, the newest first, each with its line: `items` and the cursors."""
    order = paging.Order(Rectification.opened_at, Rectification.id, newest_first=True)
    found = paging.read(ctx.session, case_rows(ctx, filters), order, page)
    shown = [row[:4] for row in found.rows]
    clocks = clocks_of(ctx.session, [row[0] for row in shown]) if shown else {}
    led = _led_units(ctx) if shown else set()
    return {
        "items": [
            {
                "case": case.number,
                "number": number,
                "unit": unit.name if unit else None,
                **labelled("state", case.state),
                **labelled("level", rating.level),
                "round": case.round,
                "opened_at": instant(case.opened_at),
                "stations": stations(ctx, case, rating, clocks),
                "steps": _steps(case, unit, ctx.actor, led),
            }
            for case, rating, unit, number in shown
        ],
        **found.ends(),
    }


def case_rows(ctx: Context, filters: CaseFilters) -> Any:
    """The cases that this reader may see: each with its rating, its unit and the number of its ticket."""
    query = _cases().join(Ticket, Ticket.id == Rectification.ticket_id).add_columns(Ticket.number)
    query = query.where(visible_tickets(scope_of(ctx.actor)))
    if filters.state is not None:
        query = query.where(Rectification.state == filters.state)
    if filters.state not in (None, RectificationState.CLOSED):
        query = query.where(IS_OPEN_CASE)
    if filters.unit is not None:
        query = query.where(Unit.code == filters.unit)
    behind = select(Clock.rectification_id).where(is_late(Clock, ctx.now), Clock.rectification_id.is_not(None))
    if filters.late:
        query = query.where(Rectification.id.in_(behind), IS_OPEN_CASE)
    elif filters.late is not None:
        query = query.where(Rectification.id.not_in(behind))
    return query


def _case(ctx: Context, case: Rectification, rating: Rating) -> dict[str, Any]:
    done = text_for(ctx.actor, by_office=True)
    return {
        "number": case.number,
        **labelled("state", case.state),
        "round": case.round,
        **labelled("level", rating.level),
        "opened_at": instant(case.opened_at),
        "closed_at": instant(case.closed_at),
        **labelled("finding", case.finding),
        "verification": done(case.verification),
        "appeal": done(case.appeal),
        "ruling": done(case.ruling),
        "upheld": case.upheld,
        "measures": done(case.measures),
        "feedback": text_for(ctx.actor)(case.feedback),
        "proof": case.proof or [],
        "recheck": done(case.recheck),
        "passed": case.passed,
    }


def _led_units(ctx: Context) -> set[int]:
    """The units whose leader mends; nobody but a supervisor has to know."""
    return units_held(ctx.session, {Role.LEADER}) if Role.SUPERVISOR in ctx.actor.roles else set()


def _steps(case: Rectification, unit: Unit | None, actor: Actor, led: set[int]) -> list[str]:
    path = unit.path if unit else None
    names = [name for name, step in STEPS.items() if step.source is case.state and may_take(actor, step.action, path)]
    if unit is not None and Role.LEADER not in actor.roles and unit.id in led:
        names = [name for name in names if name != "mend"]
    if case.appealed_at is not None:
        names = [name for name in names if name != "appeal"]
    return [name for name in names if name != "confirm" or case.passed]
