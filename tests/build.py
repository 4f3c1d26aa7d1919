"""Builders: tickets brought to a state by the deeds themselves, never by writing rows."""

from datetime import datetime
from typing import Any

from hotline.casework import call_back, dispatch, handling, intake, review
from hotline.casework.access import ticket_for
from hotline.casework.contacts import ContactGiven, EnterpriseGiven
from hotline.office import Office
from hotline.rules.vocabulary import (
    Difficulty,
    Outcome,
    ResultKind,
    Satisfaction,
    Solved,
    TicketType,
)
from tests.cast import UNIT, Cast

PHONE = "+8613812345678"


class Builder:
    """`build.ticket("handling", now)`: its number; what was logged lies in `build.logged`."""

    def __init__(self, office: Office, cast: Cast) -> None:
        self.office, self.cast = office, cast
        self.logged: intake.Logged | None = None

    def do(self, who: str, deed: Any, *given: Any, now: datetime) -> Any:
        with self.office.deed(now) as work:
            return deed(work.session, *given, actor=getattr(self.cast, who), now=work.now, rulebook=work.rulebook)

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
        number = self.logged.ticket.number
        for reached, who, deed, given in self._steps(unit):
            if self._state(number) == state:
                break
            assert reached
            self.do(who, deed, number, given, now=now)
        assert self._state(number) == state
        return number

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
        with self.office.reading() as work:
            return str(ticket_for(work.session, number, self.cast.supervisor).state)
