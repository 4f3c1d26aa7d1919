"""A script by hand that takes every row of the table once, through the same door as the random machine; nothing is drawn."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from hotline.casework.dispatch.assisting import AssistStep
from hotline.casework.handling.requests import Decision
from hotline.casework.handling.tracking import TrackCheck, TrackWords
from hotline.casework.intake import attachments, intake
from hotline.casework.public import look_up
from hotline.casework.ratings import rectification
from hotline.casework.ratings.rating import RatingGiven, rate
from hotline.casework.supervision.supervision import OrderStep
from hotline.casework.tickets.contacts import EnterpriseGiven
from hotline.models.handling.assists import Assist
from hotline.models.handling.requests import Request
from hotline.models.handling.tracked import TrackedItem
from hotline.models.ratings.rectifications import Rectification
from hotline.models.supervision.orders import Order
from hotline.models.tickets.attachments import Attachment
from hotline.models.tickets.tickets import Ticket
from hotline.rules import workflow
from hotline.rules.actors import VISITOR
from hotline.rules.reason_codes import Finding
from hotline.rules.vocabulary import Action, Channel, Satisfaction, State, TicketType
from hotline.schemas import actions as forms
from hotline.schemas.base import load
from tests.support import bodies, waiting
from tests.support.build import Builder
from tests.support.cast import OTHER_UNIT, UNIT
from tests.support.chances import PDF, Chance

A = Action
SOLVED = {"connected": True, "contacted_by_unit": True, "solved": "solved", "satisfaction": "satisfied"}
UNSOLVED = {**SOLVED, "solved": "unsolved", "satisfaction": "dissatisfied"}
RETURN = {"code": "not_our_duty", "legal_ground": "三定方案", "suggested_unit": "housing"}
RESULT = {"kind": "solved", "reply": "已办结。"}
ORDERS = frozenset({A.ISSUE_ORDER, A.DECLINE_ORDER, A.REPLY_ORDER, A.SEND_BACK_ORDER, A.CLOSE_ORDER})
CASES: dict[Action, Any] = {
    A.VERIFY_CASE: rectification.Verification(Finding.TRUE, "属实"),
    A.APPEAL_CASE: rectification.Words("有异议"),
    A.RULE_APPEAL: rectification.AppealRuling(False, "不成立"),
    A.RECHECK_CASE: rectification.Recheck(True, "已复核"),
    A.CONFIRM_CASE: rectification.Words("确认"),
}


class Script:
    """One life of the machine, in which every step has to succeed and everything holds after it."""

    def __init__(self, life: Any) -> None:
        self.life, self.build = life, Builder(life.app_context, life.cast)
        self.rows: set[workflow.Row] = set()
        self.number = ""

    def log(self, **changes: Any) -> str:
        """A call is logged: accepted at once, or not where no difficulty is known."""
        self.number = self.build.ticket("submitted" if "difficulty" in changes else "accepted", self.now, **changes)
        assert self.build.logged is not None
        self.life.numbers.append(self.number)
        self.life.codes[self.number] = self.build.logged.query_code
        self._took(A.SUBMIT, workflow.ROWS[None, A.SUBMIT])
        return self.number

    def log_from_outside(self) -> None:
        """A matter comes in by the page, and names an enterprise that nobody has confirmed."""
        call = self.build.call(channel=Channel.WEB, enterprise=EnterpriseGiven("襄阳某某商贸有限公司"), difficulty=None)
        with self.life.app_context.transaction(self.now) as ctx:
            logged = intake.log_call(ctx.by(VISITOR), call)
        self.number = logged.ticket.number
        self.life.numbers.append(self.number)
        self.life.codes[self.number] = logged.query_code

    @property
    def now(self) -> datetime:
        instant: datetime = self.life.now
        return instant

    def wait(self, **span: int) -> None:
        """Time passes, and the scheduler runs."""
        self.life.now += timedelta(**span)
        self.life._the_scheduler_runs(_FIRST)
        self.life.everything_holds()

    def day(self, days: int) -> date:
        return (self.now + timedelta(days=days)).date()

    def ask(self, who: str, kind: str, **details: Any) -> None:
        self.do(who, A.REQUEST, kind=kind, reason="情况属实", **details)

    def do(self, who: str, action: Action, number: str = "", **body: Any) -> None:
        """Take this action on the ticket in hand; it must succeed, and everything must hold afterwards."""
        number = number or self.number
        self.life.now += timedelta(minutes=1)
        row = self._row_at(number, action)
        self.life._try(number, self._chance(who, action, number, body))
        assert self.life.happened == (number, action), f"{who} could not {action}"
        self._took(action, row)
        self.life.everything_holds()

    def archived(self) -> None:
        """The system has archived the ticket in hand by itself."""
        assert self._state(self.number) is State.ARCHIVED
        self._took(A.ARCHIVE, workflow.ROWS[State.CLOSED, A.ARCHIVE])

    def _took(self, action: Action, row: workflow.Row) -> None:
        self.life.done[action] += 1
        self.rows.add(row)

    def _state(self, number: str) -> State:
        with self.life.app_context.snapshot() as ctx:
            return ctx.session.scalars(select(Ticket.state).where(Ticket.number == number)).one()

    def _row_at(self, number: str, action: Action) -> workflow.Row:
        return workflow.ROWS[self._state(number), action]

    def _chance(self, who: str, action: Action, number: str, body: dict[str, Any]) -> Chance:
        if who == "enterprise":
            with self.life.app_context.snapshot(self.now) as ctx:
                actor = look_up.enterprise_of(ctx, number, self.life.codes[number], "10.0.0.1")
        else:
            actor = getattr(self.life.cast, who)
        given, does = self._given(action, number, body)
        return Chance(action, actor, given, does)

    def _given(self, action: Action, number: str, body: dict[str, Any]) -> tuple[Any, Callable[..., Any]]:
        if action is A.ATTACH:
            attach = partial(attachments.attach, store=self.life.app_context.store, scanner=None)
            return attachments.Upload("整改证明.pdf", PDF), attach
        if action is A.RATE:
            return RatingGiven(Satisfaction.DISSATISFIED, ("too_slow",)), rate
        if action in waiting.STEPS:
            table, _, does = waiting.STEPS[action]
            return self._step(action, self._latest(table, number), body), does
        form, does = forms.ACTIONS[action]
        known = bodies.ACTIONS.get(action, bodies.DEEDS.get(action, ("", {}))[1])
        body = {**known, **({"code": self.life.codes[number]} if action in (A.WITHDRAW, A.OBJECT) else {}), **body}
        return load(form(), body), does

    def _latest(self, table: Any, number: str) -> Any:
        with self.life.app_context.snapshot() as ctx:
            query = select(table).join(Ticket, Ticket.id == table.ticket_id).where(Ticket.number == number)
            return ctx.session.scalars(query.order_by(table.id.desc())).first()

    def _step(self, action: Action, row: Any, body: dict[str, Any]) -> Any:
        """What settles the youngest request, task, order, case or promise of the ticket."""
        if isinstance(row, Request):
            return Decision(row.id, body.get("approve", True), "情况属实")
        if isinstance(row, Assist):
            return AssistStep(row.id, "已核实")
        if isinstance(row, Order):
            return OrderStep(row.number, "请办理")
        if isinstance(row, TrackedItem):
            return (
                TrackCheck(row.id, True, "企业确认", done=True)
                if action is A.CHECK_TRACKED
                else TrackWords(row.id, "好")
            )
        assert isinstance(row, Rectification)
        if action is A.MEND_CASE:
            proof = self._latest(Attachment, self.number)
            return row.number, rectification.Mending("已改", "已向企业说明", (proof.id,))
        return row.number, CASES[action]


class _First:
    """Draws the first of everything."""

    def choice(self, found: Any) -> Any:
        return found[0]


_FIRST = _First()


def take_every_row(script: Script) -> None:
    """The acts one after the other, each on tickets of its own."""
    for act in (_before_dispatch, _dispatched, _handled, _ordered, _finished, _promised, _objected, _ended):
        act(script)


def _before_dispatch(s: Script) -> None:
    s.log(confidential=True)
    s.log_from_outside()
    s.do("operator", A.CONFIRM_ENTERPRISE)
    s.log(difficulty=None)
    s.do("dispatcher", A.ASK_INFO)
    s.do("enterprise", A.SUPPLY_INFO)
    s.do("operator", A.CORRECT)
    s.do("dispatcher", A.ACCEPT)
    s.do("dispatcher", A.TRANSFER)
    s.log(difficulty=None)
    s.do("dispatcher", A.ASK_INFO)
    s.wait(days=20)
    s.do("supervisor", A.NO_INFO)
    s.log(difficulty=None)
    s.do("dispatcher", A.REJECT)
    s.do("supervisor", A.DECIDE_REQUEST)
    s.log(type=TicketType.CONSULT)
    s.do("operator", A.ANSWER_DIRECT)
    s.do("operator", A.PROPOSE_ARTICLE)
    s.do("operator", A.RECUSE)


def _dispatched(s: Script) -> None:
    first = s.log()
    s.do("dispatcher", A.DISPATCH, unit=UNIT)
    s.do("supervisor", A.RECALL)
    s.do("dispatcher", A.DISPATCH, unit=UNIT)
    s.ask("leader", "return", **RETURN)
    s.do("dispatcher", A.RETURN_REFUSED)
    s.ask("handler", "return", **RETURN)
    s.do("leader", A.SIGN_REQUEST)
    s.do("dispatcher", A.RETURN_APPROVED)
    s.do("dispatcher", A.DISPATCH, unit=UNIT)
    s.do("supervisor", A.RULE_DISPUTE, unit=OTHER_UNIT)
    s.do("supervisor", A.REASSIGN)
    s.do("dispatcher", A.DISPATCH, unit=OTHER_UNIT)
    s.do("enterprise", A.REMIND)
    second = s.log()
    s.do("operator", A.MERGE, master=first)
    s.do("supervisor", A.UNMERGE)
    s.do("operator", A.ACCEPT)
    s.do("dispatcher", A.DISPATCH, second, unit=UNIT)
    s.do("handler", A.SIGN, second)
    s.do("supervisor", A.MERGE, second, master=first)
    s.do("supervisor", A.UNMERGE, second)


def _handled(s: Script) -> None:
    s.log()
    s.do("dispatcher", A.DISPATCH, unit=UNIT)
    s.do("handler", A.SIGN)
    for deed in (A.RECORD_CONTACT, A.DRAFT_RESULT, A.ADD_NOTE, A.PROGRESS, A.REVEAL_CONTACT, A.ATTACH):
        s.do("handler", deed)
    s.do("operator", A.RELAY)
    s.do("handler", A.PASS_DOWN, unit="company-registration-office")
    s.do("dispatcher", A.ADD_ASSIST, unit=OTHER_UNIT)
    s.do("other_handler", A.REPLY_ASSIST)
    s.do("supervisor", A.ADD_ASSIST, unit=OTHER_UNIT)
    s.do("supervisor", A.WAIVE_ASSIST)
    s.ask("leader", "difficult", code="testing")
    s.do("supervisor", A.DIFFICULTY_APPROVED)
    s.ask("leader", "extension", days=2)
    s.do("supervisor", A.EXTENSION_APPROVED)
    s.ask("leader", "suspension", code="court", until=s.day(10).isoformat())
    s.do("supervisor", A.SUSPEND)
    s.do("supervisor", A.RESUME)
    s.ask("leader", "terminate", code="court", path="请向法院")
    s.do("supervisor", A.TERMINATE)


def _ordered(s: Script) -> None:
    s.log()
    s.do("dispatcher", A.DISPATCH, unit=UNIT)
    s.wait(days=8)
    s.do("supervisor", A.ISSUE_ORDER)
    s.do("leader", A.REPLY_ORDER)
    s.do("supervisor", A.SEND_BACK_ORDER)
    s.do("leader", A.REPLY_ORDER)
    s.do("supervisor", A.CLOSE_ORDER)
    s.do("supervisor", A.RECORD_MEASURE)
    s.log()
    s.do("dispatcher", A.DISPATCH, unit=UNIT)
    s.wait(days=8)
    s.do("supervisor", A.DECLINE_ORDER)
    s.do("supervisor", A.PLACE_ORDER)


def _submitted(s: Script, kind: str = "solved") -> None:
    s.do("handler", A.RECORD_CONTACT)
    s.do("leader", A.SUBMIT_RESULT, **{**RESULT, "kind": kind})


def _finished(s: Script) -> None:
    s.log()
    s.do("dispatcher", A.DISPATCH, unit=UNIT)
    s.do("handler", A.SIGN)
    _submitted(s)
    s.do("reviewer", A.AUDIT_REFUSE)
    s.do("leader", A.SUBMIT_RESULT, **RESULT)
    s.do("reviewer", A.AUDIT_PASS)
    s.do("reviewer", A.RECORD_CALL_BACK, **UNSOLVED)
    s.do("reviewer", A.REWORK)
    _submitted(s)
    s.do("reviewer", A.AUDIT_PASS)
    s.do("reviewer", A.RECORD_CALL_BACK, **SOLVED)
    s.do("reviewer", A.CLOSE)
    s.do("enterprise", A.RATE)
    s.do("reviewer", A.VERIFY_CASE)
    s.do("leader", A.APPEAL_CASE)
    s.do("supervisor", A.RULE_APPEAL)
    s.do("leader", A.ATTACH)
    s.do("leader", A.MEND_CASE)
    s.do("second_reviewer", A.RECHECK_CASE)
    s.do("supervisor", A.CONFIRM_CASE)
    s.wait(days=60)
    s.archived()


def _promised(s: Script) -> None:
    s.log()
    s.do("dispatcher", A.DISPATCH, unit=UNIT)
    s.do("handler", A.SIGN)
    s.ask("leader", "promised", until=s.day(9).isoformat())
    s.do("supervisor", A.DECIDE_REQUEST)
    _submitted(s, "promised")
    s.do("reviewer", A.AUDIT_PASS)
    s.do("handler", A.NOTE_TRACKED)
    s.do("leader", A.REPORT_TRACKED)
    s.do("reviewer", A.CHECK_TRACKED)
    s.do("reviewer", A.RECORD_CALL_BACK, **SOLVED)
    s.do("reviewer", A.CLOSE)
    s.do("supervisor", A.REOPEN)


def _objected(s: Script) -> None:
    for settled in (A.DECIDE_OBJECTION, A.TAKE_UP):
        s.log()
        s.do("dispatcher", A.DISPATCH, unit=UNIT)
        s.do("handler", A.SIGN)
        s.ask("leader", "terminate", code="court", path="请向法院")
        s.do("supervisor", A.TERMINATE)
        s.do("enterprise", A.OBJECT)
        s.do("second_supervisor", settled)


def _ended(s: Script) -> None:
    s.log()
    s.do("dispatcher", A.DISPATCH, unit=UNIT)
    s.do("operator", A.WITHDRAW)
    s.do("reviewer", A.QUALITY_CALL)
