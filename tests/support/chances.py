"""What people may do next on a ticket and what they would send, drawn by chance, leaning to what moves the work on."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.app_context import AppContext
from hotline.casework.intake import attachments
from hotline.casework.ratings.rating import RatingGiven, rate
from hotline.context import Context
from hotline.models.call_backs.call_backs import CallBack
from hotline.models.handling.requests import Request
from hotline.models.tickets.tickets import ContactMade, Ticket
from hotline.rules.actors import Actor
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.handling.requests import KIND_OF, ROWS
from hotline.rules.permissions import allowed_actions, allowed_deeds, may_take
from hotline.rules.tickets.states import OPEN
from hotline.rules.vocabulary import Action, Difficulty, RequestKind, RequestState, Satisfaction, Solved, State
from hotline.rules.workflow import AFTER_ANSWER
from hotline.schemas import actions as forms
from hotline.schemas.base import load
from tests.support import bodies
from tests.support.cast import OTHER_UNIT, UNIT
from tests.support.waiting import STEPS, Name, waiting

AT_FIRST, SOON = (RequestKind.RETURN, RequestKind.DIFFICULT), timedelta(days=1)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
RARELY: frozenset[Name] = frozenset({Action.REJECT, Action.MERGE, Action.WITHDRAW, Action.TRANSFER, Action.REOPEN})
ONWARD: frozenset[Name] = frozenset(
    {
        Action.ACCEPT,
        Action.DISPATCH,
        Action.SIGN,
        Action.SUBMIT_RESULT,
        Action.AUDIT_PASS,
        Action.CLOSE,
        Action.RECORD_CONTACT,
        Action.RECORD_CALL_BACK,
        Action.REQUEST,
    }
)
# Rated by the enterprise, dispatched and archived elsewhere; who has recused himself does nothing any more.
NOT_HERE: frozenset[Name] = frozenset({Action.RECUSE, Action.RATE, Action.SUBMIT, Action.ARCHIVE})
ANSWERS: tuple[tuple[int, dict[str, Any]], ...] = (
    (5, {"connected": True, "contacted_by_unit": True, "solved": "solved", "satisfaction": "satisfied"}),
    (3, {"connected": True, "contacted_by_unit": False, "solved": "unsolved", "satisfaction": "dissatisfied"}),
    (1, {"connected": True, "no_reply_wanted": True}),
    (2, {"connected": False}),
)
OUTCOMES = ("solved", "unreachable", "explained", "unresolved", "no_reply_wanted")


@dataclass(frozen=True)
class Chance:
    """`given` is sent to `does` by `actor`."""

    name: Name
    actor: Actor
    given: Any
    does: Any


@dataclass(frozen=True)
class Here:
    """Where and when something is tried: `others` are the tickets that this one could be merged into.

    `tried` counts what was tried so far: what was not tried yet comes sooner.
    """

    app_context: AppContext
    now: datetime
    others: tuple[str, ...]
    code: str
    tried: "Counter[Any]"

    def pick(self, draw: Random, found: list[Any], often: Callable[[Any], int]) -> Any:
        """One of these, rather one that was seldom tried."""
        return draw.choices(found, [1 / (1 + often(one)) for one in found])[0]


def drawn(ctx: Context, draw: Random, people: Iterable[Actor], ticket: Ticket, here: Here) -> Chance | None:
    """An action that the table allows somebody now: what ends or undoes it rarely, mostly what moves on and what waits."""
    may = {actor: {*allowed_actions(actor, ticket), *allowed_deeds(actor, ticket)} - NOT_HERE for actor in people}
    names = set().union(*may.values())
    waits = [
        (name, given) for name, given in waiting(ctx.at(here.now), ticket, draw) if given is not None or name in names
    ]
    ways = (names & set(bodies.ACTIONS)) - RARELY - ONWARD - set(KIND_OF) - {Action.SUPPLY_INFO, Action.TAKE_UP}
    rarely = names & RARELY
    plain = ((1.5 if len(rarely) > 1 else 0.1, rarely), (4, names & ONWARD), (3, ways), (1, names & set(bodies.DEEDS)))
    kinds = [(weight, [(name, None) for name in sorted(kind)]) for weight, kind in plain if kind]
    asked = any(name in (Action.SIGN_REQUEST, Action.DECIDE_REQUEST) for name, _ in waits)
    kinds += [(20 if asked else 6, waits)] if waits else []
    if not kinds:
        return None
    kind = draw.choices([kind for _, kind in kinds], [weight for weight, _ in kinds])[0]
    name, given = here.pick(draw, kind, lambda one: _often(one[0], ticket, here))
    name, (given, path, roles) = _first(ctx.session, ticket, name), given or (None, ticket.desk_path, None)
    doers = [actor for actor in may if (name in may[actor] if given is None else may_take(actor, name, path))]
    doers = [actor for actor in doers if roles is None or actor.roles & roles]
    if given is not None:
        doers = [actor for actor in doers if not actor.at_centre] or doers
    return chance(ctx.by(draw.choice(doers or [*may])), draw, name, ticket, here, given)


def _often(name: Name, ticket: Ticket, here: Here) -> int:
    """How often it was tried; asking counts as what could be asked for here, and what was asked for is always answered."""
    if name in (Action.SIGN_REQUEST, Action.DECIDE_REQUEST):
        return 0
    if name is not Action.REQUEST:
        return here.tried[name]
    return min(here.tried[kind] for kind in _kinds(ticket))


def _kinds(ticket: Ticket) -> list[RequestKind]:
    """What may be asked for in this state."""
    never = RequestKind.DIFFICULT if ticket.difficulty is Difficulty.DIFFICULT else RequestKind.EXTENSION
    return [row.kind for row in ROWS.values() if ticket.state in row.states and row.kind is not never]


def _first(session: Session, ticket: Ticket, name: Name) -> Name:
    """What has to be done before it, where that is still missing."""
    of_this_round = (ContactMade.ticket_id == ticket.id, ContactMade.round == ticket.round)
    if name is Action.SUBMIT_RESULT and session.scalar(select(ContactMade.id).where(*of_this_round).limit(1)) is None:
        return Action.RECORD_CONTACT
    if name in (Action.CLOSE, Action.REWORK):
        said = _last_answer(session, ticket)
        if said is None or not said.connected:
            return Action.RECORD_CALL_BACK
        return Action.REWORK if said.solved is Solved.UNSOLVED else Action.CLOSE
    return name


def _last_answer(session: Session, ticket: Ticket) -> CallBack | None:
    calls = select(CallBack).where(CallBack.ticket_id == ticket.id, CallBack.round == ticket.round)
    return session.scalars(calls.order_by(CallBack.id.desc()).limit(1)).first()


def chance(ctx: Context, draw: Random, name: Name, ticket: Ticket, here: Here, given: Any = None) -> Chance | None:
    """What this person would send for this name; `None` where there is nothing to send it about."""
    if name is Action.ATTACH:
        attach = partial(attachments.attach, store=here.app_context.store, scanner=None)
        return Chance(name, ctx.actor, attachments.Upload("整改证明.pdf", PDF), attach)
    if name is Action.REVEAL_CONTACT:
        form, does = forms.ACTIONS[name]
        return Chance(name, ctx.actor, load(form(), bodies.DEEDS[name][1]), does)
    if name in STEPS:
        table, make, does = STEPS[name]
        rows = list(ctx.session.scalars(select(table).where(table.ticket_id == ticket.id).order_by(table.id)))
        given = given or (make(draw, draw.choice(rows), ctx.session, name) if rows else None)
        return Chance(name, ctx.actor, given, does) if given else None
    if name not in forms.ON_TICKET:
        return None
    form, does = forms.ON_TICKET[name]
    body = _body(ctx, draw, name, ticket, here)
    return Chance(name, ctx.actor, load(form(), body), does) if body is not None else None


def _body(ctx: Context, draw: Random, name: Name, ticket: Ticket, here: Here) -> Any:
    if name is Action.REQUEST:
        return _asking(draw, ctx.actor, ticket, here)
    if name is Action.RECORD_CALL_BACK:
        return draw.choices([answer for _, answer in ANSWERS], [weight for weight, _ in ANSWERS])[0]
    if name is Action.CLOSE:
        last = _last_answer(ctx.session, ticket)
        if _result(ctx.session, ticket) != "solved" and last is not None and last.connected:
            return {"outcome": "tracked"}
        said = last is not None and (last.solved or ("no_reply_wanted" if last.no_reply_wanted else None))
        return {"outcome": said if said in OUTCOMES else draw.choice(OUTCOMES)}
    if name is Action.WITHDRAW:
        return {"code": here.code}
    if name is Action.OBJECT:
        return {"code": here.code, "text": "没有解决"}
    if name is Action.SUBMIT_RESULT:
        return {"kind": _result(ctx.session, ticket), "reply": "好"}
    if name is Action.DISPATCH:
        unit, other = draw.choice([(UNIT, OTHER_UNIT), (OTHER_UNIT, UNIT)])
        return {"unit": unit, "assisting": draw.choice([[], [], [other], ["justice", other]])}
    if name is Action.MERGE:
        return {"master": draw.choice(_masters(ctx.session, ticket, here) or list(here.others))}
    if name is Action.AUDIT_REFUSE:
        return {"fault": draw.choice(["incomplete", "false"]), "remark": "补"}
    return bodies.ACTIONS[name] if name in bodies.ACTIONS else bodies.DEEDS[name][1]


def _result(session: Session, ticket: Ticket) -> str:
    """What the supervisor agreed to in this round, or that it is solved."""
    of_this_round = (Request.ticket_id == ticket.id, Request.round == ticket.round)
    agreed = select(Request.kind).where(*of_this_round, Request.state == RequestState.APPROVED)
    kinds = agreed.where(Request.kind.in_((RequestKind.PROMISED, RequestKind.STATUTORY)))
    return str(session.scalars(kinds.order_by(Request.id.desc()).limit(1)).first() or "solved")


def _masters(session: Session, ticket: Ticket, here: Here) -> list[str]:
    """The tickets that this one may be merged into."""
    query = select(Ticket.number).where(Ticket.number.in_(here.others), Ticket.state.in_(OPEN))
    return list(session.scalars(query.where(Ticket.confidential | (not ticket.confidential)).order_by(Ticket.id)))


def _asking(draw: Random, actor: Actor, ticket: Ticket, here: Here) -> dict[str, Any] | None:
    """A request of a kind that this person may make in this state."""
    kinds = [kind for kind in _kinds(ticket) if actor.roles & ROWS[kind].askers]
    if not kinds:
        return None
    if here.now - ticket.state_at < SOON:  # Of what may be asked for in the first days alone, rather at once.
        kinds = [kind for kind in kinds if kind in AT_FIRST] or kinds
    kind = here.pick(draw, kinds, lambda one: here.tried[one])
    here.tried[kind] += 1
    days = draw.choice([4, 20])
    until = (local(here.now) + timedelta(days=days)).date().isoformat()
    details: dict[RequestKind, dict[str, Any]] = {
        RequestKind.RETURN: {"code": "not_our_duty", "legal_ground": "三定方案", "suggested_unit": "housing"},
        RequestKind.DIFFICULT: {"code": "testing"},
        RequestKind.EXTENSION: {"days": 3},
        RequestKind.SUSPENSION: {
            "code": "material" if days < 5 else "court",
            "until": until,
        },
        RequestKind.REASSIGN: {"suggested_unit": "housing"},
        RequestKind.PROMISED: {"until": until},
        RequestKind.STATUTORY: {"body": "人民法院", "until": until},
        RequestKind.TERMINATE: {"code": "court", "path": "请向法院"},
        RequestKind.REJECT: {"code": "out_of_scope", "path": "请向法院起诉"},
    }
    return {"kind": str(kind), "reason": "情况属实", **details.get(kind, {})}


def of_the_enterprise(draw: Random, state: State, code: str, actor: Actor) -> Chance:
    """What the enterprise itself does: it supplies, rates, reminds, and now and then withdraws."""
    fitting: Name = (
        Action.SUPPLY_INFO if state is State.NEED_INFO else Action.RATE if state in AFTER_ANSWER else Action.REMIND
    )
    name: Name = draw.choices((fitting, Action.REMIND, Action.WITHDRAW), (25, 4, 1))[0]
    if name is Action.RATE:
        level = draw.choices(list(Satisfaction), (1, 1, 1, 2, 2))[0]
        return Chance(name, actor, RatingGiven(level, ("too_slow",) if level.score <= 2 else ()), rate)
    form, does = forms.ACTIONS[name]
    body = {"code": code} if name is Action.WITHDRAW else bodies.ACTIONS.get(name, {})
    return Chance(name, actor, load(form(), body), does)
