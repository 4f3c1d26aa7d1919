"""What is published: ratings of a month that is over, by unit, small cells hidden, and the loop without names."""

from collections import Counter, defaultdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.models.accounts.units import Unit
from hotline.models.ratings.ratings import IS_BAD, Rating
from hotline.models.ratings.rectifications import Rectification
from hotline.queries.formatting import labelled
from hotline.queries.ratings.figures import VALID, opening
from hotline.queries.ratings.rectifications import clocks_of, stations
from hotline.queries.shown import Shown, first_rows
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.ratings.rating import BAD_LEVELS, shown_cells
from hotline.rules.refusals import InvalidInput
from hotline.rules.vocabulary import RectificationState, Satisfaction

CENTRE = "热线中心"
GOOD_LEVELS = tuple(level for level in Satisfaction if level not in BAD_LEVELS)
MOST_LINES = 200


def last_month(now: datetime) -> str:
    """The last month that is over in Asia/Shanghai."""
    today = local(now).date()
    year, month = (today.year - 1, 12) if today.month == 1 else (today.year, today.month - 1)
    return f"{year}-{month:02d}"


def bounds(month: str) -> tuple[datetime, datetime]:
    """The month as a half-open period."""
    year, number = int(month[:4]), int(month[5:])
    after = date(year + 1, 1, 1) if number == 12 else date(year, number + 1, 1)
    return opening(date(year, number, 1)), opening(after)


def published(ctx: Context, *, month: str | None = None) -> dict[str, Any]:
    """Counts, levels, reasons and rectifications of each unit.

    Refuses a month that is not over: its cells would tell the ratings one by one.
    """
    month = month or last_month(ctx.now)
    begin, end = bounds(month)
    if end > ctx.now:
        raise InvalidInput({"/month": "这个月还没有结束，结果在次月公布"})
    levels = _levels(ctx.session, begin, end)
    reasons, cases = _reasons(ctx, begin, end), _cases(ctx.session, begin, end)
    units = [
        _unit(name, levels[name], reasons[name], cases[name], ctx.rules.ratings.smallest_cell)
        for name in sorted(levels)
    ]
    named = {unit["unit"] for unit in units if unit["bad"] is not None}
    loop = _loop(ctx, begin, end, named)
    return {
        "month": month,
        "hidden_under": ctx.rules.ratings.smallest_cell,
        "units": units,
        "loop": loop,
        "loop_left_out": loop.left_out,
    }


def _levels(session: Session, begin: datetime, end: datetime) -> dict[str, Counter[Satisfaction]]:
    query = select(Unit.name, Rating.level, func.count()).outerjoin(Unit, Unit.id == Rating.unit_id)
    query = query.where(VALID, Rating.rated_at >= begin, Rating.rated_at < end).group_by(Unit.name, Rating.level)
    found: dict[str, Counter[Satisfaction]] = defaultdict(Counter)
    for name, level, count in session.execute(query):
        found[name or CENTRE][level] += count
    return found


def _reasons(ctx: Context, begin: datetime, end: datetime) -> dict[str, Counter[str]]:
    query = select(Unit.name, Rating.reasons, Rating.reasons_version).outerjoin(Unit, Unit.id == Rating.unit_id)
    query = query.where(VALID, IS_BAD, Rating.rated_at >= begin, Rating.rated_at < end)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for name, codes, version in ctx.session.execute(query):
        found[name or CENTRE].update(ctx.rules.ratings.labels(version, codes))
    return found


def _cases(session: Session, begin: datetime, end: datetime) -> dict[str, Counter[bool]]:
    closed = (Rectification.state == RectificationState.CLOSED).label("closed")
    query = select(Unit.name, closed, func.count()).select_from(Rectification)
    query = query.join(Rating, Rating.id == Rectification.rating_id).outerjoin(Unit, Unit.id == Rating.unit_id)
    query = query.where(VALID, Rating.rated_at >= begin, Rating.rated_at < end).group_by(Unit.name, closed)
    found: dict[str, Counter[bool]] = defaultdict(Counter)
    for name, is_closed, count in session.execute(query):
        found[name or CENTRE][bool(is_closed)] += count
    return found


def _unit(
    name: str, levels: Counter[Satisfaction], reasons: Counter[str], cases: Counter[bool], smallest: int
) -> dict[str, Any]:
    good, ill = [levels[level] for level in GOOD_LEVELS], [levels[level] for level in BAD_LEVELS]
    total, bad = sum(levels.values()), sum(ill)
    # Where good and bad are told as sums, each of them hides its own cells.
    shows_sums = None not in shown_cells([total - bad, bad], smallest)
    cells = (
        shown_cells(good, smallest) + shown_cells(ill, smallest) if shows_sums else shown_cells(good + ill, smallest)
    )
    mended, open_cases = shown_cells([cases[True], cases[False]], smallest)
    return {
        "unit": name,
        "total": total if total >= smallest else None,
        "levels": [
            {**labelled("level", level), "count": cell} for level, cell in zip(Satisfaction, cells, strict=True)
        ],
        "bad": bad if shows_sums else None,
        "satisfaction": round(1 - bad / total, 4) if shows_sums and total else None,
        "reasons": [
            {"reason": reason, "count": n} for reason, n in reasons.most_common() if shows_sums and n >= smallest
        ],
        "rectified": mended,
        "rectifying": open_cases,
    }


def _loop(ctx: Context, begin: datetime, end: datetime, named: set[str]) -> Shown:
    """One line for each valid bad rating; the unit's name stands there only where its count is published."""
    query = select(Rectification, Rating, Unit.name).join(Rating, Rating.id == Rectification.rating_id)
    query = query.outerjoin(Unit, Unit.id == Rating.unit_id).where(
        VALID, Rating.rated_at >= begin, Rating.rated_at < end
    )
    rows, left_out = first_rows(ctx.session, query.order_by(Rating.rated_at, Rating.id), MOST_LINES)
    clocks = clocks_of(ctx.session, [row[0] for row in rows]) if rows else {}
    lines = [
        {
            "unit": (unit or CENTRE) if (unit or CENTRE) in named else None,
            **labelled("state", case.state),
            "stations": [_day(station) for station in stations(ctx, case, rating, clocks)],
        }
        for case, rating, unit in rows
    ]
    return Shown(lines, left_out)


def _day(station: dict[str, Any]) -> dict[str, Any]:
    """A day is enough for the public: an instant could be put beside a visit."""
    on = station["at"][:10] if station["at"] else None
    return {name: station[name] for name in ("name", "label", "late", "late_days")} | {"on": on}
