"""The figures of the loop, each defined once: one function, which says what is counted of what. Pages, API and exports ask here.

Periods are half-open in Asia/Shanghai; where nothing is counted there is no rate (None, shown as a dash), never 0 or 100 %.
Definitions: satisfaction and bad rating of all valid ratings; valid is verified and not excluded by an upheld appeal.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, exists, func, literal, or_, select

from hotline.context import Context
from hotline.models.accounts.units import Category, Unit
from hotline.models.call_backs.call_backs import CallBack
from hotline.models.database.base import Instant
from hotline.models.deadlines.clocks import IS_RATED, Clock
from hotline.models.deadlines.lateness import is_counted, was_late
from hotline.models.handling.tracked import TrackedItem
from hotline.models.ratings.ratings import IS_BAD, RatedBody, Rating, RatingChannel
from hotline.models.ratings.rectifications import Rectification
from hotline.models.tickets.tickets import Result, Ticket
from hotline.rules.actors import Actor
from hotline.rules.deadlines.working_calendar import ZONE, local
from hotline.rules.handling.tracking import TrackState
from hotline.rules.ratings.rating import BodyKind, RatedBy
from hotline.rules.visibility import scope_of
from hotline.rules.vocabulary import Channel, ClockKind, Outcome, RectificationState

VALID = and_(Rating.verified, Rating.excluded_at.is_(None))
NOW = bindparam("now", type_=Instant())
TAKEN = {str(word): word.label for word in (*RatedBy, *Channel)}


@dataclass(frozen=True)
class Figure:
    """`counted` of `among`: rows of ratings, of tickets or of handling clocks (one for each round), by the instant `at`."""

    name: str
    label: str
    says: str
    of: type[Rating] | type[Ticket] | type[Clock]
    at: Any
    among: ColumnElement[bool]
    counted: ColumnElement[bool]


def satisfaction() -> Figure:
    """满意率: 非常满意, 满意, 基本满意 of all valid ratings."""
    says = "（非常满意＋满意＋基本满意）÷有效评价"
    return Figure("satisfaction", "满意率", says, Rating, Rating.rated_at, VALID, ~IS_BAD)


def bad_rating() -> Figure:
    """差评率: the two bad levels of all valid ratings."""
    says = "（不满意＋非常不满意）÷有效评价"
    return Figure("bad_rating", "差评率", says, Rating, Rating.rated_at, VALID, IS_BAD)


def call_back() -> Figure:
    """回访率: tickets with at least one attempt of those that were closed after a unit's work; imported history aside."""
    called = exists().where(CallBack.ticket_id == Ticket.id)
    return Figure(
        "call_back", "回访率", "有回访记录的工单÷承办单位办结的工单", Ticket, Ticket.closed_at, _closed(), called
    )


def _closed() -> ColumnElement[bool]:
    return and_(
        Ticket.closed_at.is_not(None),
        Ticket.lead_unit_id.is_not(None),
        ~Ticket.imported,
        Ticket.channel != Channel.RATING,
        # What was withdrawn, merged or terminated has no outcome: no unit has finished it.
        Ticket.outcome.is_not(None),
        Ticket.outcome != Outcome.ANSWERED,
    )


def resolution() -> Figure:
    """解决率: what the enterprise called solved, and promises struck off, of all that a call could tell about.

    Whom nobody reached and who wanted no reply count neither way; a promise is not solved before it is struck off, and a
    result that was proved untrue never.
    """
    outcomes = (Outcome.SOLVED, Outcome.EXPLAINED, Outcome.UNRESOLVED, Outcome.TRACKED)
    among = and_(_closed(), Ticket.outcome.in_(outcomes))
    item = (TrackedItem.ticket_id == Ticket.id, TrackedItem.round == Ticket.round)
    owed = exists().where(*item, TrackedItem.state != TrackState.STRUCK_OFF)
    done = exists().where(*item, TrackedItem.state == TrackState.STRUCK_OFF)
    sham = exists().where(Result.ticket_id == Ticket.id, Result.round == Ticket.round, Result.sham_at.is_not(None))
    solved = and_(or_(Ticket.outcome == Outcome.SOLVED, and_(Ticket.outcome == Outcome.TRACKED, done)), ~owed, ~sham)
    says = "（回访确认已解决＋已销账的承诺）÷回访到的办结工单，挂账中的不算解决"
    return Figure("resolution", "解决率", says, Ticket, Ticket.closed_at, among, solved)


def sign_on_time() -> Figure:
    """按时签收率: dispatches signed for, or returned, in time, of all that were due in the period or are overdue."""
    says = "期限内签收（或申请退单）的派单÷应签收的派单，收回、改派、并单、撤单时已超期的仍计超期"
    return _on_time("sign_on_time", "按时签收率", says, ClockKind.SIGN)


def finish_on_time() -> Figure:
    """按时办结率: rounds finished by the due as extended, of all that were due in the period or are overdue."""
    says = "期限内（含延期）办结的轮次÷应办结的轮次，收回、改派、并单、撤单、终止时已超期的仍计超期"
    return _on_time("finish_on_time", "按时办结率", says, ClockKind.HANDLE)


def _on_time(name: str, label: str, says: str, kind: ClockKind) -> Figure:
    """By the instant of the due; what ended in time without being met counts nowhere, what was late then stays late."""
    among = and_(IS_RATED, Clock.kind == kind, is_counted(Clock, NOW))
    return Figure(name, label, says, Clock, Clock.due_at, among, ~was_late(Clock, NOW))


def sham_finishing() -> Figure:
    """虚假办结率: rounds whose result a call proved untrue, of all finished rounds, by the unit that finished them."""
    finished = and_(Clock.kind == ClockKind.HANDLE, Clock.met_at.is_not(None), ~Ticket.imported)
    same = (Result.ticket_id == Clock.ticket_id, Result.round == Clock.round)
    untrue = exists().where(*same, Result.sham_at.is_not(None))
    says = "经回访或复核证明结果不属实的办理轮次÷办结的办理轮次"
    return Figure("sham_finishing", "虚假办结率", says, Clock, Clock.met_at, finished, untrue)


def real_name_bad_call_back() -> Figure:
    """实名差评回访率 (target 100 %): real-name bad ratings about which the centre has called or verified, of all of them.

    A telephone left at a printed code makes a rating real-name as soon as somebody has to call it.
    """
    named = and_(IS_BAD, or_(Rating.real_name, and_(~Rating.verified, Rating.contact_id.is_not(None))))
    verified = exists().where(Rectification.rating_id == Rating.id, Rectification.verified_at.is_not(None))
    called = or_(Rating.checked_at.is_not(None), verified)
    says = "已核实回访的实名差评÷实名差评（目标100%）"
    return Figure("real_name_bad_call_back", "实名差评回访率", says, Rating, Rating.rated_at, named, called)


def rectification() -> Figure:
    """差评整改率: bad valid ratings whose case is closed after a re-check, of all bad valid ratings."""
    says = "复核后销号的整改÷有效差评"
    return Figure("rectification", "差评整改率", says, Rating, Rating.rated_at, and_(VALID, IS_BAD), _mended())


def rectification_in_time() -> Figure:
    """按时整改率: the same, with no mending of the case later than its due."""
    late = exists().where(
        Clock.rectification_id == Rectification.id, Clock.kind == ClockKind.RECTIFY, Clock.late.is_(True)
    )
    says = "按期整改并经复核销号的整改÷有效差评"
    return Figure(
        "rectification_in_time", "按时整改率", says, Rating, Rating.rated_at, and_(VALID, IS_BAD), _mended(~late)
    )


def _mended(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    closed = (Rectification.state == RectificationState.CLOSED, Rectification.passed.is_(True))
    return exists().where(Rectification.rating_id == Rating.id, *closed, *more)


FIGURES: tuple[Callable[[], Figure], ...] = (
    satisfaction,
    bad_rating,
    call_back,
    resolution,
    sign_on_time,
    finish_on_time,
    sham_finishing,
    real_name_bad_call_back,
    rectification,
    rectification_in_time,
)


def opening(day: date) -> datetime:
    """The first instant of a day in Asia/Shanghai."""
    return datetime(day.year, day.month, day.day, tzinfo=ZONE)


def this_month(now: datetime) -> tuple[date, date]:
    """The period that is meant where none is named: the month so far in Asia/Shanghai, today with it."""
    today = local(now).date()
    return today.replace(day=1), today + timedelta(days=1)


def figures(ctx: Context, *, begin: date, end: date, by: str, unit: str | None = None) -> dict[str, Any]:
    """All figures of [begin, end) for each unit, channel, matter or month, and for all together; a unit sees its own."""
    groups: dict[str, dict[str, Any]] = {}
    definitions = [define() for define in FIGURES]
    ways = TAKEN | dict(ctx.session.execute(select(RatingChannel.code, RatingChannel.name)).all())
    for figure in definitions:
        among = (figure.at >= opening(begin), figure.at < opening(end), figure.among, _seen(figure, ctx.actor, unit))
        key = GROUPS[by](figure, ctx.session.get_bind().dialect.name)
        query = _joined(figure, select(key, func.count(), func.sum(case((figure.counted, 1), else_=0))), by)
        for group, total, counted in ctx.session.execute(query.where(*among).group_by(key), {"now": ctx.now}):
            label = (ways.get(group, group) if by == "channel" else group) or "热线中心"
            _add(groups.setdefault(label, {}), figure.name, int(counted or 0), total)
    names = [figure.name for figure in definitions]
    return {
        "figures": [{"name": f.name, "label": f.label, "says": f.says} for f in definitions],
        "total": {name: _together(groups, name) for name in names},
        "groups": [
            {"group": label, **{name: found.get(name, rate(0, 0)) for name in names}}
            for label, found in sorted(groups.items())
        ],
    }


def rate(counted: int, total: int) -> dict[str, Any]:
    """Numerator and denominator with their quotient; no quotient of nothing."""
    return {"counted": counted, "total": total, "rate": round(counted / total, 4) if total else None}


def _add(group: dict[str, Any], name: str, counted: int, total: int) -> None:
    """Add to the group: two keys may have one label."""
    before = group.get(name, rate(0, 0))
    group[name] = rate(before["counted"] + counted, before["total"] + total)


def _together(groups: dict[str, dict[str, Any]], name: str) -> dict[str, Any]:
    found = [group[name] for group in groups.values() if name in group]
    return rate(sum(row["counted"] for row in found), sum(row["total"] for row in found))


def _unit_id(figure: Figure) -> Any:
    return {Rating: Rating.unit_id, Ticket: Ticket.lead_unit_id, Clock: Clock.unit_id}[figure.of]


def _seen(figure: Figure, actor: Actor, unit: str | None) -> ColumnElement[bool]:
    units, everything = select(Unit.id), scope_of(actor).everything
    if not everything:
        paths = [Unit.path.startswith(path, autoescape=True) for path in actor.unit_paths()]
        units = units.where(or_(literal(False), *paths))
    if unit is not None:
        units = units.where(Unit.code == unit)
    return literal(True) if everything and unit is None else _unit_id(figure).in_(units)


def _joined(figure: Figure, query: Select[Any], by: str) -> Select[Any]:
    query = query.select_from(figure.of)
    if figure.of is Clock:
        query = query.join(Ticket, Ticket.id == Clock.ticket_id)
    if by == "unit":
        return query.outerjoin(Unit, Unit.id == _unit_id(figure))
    if by == "matter":
        if figure.of is Rating:
            query = query.outerjoin(Ticket, Ticket.id == Rating.ticket_id)
            query = query.outerjoin(RatedBody, RatedBody.id == Rating.body_id)
        return query.outerjoin(Category, Category.code == Ticket.category)
    return query


def _month(figure: Figure, dialect: str) -> Any:
    if dialect == "sqlite":
        return func.strftime("%Y-%m", figure.at, "+8 hours")
    return func.to_char(func.timezone("Asia/Shanghai", figure.at), "YYYY-MM")


def _matter(figure: Figure, dialect: str) -> Any:
    kinds = {str(kind): kind.label for kind in BodyKind}
    body = case(kinds, value=RatedBody.kind, else_=None) if figure.of is Rating else literal(None)
    return func.coalesce(Category.name, body, "未分类")


GROUPS: dict[str, Callable[[Figure, str], Any]] = {
    "unit": lambda figure, dialect: Unit.name,
    "channel": lambda figure, dialect: Rating.channel if figure.of is Rating else Ticket.channel,
    "matter": _matter,
    "month": _month,
}
