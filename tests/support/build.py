"""Builders: tickets brought to a state by the actions themselves, never by writing rows."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from hotline.app_context import AppContext
from hotline.casework.call_backs import call_back
from hotline.casework.dispatch import dispatch
from hotline.casework.handling import handling, requests, review
from hotline.casework.intake import intake
from hotline.casework.tickets.access import ticket_for
from hotline.casework.tickets.contacts import ContactGiven, EnterpriseGiven
from hotline.jobs import archive
from hotline.jobs.run import Run
from hotline.models.handling.requests import Request
from hotline.models.tickets.tickets import Ticket
from hotline.rules.vocabulary import (
    Action,
    Difficulty,
    Outcome,
    ResultKind,
    Satisfaction,
    Solved,
    TicketType,
)
from hotline.schemas.actions import ACTIONS
from hotline.schemas.base import load
from tests.support.cast import UNIT, Cast

PHONE = "+8613812345678"


RULED = {"reason": "情况属实"}
ASKED = {"kind": "terminate", "code": "court", "path": "请向法院", "reason": "已起诉"}
SUSPENDED = {"kind": "suspension", "code": "court", "until": "UNTIL", "reason": "等待判决"}
REJECTED = {"code": "out_of_scope", "path": "请向法院", "reason": "合同纠纷"}
# state -> (from where on the main path, (who, what, with which body), whether the ticket is accepted when it is logged)
SIDEWAYS: dict[str, tuple[str, tuple[tuple[str, str, dict[str, Any]], ...], bool]] = {
    "submitted": ("submitted", (), False),
    "need_info": ("submitted", (("operator", "ask_info", {"gaps": ["营业执照"]}),), False),
    "rejected": ("submitted", (("dispatcher", "reject", REJECTED), ("supervisor", "decide", {})), False),
    "merged": ("submitted", (("operator", "merge", {"master": "MASTER"}),), False),
    "transferred": ("submitted", (("operator", "transfer", {"receiver": "police", "path": "请拨打110"}),), False),
    "withdrawn": ("dispatched", (("operator", "withdraw", {"code": "CODE"}),), True),
    "suspended": ("handling", (("leader", "request", SUSPENDED), ("supervisor", "suspend", RULED)), True),
    "terminated": ("handling", (("leader", "request", ASKED), ("supervisor", "terminate", RULED)), True),
    "archived": ("closed", (("system", "archive", {}),), True),
}


class Builder:
    """`build.ticket("handling", now)`: its number; what was logged lies in `build.logged`."""

    def __init__(self, app_context: AppContext, cast: Cast) -> None:
        self.app_context, self.cast = app_context, cast
        self.logged: intake.Logged | None = None

    def do(self, who: str, does: Any, *given: Any, now: datetime) -> Any:
        with self.app_context.transaction(now) as ctx:
            return does(ctx.by(getattr(self.cast, who)), *given)

    def call(self, **changes: Any) -> intake.NewCall:
        known: dict[str, Any] = {
            "title": "窗口不受理变更登记",
            "content": "材料齐全，窗口不受理。",
            "type": TicketType.COMPLAINT,
            "category": "licensing-delay",
            "difficulty": Difficulty.ORDINARY,
            "enterprise": EnterpriseGiven("襄阳甲乙机械有限公司"),
            "contact": ContactGiven("王小明", PHONE, None),
        }
        return intake.NewCall(**{**known, **changes})

    def ticket(self, state: str, now: datetime, *, unit: str = UNIT, **changes: Any) -> str:
        self.logged = self.do("operator", intake.log_call, self.call(**changes), now=now)
        assert self.logged is not None
        return self.onward(self.logged.ticket.number, state, now, unit=unit)

    def onward(self, number: str, state: str, now: datetime, *, unit: str = UNIT, done: int = 0) -> str:
        """A ticket with which so many steps of the main path are done, brought further."""
        for reached, who, does, given in self._steps(unit)[done:]:
            if self._state(number) == state:
                break
            assert reached
            self.do(who, does, number, given, now=now)
        assert self._state(number) == state
        return number

    def anywhere(self, state: str, now: datetime) -> str:
        """A ticket in any of the states, those off the main path too; what needs days is done that much later."""
        way = SIDEWAYS.get(state)
        if way is None:
            return self.ticket(state, now)
        begin, steps, plain = way
        number = self.ticket(begin, now, **({} if plain else {"difficulty": None}))
        for who, name, body in steps:
            if name == "archive":
                archive.run(Run(self.app_context, now + timedelta(days=90)))
                continue
            if name == "decide":
                self.do(who, requests.decide, number, self._request_of(number), now=now)
                continue
            body = {field: self._filled(value, number, now) for field, value in body.items()}
            form, does = ACTIONS[Action(name)]
            self.do(who, does, number, load(form(), body), now=now)
        assert self._state(number) == state
        return number

    def _request_of(self, number: str) -> requests.Decision:
        with self.app_context.snapshot() as ctx:
            query = select(Request.id).join(Ticket, Ticket.id == Request.ticket_id).where(Ticket.number == number)
            return requests.Decision(ctx.session.scalars(query.order_by(Request.id.desc())).first() or 0, True, "同意")

    def _filled(self, value: Any, number: str, now: datetime) -> Any:
        if value == "CODE":
            assert self.logged is not None
            return self.logged.query_code
        if value == "MASTER":
            known = self.logged
            master = self.ticket("handling", now)
            self.logged = known
            return master
        return (now + timedelta(days=20)).date().isoformat() if value == "UNTIL" else value

    def _steps(self, unit: str) -> list[tuple[str, str, Any, Any]]:
        return [
            ("dispatched", "dispatcher", dispatch.dispatch, dispatch.DispatchGiven(unit)),
            ("handling", "handler", dispatch.sign, dispatch.Signing()),
            ("handling", "handler", handling.record_contact, handling.ContactReport("已电话联系")),
            ("reviewing", "leader", handling.submit_result, handling.ResultGiven(ResultKind.SOLVED, "已办结。")),
            ("calling_back", "reviewer", review.audit_pass, review.Passing()),
            (
                "calling_back",
                "reviewer",
                call_back.record_call_back,
                call_back.Answer(True, True, Solved.SOLVED, Satisfaction.SATISFIED),
            ),
            ("closed", "reviewer", call_back.close, call_back.Closing(Outcome.SOLVED)),
        ]

    def _state(self, number: str) -> str:
        with self.app_context.snapshot() as ctx:
            return str(ticket_for(ctx.by(self.cast.supervisor), number).state)
