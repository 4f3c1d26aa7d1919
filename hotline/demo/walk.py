"""The demonstration's matters on their way: each is logged, sent and handled by the actions that everybody uses."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from hotline import clock
from hotline.app_context import AppContext
from hotline.casework.call_backs import call_back
from hotline.casework.dispatch import dispatch
from hotline.casework.handling import handling, requests, review
from hotline.casework.intake import intake, merging
from hotline.casework.ratings import rating
from hotline.casework.supervision import objections
from hotline.casework.tickets.contacts import ContactGiven, EnterpriseGiven
from hotline.context import Context
from hotline.demo.matters import Matter
from hotline.models.handling.requests import Request
from hotline.models.tickets.tickets import Ticket
from hotline.rules.actors import Actor
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.rules.reason_codes import Fault
from hotline.rules.vocabulary import Action, Difficulty, Outcome, ResultKind, Satisfaction, Solved, TicketType, Urgency
from hotline.schemas.actions import ACTIONS
from hotline.schemas.base import load

CENTRE, UNIT, OTHER_UNIT = "hotline-centre", "market-supervision", "tax"
REPORTED_TO, LAWYERS = "discipline-inspection", "justice"
OF_UNIT = {
    UNIT: ("handler", "leader"),
    OTHER_UNIT: ("tax-handler", "tax-leader"),
    REPORTED_TO: ("discipline-handler", "discipline-leader"),
    LAWYERS: ("lawyer", "justice-leader"),
}


class Day:
    """Instants that lie some working days back, and never after now."""

    def __init__(self, app_context: AppContext) -> None:
        self.now = clock.now()
        self.calendar = app_context.rulebook.calendar

    def back(self, days: int, hour: int) -> datetime:
        on: date = self.now.astimezone(ZONE).date()
        while days:
            on -= timedelta(days=1)
            days -= self.calendar.remaining_working_days(
                datetime.combine(on - timedelta(days=1), time(12), ZONE), datetime.combine(on, time(12), ZONE)
            )
        return min(datetime.combine(on, time(hour), ZONE), self.now)

    def on(self, days: int) -> date:
        """The day so many working days from today."""
        return self.calendar.due(self.now, days).at.date()


class Walk:
    """One matter on its way, as far as it goes."""

    def __init__(self, app_context: AppContext, people: dict[str, Actor], day: Day, matter: Matter) -> None:
        self.app_context, self.people, self.day, self.matter = app_context, people, day, matter
        self.number = self.code = ""
        self.handler, self.leader = OF_UNIT[matter.unit]

    def go(self) -> None:
        for step in STEPS[self.matter.goes_to]:
            getattr(self, step)()

    def do(self, days: int, hour: int, who: str, does: Callable[..., Any], given: Any) -> Any:
        back = max(0, self.matter.days_ago - days)
        with self.app_context.transaction(self.day.back(back, hour)) as ctx:
            return self.call(ctx, who, does, given)

    def call(self, ctx: Context, who: str, does: Callable[..., Any], given: Any) -> Any:
        subject = (self.number,) if self.number else ()
        return does(ctx.by(self.people[who]), *subject, given)

    def log(self) -> None:
        matter = self.matter
        accepted = matter.goes_to not in ("submitted", "need_info")
        call = intake.NewCall(
            title=matter.title,
            content=matter.content,
            type=TicketType(matter.type),
            category=matter.category,
            difficulty=Difficulty(matter.difficulty) if accepted else None,
            urgency=Urgency(matter.urgency),
            enterprise=EnterpriseGiven(matter.enterprise),
            contact=ContactGiven(name="张经理", phone="+8613800138000"),
        )
        logged: intake.Logged = self.do(0, 9, "operator", intake.log_call, call)
        self.number, self.code = logged.ticket.number, logged.query_code

    def answer(self) -> None:
        reply = "企业开办一般当日办结，全程网上申请，详见市政务服务网。"
        self.do(0, 10, "operator", intake.answer_direct, intake.DirectAnswer(reply))

    def send(self) -> None:
        self.do(0, 10, "dispatcher", dispatch.dispatch, dispatch.DispatchGiven(self.matter.unit))

    def sign(self) -> None:
        self.do(1, 9, self.handler, dispatch.sign, dispatch.Signing())

    def contact(self) -> None:
        self.do(1, 11, self.handler, handling.record_contact, handling.ContactReport("已电话联系企业，说明办理安排。"))

    def finish(self) -> None:
        result = handling.ResultGiven(ResultKind.SOLVED, "经核实，已为企业办结并当面说明。")
        self.do(2, 10, self.handler, handling.draft_result, result)
        self.do(2, 15, self.leader, handling.submit_result, handling.ResultGiven())

    def refuse(self) -> None:
        refusal = review.Refusing(Fault.INCOMPLETE, "未说明收费依据，请补充。")
        self.do(3, 10, "reviewer", review.audit_refuse, refusal)

    def approve(self) -> None:
        self.do(3, 10, "reviewer", review.audit_pass, review.Passing())

    def ring(self) -> None:
        self.do(3, 15, "reviewer", call_back.record_call_back, call_back.Answer(connected=False))

    def take(self, days: int, hour: int, who: str, action: Action, body: dict[str, Any]) -> None:
        """Take an action by its form, as it would come over HTTP."""
        form, does = ACTIONS[action]
        self.do(days, hour, who, does, load(form(), body))

    def ask_return(self) -> None:
        asked = {"kind": "return", "code": "not_our_duty", "legal_ground": "本单位职责分工规定"}
        asked |= {"suggested_unit": "city-administration", "reason": "不属于本单位职责"}
        self.take(0, 15, self.leader, Action.REQUEST, asked)

    def give_back(self) -> None:
        self.take(1, 9, "dispatcher", Action.RETURN_APPROVED, {"reason": "同意，改派主管部门"})

    def suspend(self) -> None:
        until = self.day.on(7)
        asked = {"kind": "suspension", "code": "testing", "until": until.isoformat(), "reason": "等待复检结论"}
        self.take(2, 10, self.leader, Action.REQUEST, asked)
        self.take(2, 15, "supervisor", Action.SUSPEND, {"reason": "复检期间暂停计时"})

    def ask_difficult(self) -> None:
        asked = {"kind": "difficult", "code": "history", "reason": "涉及企业改制历史，需调档核实"}
        self.take(2, 9, self.handler, Action.REQUEST, asked)

    def send_with_help(self) -> None:
        body = {"unit": self.matter.unit, "assisting": ["tax"], "remark": "请税务部门协助核实清税状态。"}
        self.take(0, 10, "dispatcher", Action.DISPATCH, body)

    def ask_info(self) -> None:
        self.take(0, 14, "operator", Action.ASK_INFO, {"gaps": ["项目名称和招标编号", "认为不合理的条款"]})

    def repeat(self) -> None:
        first, self.number = self.number, ""
        self.log()
        self.do(1, 11, "operator", merging.merge, merging.Merge(first))
        self.number = first

    def hear_good(self) -> None:
        answer = call_back.Answer(True, True, Solved.SOLVED, Satisfaction.SATISFIED)
        self.do(4, 10, "reviewer", call_back.record_call_back, answer)
        self.do(4, 10, "reviewer", call_back.close, call_back.Closing(Outcome.SOLVED))

    def hear_bad(self) -> None:
        answer = call_back.Answer(True, True, Solved.UNSOLVED, Satisfaction.DISSATISFIED, remark="物品仍未返还")
        self.do(4, 10, "reviewer", call_back.record_call_back, answer)
        self.do(4, 11, "reviewer", call_back.rework, call_back.Rework("企业反映物品仍未返还，请落实。"))

    def promise(self) -> None:
        asked = {"kind": "promised", "until": self.day.on(7).isoformat(), "reason": "管线施工需要时间"}
        self.take(1, 14, self.leader, Action.REQUEST, asked)
        with self.app_context.snapshot() as ctx:
            request = ctx.session.scalar(select(Request.id).join(Ticket).where(Ticket.number == self.number))
        assert request is not None
        self.do(1, 16, "supervisor", requests.decide, requests.Decision(request, True, "同意承诺，按期报告进展"))
        result = handling.ResultGiven(ResultKind.PROMISED, "管线已排入施工计划，承诺按期接通，此为阶段性答复。")
        self.do(2, 15, self.leader, handling.submit_result, result)

    def hear_patient(self) -> None:
        answer = call_back.Answer(True, True, Solved.UNSOLVED, Satisfaction.SATISFIED)
        self.do(4, 10, "reviewer", call_back.record_call_back, answer)
        self.do(4, 10, "reviewer", call_back.close, call_back.Closing(Outcome.TRACKED))

    def object(self) -> None:
        objection = objections.ObjectionGiven(self.code, "答复说已经落实，企业账户里还没有看到。")
        self._by_the_enterprise(6, objections.object_to, objection)

    def praise(self) -> None:
        self._rate(rating.RatingGiven(Satisfaction.VERY_SATISFIED))

    def blame(self) -> None:
        self._rate(rating.RatingGiven(Satisfaction.VERY_DISSATISFIED, ("shirking",), "来回跑了三次"))

    def _rate(self, given: rating.RatingGiven) -> None:
        self._by_the_enterprise(5, rating.rate, given)

    def _by_the_enterprise(self, days: int, does: Callable[..., Any], given: Any) -> None:
        with self.app_context.transaction(self.day.back(max(0, self.matter.days_ago - days), 9)) as ctx:
            ticket_id = ctx.session.scalar(select(Ticket.id).where(Ticket.number == self.number))
            enterprise = Actor(name="企业", ticket_id=ticket_id)
            does(ctx.by(enterprise), self.number, given)


TO_UNIT = ("log", "send")
IN_HAND = (*TO_UNIT, "sign", "contact")
ANSWERED = (*IN_HAND, "finish", "approve")
STEPS: dict[str, tuple[str, ...]] = {
    "submitted": ("log",),
    "accepted": ("log",),
    "answered": ("log", "answer"),
    "dispatched": TO_UNIT,
    "signed": IN_HAND,
    "result": (*IN_HAND, "finish"),
    "refused": (*IN_HAND, "finish", "refuse"),
    "passed": (*ANSWERED, "ring"),
    "reworked": (*ANSWERED, "hear_bad"),
    "closed": (*ANSWERED, "hear_good"),
    "rated_well": (*ANSWERED, "hear_good", "praise"),
    "return_asked": (*TO_UNIT, "ask_return"),
    "returned": (*TO_UNIT, "ask_return", "give_back"),
    "suspended": (*IN_HAND, "suspend"),
    "difficult_asked": (*IN_HAND, "ask_difficult"),
    "helped": ("log", "send_with_help", "sign", "contact"),
    "need_info": ("log", "ask_info"),
    "repeated": (*IN_HAND, "repeat"),
    "rated_badly": (*ANSWERED, "hear_good", "blame"),
    "promised": (*IN_HAND, "promise", "approve", "hear_patient"),
    "objected": (*ANSWERED, "hear_good", "object"),
}
