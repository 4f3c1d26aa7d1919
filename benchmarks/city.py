"""A city's database for the pages: years of closed tickets with all that belongs to them, and what is open on one day.

What is open is a hundredth of what is stored, as it is where a matter takes a week and is kept for years; a sixth of it is late.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, cast, func, insert, literal, select
from sqlalchemy.orm import Session

from benchmarks.fill import CHUNK, advance_keys, closed_tickets, ticket_row
from hotline.casework.tickets import clocks
from hotline.models.accounts.staff import Staff
from hotline.models.accounts.units import Unit
from hotline.models.call_backs.call_backs import CallBack, QualityCall
from hotline.models.database.session import keys_of
from hotline.models.deadlines.clocks import Clock
from hotline.models.handling.assists import Assist
from hotline.models.handling.requests import Request
from hotline.models.handling.tracked import TrackedItem
from hotline.models.intake.enterprises import Contact, Enterprise
from hotline.models.messages.notices import Delivery, Notice
from hotline.models.ratings.ratings import Rating
from hotline.models.ratings.rectifications import Rectification
from hotline.models.supervision.orders import Order
from hotline.models.tickets.objections import Objection
from hotline.models.tickets.tickets import Dispatch, Result, Ticket
from hotline.rules.handling.assisting import AssistState
from hotline.rules.handling.tracking import TrackState
from hotline.rules.messages.delivery import DeliveryState
from hotline.rules.rulebook import Rulebook
from hotline.rules.tickets.objection import ObjectionState
from hotline.rules.vocabulary import (
    ClockKind,
    OrderState,
    RectificationState,
    RequestKind,
    RequestState,
    ResultKind,
    Satisfaction,
    State,
    TicketType,
)
from hotline.security.keys import CIPHER, KEY_VERSION

# Of a thousand open tickets: so many in this state, with this clock (none: it stands still).
OPEN: tuple[tuple[int, State, ClockKind | None], ...] = (
    (30, State.SUBMITTED, ClockKind.ACCEPT),
    (40, State.ACCEPTED, ClockKind.DISPATCH),
    (10, State.NEED_INFO, ClockKind.SUPPLY),
    (150, State.DISPATCHED, ClockKind.SIGN),
    (550, State.HANDLING, ClockKind.HANDLE),
    (20, State.SUSPENDED, None),
    (70, State.REVIEWING, ClockKind.REVIEW),
    (130, State.CALLING_BACK, ClockKind.CALL_BACK),
)
BY_UNIT = {State.DISPATCHED, State.HANDLING, State.SUSPENDED, State.REVIEWING, State.CALLING_BACK}
MINUTES_BACK = {ClockKind.HANDLE: 10_500, ClockKind.CALL_BACK: 5_000}
TYPES = tuple(TicketType)


def fill(
    session: Session, closed: int, *, begun: int | None = None, now: datetime, rulebook: Rulebook
) -> Iterator[int]:
    """`closed` tickets one minute apart back from now, and `begun` that are open (a hundredth); yields how many are in."""
    enterprises = closed // 10
    _enterprises(session, enterprises, now)
    yield from closed_tickets(session, 1, closed, now, enterprises=enterprises)
    begun = begun or max(1000, closed // 100)
    _open(session, closed + 1, begun, now=now, rulebook=rulebook)
    advance_keys(session)
    _past(session, closed)
    on_their_way(session, closed, now)
    _waiting(session, closed, begun, now=now, rulebook=rulebook)
    yield closed + begun


def _enterprises(session: Session, count: int, now: datetime) -> None:
    """Each with one who speaks for it; the same sealed words serve them all."""
    sealed = keys_of(session).seal(json.dumps({"name": "王小明", "phone": "+8613812345678", "email": None}))
    for begin in range(1, count + 1, CHUNK):
        ids = range(begin, min(begin + CHUNK, count + 1))
        named = [{"id": n, "name": f"第{n}家企业", "created_at": now} for n in ids]
        session.connection().execute(insert(Enterprise.__table__), named)
        known = {"cipher": CIPHER, "key_version": KEY_VERSION, "sealed": sealed, "created_at": now}
        spoken = [{"id": n, "enterprise_id": n, "digest": f"{n:x}", "phone_hash": f"{n:x}", **known} for n in ids]
        session.connection().execute(insert(Contact.__table__), spoken)


def _open(session: Session, first: int, count: int, *, now: datetime, rulebook: Rulebook) -> None:
    units = list(session.scalars(select(Unit).where(Unit.kind == "department").order_by(Unit.id)))
    shares = [(state, kind) for share, state, kind in OPEN for _ in range(share)]
    for begin in range(first, first + count, CHUNK):
        rows, running = [], []
        for n in range(begin, min(begin + CHUNK, first + count)):
            state, kind = shares[n * 7 % len(shares)]
            at = now - timedelta(minutes=(n - first) * MINUTES_BACK.get(kind, 1_800) / count)  # type: ignore[arg-type]
            row = {**ticket_row(session, n, units[n % len(units)], state, at), "type": TYPES[n % len(TYPES)]}
            if state not in BY_UNIT:
                row |= {"lead_unit_id": None, "desk_unit_id": None, "desk_path": None}
            if kind is not None:
                clock = clocks.new_row(Ticket(**row), kind, at, rulebook=rulebook)
                row |= {"due_at": clock["due_at"], "due_kind": str(kind)}
                running.append(clock)
            rows.append({"due_at": None, "due_kind": None, **row})
        session.connection().execute(insert(Ticket.__table__), rows)
        session.connection().execute(insert(Clock.__table__), running)


def _past(session: Session, closed: int) -> None:
    """Of every closed ticket a result and a call; of every tenth a rating; of every hundredth an order that is done with."""
    who = session.scalars(select(Staff.id).order_by(Staff.id)).first()
    past = Ticket.id <= closed
    at = Ticket.received_at
    _copy(session, Result, past, kind=ResultKind.SOLVED, round=1, reply="已办结。", submitted_at=at, passed=True)
    _copy(
        session, CallBack, past, round=1, at=at, by=who, connected=True, no_reply_wanted=False, untrue=False, remark=""
    )
    rated = {"object": "unit", "unit_id": Ticket.lead_unit_id, "round": 1, "occasion": "", "rater_hash": ""}
    rated |= {
        "once": Ticket.number,
        "channel": "phone",
        "real_name": True,
        "verified": True,
        "level": Satisfaction.SATISFIED,
    }
    rated |= {"reasons": [], "reasons_version": 1, "remark": "", "rated_at": at}
    _copy(session, Rating, past & (Ticket.id % 10 == 0), **rated)
    done = {
        "round": 1,
        "state": OrderState.CLOSED,
        "cause": "ladder",
        "drafted_at": at,
        "closed_at": at,
        "sent_back": 0,
    }
    _copy(session, Order, past & (Ticket.id % 100 == 0), number=Ticket.number, unit_id=Ticket.lead_unit_id, **done)
    asked = {
        "kind": RequestKind.EXTENSION,
        "round": 1,
        "reason": "需要调档。",
        "details": {},
        "asked_by": who,
        "asked_at": at,
    }
    _copy(session, Request, past & (Ticket.id % 20 == 0), state=RequestState.APPROVED, decided_at=at, **asked)
    read = {"staff_id": who, "kind": "reminded", "data": {}, "at": at, "not_before": at, "read_at": at, "spread_at": at}
    _copy(session, Notice, past & (Ticket.id % 5 == 0), event=Ticket.number, **read)
    bad = select(Rating.id, Rating.ticket_id, Rating.unit_id, Rating.rated_at, *_values(Rectification, _MENDED))
    names = ["rating_id", "ticket_id", "unit_id", "opened_at", *_MENDED, "number"]
    number = literal("ZG") + func.substr(Rating.once, 3)
    bad = bad.add_columns(number).where(Rating.id % 20 == 0)
    session.execute(insert(Rectification).from_select(names, bad))


_MENDED: dict[str, Any] = {"state": RectificationState.CLOSED, "round": 1, "passed": True}


def _values(table: type[Any], given: dict[str, Any]) -> list[Any]:
    columns = table.__table__.c
    return [
        value if hasattr(value, "label") and not isinstance(value, str) else literal(value, columns[name].type)
        for name, value in given.items()
    ]


def _copy(session: Session, table: type[Any], where: Any, **given: Any) -> None:
    """A row of this table for each ticket that is meant, by one statement."""
    rows = select(Ticket.id, *_values(table, given)).where(where)
    session.execute(insert(table).from_select(["ticket_id", *given], rows))


def on_their_way(session: Session, closed: int, now: datetime) -> None:
    """What deeds look for in open tickets: the dispatch by which each lies at its unit; the result, and the clock it halted."""
    who = session.scalars(select(Staff.id).order_by(Staff.id)).first()
    live, at = Ticket.id > closed, Ticket.received_at
    sent = {
        "unit_id": Ticket.lead_unit_id,
        "dispatched_by": who,
        "dispatched_at": at,
        "sign_due_at": at,
        "designated": False,
    }
    _copy(session, Dispatch, live & (Ticket.state == State.DISPATCHED), **sent)
    signed = Ticket.state.in_(BY_UNIT - {State.DISPATCHED})
    _copy(session, Dispatch, live & signed, signed_at=at, signed_by=who, **sent)
    given = {"kind": ResultKind.SOLVED, "round": 1, "reply": "已办结。", "submitted_at": at}
    _copy(session, Result, live & (Ticket.state == State.REVIEWING), **given)
    _copy(session, Result, live & (Ticket.state == State.CALLING_BACK), passed=True, **given)
    handled = {"kind": ClockKind.HANDLE, "unit_id": Ticket.lead_unit_id, "unit_path": Ticket.desk_path, "round": 1}
    handled |= {
        "started_at": at,
        "days": 5,
        "limit_text": "5个工作日",
        "due_at": now,
        "first_due_at": now,
        "extra_days": 0,
    }
    handled |= {"provisional": False, "stopped_at": at, "late": False, "step": -1}
    _copy(session, Clock, live & (Ticket.state == State.REVIEWING), **handled)
    _copy(session, Clock, live & (Ticket.state == State.CALLING_BACK), met_at=at, **handled)


def _waiting(session: Session, closed: int, begun: int, *, now: datetime, rulebook: Rulebook) -> None:
    """Beside what is open: orders, requests, rectifications, promises, objections, tasks of others, messages."""
    who = session.scalars(select(Staff.id).order_by(Staff.id)).all()
    live = (Ticket.id > closed) & (Ticket.state == State.HANDLING)
    at = Ticket.received_at
    order = {"round": 1, "cause": "ladder", "drafted_at": at, "sent_back": 0, "unit_id": Ticket.lead_unit_id}
    for remainder, state in enumerate((OrderState.DRAFT, OrderState.ISSUED, OrderState.REPLIED)):
        _copy(session, Order, live & (Ticket.id % 60 == remainder), number=Ticket.number, state=state, **order)
    asked = {"round": 1, "reason": "需要调档。", "details": {}, "asked_by": who[-1], "asked_at": at}
    for remainder, kind in enumerate((RequestKind.RETURN, RequestKind.EXTENSION, RequestKind.SUSPENSION)):
        mine = live & (Ticket.id % 40 == remainder)
        _copy(session, Request, mine, kind=kind, state=RequestState.PENDING, **asked)
    rated = {"object": "unit", "round": 1, "occasion": "", "rater_hash": "", "channel": "phone", "real_name": True}
    rated |= {"verified": True, "level": Satisfaction.DISSATISFIED, "reasons": [], "reasons_version": 1, "remark": ""}
    _copy(
        session,
        Rating,
        live & (Ticket.id % 30 == 0),
        once=Ticket.number,
        unit_id=Ticket.lead_unit_id,
        rated_at=at,
        **rated,
    )
    opened = {"state": RectificationState.RECTIFYING, "round": 1}
    cases = select(Rating.id, Rating.ticket_id, Rating.unit_id, Rating.rated_at, *_values(Rectification, opened))
    cases = cases.add_columns(literal("ZG") + func.substr(Rating.once, 3)).where(Rating.ticket_id > closed)
    names = ["rating_id", "ticket_id", "unit_id", "opened_at", *opened, "number"]
    session.execute(insert(Rectification).from_select(names, cases))
    promised = {
        "round": 1,
        "kind": ResultKind.PROMISED,
        "promised_on": (now + timedelta(days=30)).date(),
        "opened_at": at,
    }
    promised |= {"state": TrackState.OPEN, "unit_id": Ticket.lead_unit_id}
    _copy(session, TrackedItem, live & (Ticket.id % 50 == 0), **promised)
    owed = select(TrackedItem.id, TrackedItem.ticket_id, TrackedItem.unit_id, Unit.path, TrackedItem.opened_at)
    owed = owed.join(Unit, Unit.id == TrackedItem.unit_id)
    due = now + timedelta(days=30)
    clock = {"kind": ClockKind.TRACK, "round": 1, "limit_text": "承诺日", "due_at": due, "first_due_at": due}
    clock |= {"extra_days": 0, "provisional": False, "step": -1}
    names = ["tracked_item_id", "ticket_id", "unit_id", "unit_path", "started_at", *clock]
    session.execute(insert(Clock).from_select(names, owed.add_columns(*_values(Clock, clock))))
    objected = {"ended_as": State.CLOSED, "ended_at": at, "text": "不认可。", "objected_at": at}
    past = (Ticket.id <= closed) & (Ticket.id > closed - 5_000)
    _copy(session, Objection, past & (Ticket.id % 100 == 0), state=ObjectionState.OPEN, **objected)
    _copy(session, QualityCall, past & (Ticket.id % 100 == 1), due_at=at, remark="")
    task = {"round": 1, "state": AssistState.OPEN, "task": "请协助核实。", "asked_at": at}
    helper = select(func.min(Unit.id)).where(Unit.kind == "department").scalar_subquery()
    path = select(Unit.path).where(Unit.id == helper).scalar_subquery()
    _copy(session, Assist, live & (Ticket.id % 10 == 0), unit_id=helper, unit_path=path, **task)
    told = {"staff_id": cast(Ticket.id % len(who), Integer) + who[0], "kind": "reminded", "data": {}}
    _copy(session, Notice, live, event=Ticket.number, at=at, not_before=at, **told)
    sent = select(Notice.id, *_values(Delivery, _DEAD)).where(Notice.ticket_id > closed, Notice.id % 50 == 0)
    session.execute(insert(Delivery).from_select(["notice_id", *_DEAD, "next_at"], sent.add_columns(Notice.at)))


_DEAD: dict[str, Any] = {"channel": "sms", "state": DeliveryState.DEAD, "attempts": 5, "last_error": "TimeoutError"}
