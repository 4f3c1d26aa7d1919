"""What the events of a life are to the service: its own actions, done by the people whose they are."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from hotline.casework.call_backs import call_back
from hotline.casework.dispatch import assisting, dispatch
from hotline.casework.handling import handling, requests, resumption, review
from hotline.casework.intake import intake, missing_information
from hotline.context import Context
from hotline.models.handling.assists import Assist
from hotline.models.tickets.tickets import Ticket
from hotline.rules.handling.assisting import AssistState
from hotline.rules.reason_codes import Fault
from hotline.rules.vocabulary import (
    Action,
    Difficulty,
    RequestKind,
    ResultKind,
    Satisfaction,
    Solved,
    TicketType,
    Urgency,
)
from hotline.schemas.actions import ACTIONS
from tests.support.cast import OTHER_UNIT, UNIT, Cast

RULED = requests.Ruling("同意")
RESULT = handling.ResultGiven(ResultKind.SOLVED, "已办结。")
UNSOLVED = call_back.Answer(True, True, Solved.UNSOLVED, Satisfaction.DISSATISFIED)
RETURN = {"code": "not_our_duty", "legal_ground": "三定方案", "suggested_unit": "housing"}


class Deeds:
    """The service as the lives use it: `do` carries one event out, on a ticket by its number."""

    def __init__(self, ctx: Context, cast: Cast) -> None:
        self.ctx, self.cast = ctx, cast

    def log(self, urgency: str, difficulty: str | None) -> str:
        call = intake.NewCall(
            title="窗口不受理变更登记",
            content="材料齐全，窗口不受理。",
            type=TicketType.COMPLAINT,
            category="licensing-delay",
            urgency=Urgency(urgency),
            difficulty=None if difficulty is None else Difficulty(difficulty),
        )
        return intake.log_call(self.ctx.by(self.cast.operator), call).ticket.number

    def do(self, name: str, number: str, given: dict[str, Any]) -> None:
        """Refuses what the service refuses."""
        steps = getattr(self, f"_{name}", None)
        if steps is not None:
            steps(number, **given)
            return
        who, does, what = PLAIN[name]
        does(self.ctx.by(getattr(self.cast, who)), number, what)

    def _accept(self, number: str, difficulty: str) -> None:
        given = intake.Acceptance(difficulty=Difficulty(difficulty))
        intake.accept(self.ctx.by(self.cast.operator), number, given)

    def _dispatch(self, number: str, assists: int) -> None:
        given = dispatch.DispatchGiven(UNIT, assisting=(OTHER_UNIT,) * assists)
        dispatch.dispatch(self.ctx.by(self.cast.dispatcher), number, given)

    def _ask(self, number: str, kind: str, **more: Any) -> None:
        more |= {"return": RETURN, "difficult": {"code": "testing"}}.get(kind, {})
        requests.ask(self.ctx.by(self.cast.leader), number, requests.Asking(RequestKind(kind), "情况属实", **more))

    def _approve_extension(self, number: str, days: int) -> None:
        ACTIONS[Action.EXTENSION_APPROVED][1](self.ctx.by(self.cast.supervisor), number, RULED)

    def _suspend(self, number: str, until: Any) -> None:
        ACTIONS[Action.SUSPEND][1](self.ctx.by(self.cast.supervisor), number, RULED)

    def _submit(self, number: str) -> None:
        """Whoever helps has answered, and somebody has called the enterprise."""
        open_tasks = select(Assist.id).join(Ticket, Ticket.id == Assist.ticket_id)
        open_tasks = open_tasks.where(Ticket.number == number, Assist.state == AssistState.OPEN)
        handling.record_contact(self.ctx.by(self.cast.handler), number, handling.ContactReport("电话"))
        for task in self.ctx.session.scalars(open_tasks).all():
            assisting.reply_assist(self.ctx.by(self.cast.other_handler), number, assisting.AssistStep(task, "已核实"))
        handling.submit_result(self.ctx.by(self.cast.leader), number, RESULT)

    def _rework(self, number: str) -> None:
        by = self.ctx.by(self.cast.reviewer)
        call_back.record_call_back(by, number, UNSOLVED)
        call_back.rework(by, number, call_back.Rework("没有解决"))


PLAIN: dict[str, tuple[str, Callable[..., Any], Any]] = {
    "ask_info": ("operator", missing_information.ask_info, missing_information.Gaps(("营业执照",))),
    "supply_info": ("operator", missing_information.supply_info, missing_information.Supplied("123")),
    "refuse_return": ("dispatcher", ACTIONS[Action.RETURN_REFUSED][1], RULED),
    "sign": ("handler", dispatch.sign, dispatch.Signing()),
    "approve_difficult": ("supervisor", ACTIONS[Action.DIFFICULTY_APPROVED][1], RULED),
    "go_on": ("supervisor", resumption.resume, resumption.Resuming()),
    "refuse": ("reviewer", review.audit_refuse, review.Refusing(Fault.INCOMPLETE, "补")),
    "accept_result": ("reviewer", review.audit_pass, review.Passing()),
}
