"""Random deeds of random people at random times: what must always hold, holds after every step."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.casework import look_up, rating, rectification, timeline
from hotline.casework.access import ticket_for
from hotline.casework.assisting import AssistStep
from hotline.casework.intake import log_call
from hotline.casework.requests import Decision
from hotline.casework.supervision import OrderStep
from hotline.forms import actions as forms
from hotline.forms.base import load
from hotline.forms.rectification import CASE_STEPS
from hotline.jobs import archive, escalate, resume
from hotline.office import Office
from hotline.reading.ticket_file import ticket_file
from hotline.reading.tickets import Filters, ticket_page
from hotline.reading.timeline import timeline_of
from hotline.records.assists import Assist
from hotline.records.clocks import Clock, Escalation
from hotline.records.notices import Notice
from hotline.records.orders import Order
from hotline.records.ratings import Rating
from hotline.records.rectifications import Rectification
from hotline.records.requests import Request
from hotline.records.tickets import Dispatch, Ticket
from hotline.rules.actors import Actor
from hotline.rules.assisting import AssistState
from hotline.rules.grounds import Finding
from hotline.rules.permissions import allowed_actions, allowed_deeds
from hotline.rules.rectification import STEPS as CASES
from hotline.rules.refusals import LookUpRefused, Refusal, TooManyAttempts
from hotline.rules.vocabulary import (
    FINAL,
    WITH_UNIT,
    Action,
    ClockKind,
    Deed,
    OrderState,
    RectificationState,
    RequestState,
    Satisfaction,
    State,
)
from hotline.rules.working_calendar import local
from tests import bodies
from tests.build import Builder
from tests.cast import OTHER_UNIT, UNIT, Cast

BEGIN = datetime.fromisoformat("2026-03-02T09:00:00+08:00")
PEOPLE = ("operator", "dispatcher", "reviewer", "second_reviewer", "supervisor", "second_supervisor")
PEOPLE += ("handler", "second_handler", "leader", "other_handler", "other_leader")
EXAMPLES, STEPS_EACH = 20, 60
HOURS = (0, 0, 0, 1, 3, 7, 24, 24, 72, 200)
REQUESTS: tuple[dict[str, Any], ...] = (
    {"kind": "return", "code": "not_our_duty", "legal_ground": "三定方案", "suggested_unit": OTHER_UNIT},
    {"kind": "return", "code": "not_our_duty", "legal_ground": "三定方案", "suggested_unit": UNIT},
    {"kind": "difficult", "code": "testing"},
    {"kind": "extension", "days": 3},
    {"kind": "suspension", "code": "material", "until": "2026-03-09"},
    {"kind": "suspension", "code": "court", "until": "2026-03-27"},
    {"kind": "reassign", "suggested_unit": OTHER_UNIT},
    {"kind": "terminate", "code": "court", "path": "请向法院"},
    {"kind": "explained"},
    {"kind": "unresolved"},
)
ANSWERS: tuple[dict[str, Any], ...] = (
    {"connected": False},
    {"connected": True, "contacted_by_unit": True, "solved": "solved", "satisfaction": "satisfied"},
    {"connected": True, "contacted_by_unit": False, "solved": "unsolved", "satisfaction": "dissatisfied"},
    {"connected": True, "no_reply_wanted": True},
)
ENTERPRISE = (Action.SUPPLY_INFO, Action.SUPPLY_INFO, Deed.REMIND, Deed.REMIND, Action.WITHDRAW)
NOT_HERE = {Deed.RECUSE, Deed.RATE, Action.SUBMIT, Action.ARCHIVE, Action.WITHDRAW, Action.TRANSFER}
TAKES: dict[Deed, type] = {
    Deed.VERIFY_CASE: rectification.Verification,
    Deed.APPEAL_CASE: rectification.Words,
    Deed.RULE_APPEAL: rectification.AppealRuling,
    Deed.MEND_CASE: rectification.Mending,
    Deed.RECHECK_CASE: rectification.Recheck,
    Deed.CONFIRM_CASE: rectification.Words,
}
# By these a due may move later (rows 3, 14-17, and the first refusal of a round); by nothing else.
LATER = frozenset({"supply_info", "decide", "resume", "audit_refuse", "difficulty_approved", "extension_approved"})


class Life(RuleBasedStateMachine):
    """Three tickets of one enterprise, one of them confidential, and everybody who works."""

    office: Office
    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        self.now, self.numbers, self.codes = BEGIN, [], {}
        self.dues: dict[int, datetime] = {}
        self.decided: dict[int, bool] = {}
        self.lines: dict[str, int] = {}
        self.moved_by = ""

    @initialize()
    def begin(self) -> None:
        build = Builder(self.office, self.cast)
        for secret in (False, False, True):
            logged = build.do("operator", log_call, build.call(confidential=secret, difficulty=None), now=self.now)
            self.numbers.append(logged.ticket.number)
            self.codes[logged.ticket.number] = logged.query_code

    # --- what happens

    @rule(hours=st.sampled_from(HOURS), minutes=st.integers(1, 59))
    def time_passes(self, hours: int, minutes: int) -> None:
        self.now += timedelta(hours=hours, minutes=minutes)

    @rule(times=st.integers(1, 2))
    def the_scheduler_runs(self, times: int) -> None:
        self.moved_by = "resume"
        for _ in range(times):
            resume.run(self.office, self.now)
            escalate.run(self.office, self.now)
            archive.run(self.office, self.now)
        before = self._rows()
        assert resume.run(self.office, self.now) == 0
        assert escalate.run(self.office, self.now) == 0
        archive.run(self.office, self.now)
        assert self._rows() == before

    @rule(data=st.data(), who=st.sampled_from(PEOPLE), which=st.integers(0, 2))
    def somebody_tries_anything(self, data: st.DataObject, who: str, which: int) -> None:
        names = [name for name in (*Action, *Deed) if name not in NOT_HERE]
        self._do(self.numbers[which], getattr(self.cast, who), data.draw(st.sampled_from(names)), data)

    @rule(data=st.data(), which=st.integers(0, 2))
    def somebody_takes_an_action(self, data: st.DataObject, which: int) -> None:
        self._draw_and_do(self.numbers[which], allowed_actions, data)

    @rule(data=st.data(), which=st.integers(0, 2))
    def somebody_does_a_deed(self, data: st.DataObject, which: int) -> None:
        self._draw_and_do(self.numbers[which], allowed_deeds, data)

    def _draw_and_do(self, number: str, allowed: Any, data: st.DataObject) -> None:
        with self.office.reading(self.now) as work:
            ticket = work.session.scalars(select(Ticket).where(Ticket.number == number)).one()
            may = {who: set(allowed(getattr(self.cast, who), ticket)) - NOT_HERE for who in PEOPLE}
        names = sorted(set().union(*may.values()))
        if names:
            name = data.draw(st.sampled_from(names))
            who = data.draw(st.sampled_from([who for who in PEOPLE if name in may[who]]))
            self._do(number, getattr(self.cast, who), name, data)

    @rule(which=st.integers(0, 2), level=st.sampled_from(Satisfaction))
    def the_enterprise_rates(self, which: int, level: Satisfaction) -> None:
        reasons = ["too_slow"] if level.score <= 2 else []
        given = rating.RatingGiven(level, tuple(reasons))  # type: ignore[arg-type]
        self._try(self.numbers[which], rating.rate, given, self._enterprise(which))

    @rule(which=st.integers(0, 2), name=st.sampled_from(ENTERPRISE))
    def the_enterprise_acts(self, which: int, name: Any) -> None:
        number = self.numbers[which]
        body = {"code": self.codes[number]} if name is Action.WITHDRAW else bodies.ACTIONS.get(name, {})
        form, deed = (forms.ACTIONS | forms.DEEDS)[name]  # type: ignore[operator]
        self.moved_by = str(name)
        self._try(number, deed, load(form(), body), self._enterprise(which))

    def _enterprise(self, which: int) -> Actor:
        with self.office.reading() as work:
            number = self.numbers[which]
            return look_up.enterprise_of(work.session, number, self.codes[number], "10.0.0.1", now=self.now)

    def _do(self, number: str, actor: Actor, name: Any, data: st.DataObject) -> None:
        found = self._given(number, name, data)
        if found is not None:
            self.moved_by = "decide" if name is Deed.DECIDE_REQUEST else str(name)
            self._try(number, found[1], found[0], actor)

    def _given(self, number: str, name: Any, data: st.DataObject) -> tuple[Any, Any] | None:
        """(what is sent, the deed) for an action or a deed, with ids that exist where ids are needed."""
        if name is Deed.REVEAL_CONTACT:
            return load(forms.REVEAL[0](), bodies.DEEDS[name][1]), forms.REVEAL[1]
        for deeds, kind, id_of in STEPS:
            if name in deeds:
                ids = self._ids(number, kind, id_of)
                ids = [given for given in ids if kind is not Rectification or isinstance(given[1], TAKES[name])]
                return (data.draw(st.sampled_from(ids)), deeds[name]) if ids else None
        form, deed = forms.ACTIONS.get(name) or forms.DEEDS.get(name) or (None, None)
        if form is None:
            return None
        return load(form(), self._body(number, name, data)), deed

    def _body(self, number: str, name: Any, data: st.DataObject) -> dict[str, Any]:
        if name is Deed.REQUEST:
            return {**data.draw(st.sampled_from(REQUESTS)), "reason": "情况属实"}
        if name is Deed.RECORD_CALL_BACK:
            return data.draw(st.sampled_from(ANSWERS))
        if name is Action.DISPATCH:
            unit = data.draw(st.sampled_from([UNIT, OTHER_UNIT]))
            return {"unit": unit, "assisting": data.draw(st.sampled_from([[], ["justice"], ["justice", "housing"]]))}
        if name is Action.MERGE:
            return {"master": data.draw(st.sampled_from(self.numbers))}
        if name is Action.WITHDRAW:
            return {"code": self.codes[number]}
        if name is Action.CLOSE:
            return {"outcome": data.draw(st.sampled_from(["solved", "unreachable", "explained", "unresolved"]))}
        if name is Action.AUDIT_REFUSE:
            return {"fault": data.draw(st.sampled_from(["incomplete", "false"])), "remark": "补"}
        return bodies.ACTIONS[name] if isinstance(name, Action) else bodies.DEEDS[name][1]

    def _ids(self, number: str, table: Any, make: Any) -> list[Any]:
        with self.office.reading() as work:
            query = select(table).join(Ticket, Ticket.id == table.ticket_id).where(Ticket.number == number)
            return [given for row in work.session.scalars(query) for given in make(row)]

    def _try(self, number: str, deed: Any, given: Any, actor: Actor) -> None:
        """The deed, whole or not at all: a refusal leaves no line, an answer leaves at least one."""
        before = self._timeline_of(number)
        try:
            with self.office.deed(self.now) as work:
                deed(work.session, number, given, actor=actor, now=work.now, rulebook=work.rulebook)
        except Refusal:
            assert self._timeline_of(number) == before
        else:
            looked = deed is forms.REVEAL[1]
            assert self._timeline_of(number) > before or looked, deed

    def _timeline_of(self, number: str) -> int:
        with self.office.reading() as work:
            return work.session.scalars(select(Ticket.timeline_length).where(Ticket.number == number)).one()

    def _rows(self) -> dict[str, int]:
        tables = (Escalation, Notice, Order, Clock, Request, Assist, Dispatch)
        with self.office.reading() as work:
            return {table.__tablename__: work.session.scalar(select(func.count(table.id))) or 0 for table in tables}

    # --- what always holds

    @invariant()
    def everything_holds(self) -> None:
        if not self.numbers:
            return
        with self.office.reading(self.now) as work:
            session = work.session
            tickets = list(session.scalars(select(Ticket).where(Ticket.number.in_(self.numbers))))
            for ticket in tickets:
                clocks = list(session.scalars(select(Clock).where(Clock.ticket_id == ticket.id)))
                check_lead(session, ticket)
                check_dues(clocks, work.rulebook)
                self._check_moves(clocks)
                check_final(session, ticket, clocks)
                check_cases(session, ticket)
                check_shown_due(ticket, clocks)
            check_merges(session, tickets)
            check_counts(session, self.cast.supervisor, self.now)
            self._check_chains(session, tickets)
            self._check_secrets(work)
        self._check_codes()
        self.moved_by = ""

    def _check_moves(self, clocks: list[Clock]) -> None:
        for clock in clocks:
            known = self.dues.setdefault(clock.id, clock.due_at)
            assert clock.due_at >= known, "a due moved earlier"
            assert clock.due_at == known or self.moved_by in LATER or self._woke_up(clock), (clock.kind, self.moved_by)
            self.dues[clock.id] = clock.due_at
            if clock.met_at is not None and clock.kind is ClockKind.HANDLE:
                assert self.decided.setdefault(clock.id, bool(clock.late)) == bool(clock.late), "late was decided twice"

    def _woke_up(self, clock: Clock) -> bool:
        """A suspension that had run out was noticed by the deed that came next."""
        return clock.kind in (ClockKind.HANDLE, ClockKind.ASSIST) and clock.paused_at is None

    def _check_chains(self, session: Session, tickets: list[Ticket]) -> None:
        for ticket in tickets:
            assert ticket.timeline_length >= self.lines.get(ticket.number, 0)
            self.lines[ticket.number] = ticket.timeline_length
        ids = {ticket.number for ticket in tickets}
        assert [broken for _, broken in timeline.verify(session) if broken and broken.number in ids] == []

    def _check_secrets(self, work: Any) -> None:
        number = self.numbers[2]
        for who in ("handler", "leader", "other_handler", "other_leader"):
            actor = getattr(self.cast, who)
            try:
                ticket = ticket_for(work.session, number, actor)
            except Refusal:
                continue
            shown = str(ticket_file(work.session, ticket, actor, now=self.now, rulebook=work.rulebook))
            shown += str(timeline_of(work.session, ticket.id, actor))
            assert "甲乙机械" not in shown and "王" not in shown and "5678" not in shown

    def _check_codes(self) -> None:
        answers = set()
        for number in (self.numbers[0], "QS20000101000001"):
            try:
                with self.office.reading() as work:
                    look_up.enterprise_of(work.session, number, "AAAAAA", "10.0.0.9", now=self.now)
            except (LookUpRefused, TooManyAttempts) as refusal:
                answers.add((type(refusal), str(refusal)))
        assert len(answers) == 1


def _orders(row: Order) -> list[Any]:
    return [OrderStep(row.number, "请办理")]


def _decisions(row: Request) -> list[Any]:
    return [Decision(row.id, True, "同意"), Decision(row.id, False, "不同意")]


def _tasks(row: Assist) -> list[Any]:
    return [AssistStep(row.id, "已核实")]


ORDER_DEEDS = {
    Deed.ISSUE_ORDER: forms.ORDER_STEPS["issue"],
    Deed.DECLINE_ORDER: forms.ORDER_STEPS["decline"],
    Deed.REPLY_ORDER: forms.ORDER_STEPS["reply"],
    Deed.SEND_BACK_ORDER: forms.ORDER_STEPS["send_back"],
    Deed.CLOSE_ORDER: forms.ORDER_STEPS["close"],
}
REQUEST_DEEDS = {
    Deed.SIGN_REQUEST: forms.REQUEST_STEPS["signature"],
    Deed.DECIDE_REQUEST: forms.REQUEST_STEPS["decision"],
}
ASSIST_DEEDS = {Deed.REPLY_ASSIST: forms.ASSIST_STEPS["reply"], Deed.WAIVE_ASSIST: forms.ASSIST_STEPS["waive"]}
CASE_DEEDS: dict[Deed, Any] = {}


def _case_deed(name: str) -> Any:
    """A step of a case goes by the case's number, not by the ticket's."""
    _, does = CASE_STEPS[name]

    def step(session: Session, number: str, given: tuple[str, Any], **known: Any) -> Any:
        return does(session, given[0], given[1], **known)

    return step


for _name, _step in CASES.items():
    CASE_DEEDS[_step.deed] = _case_deed(_name)


def _cases(row: Rectification) -> list[Any]:
    return [
        (row.number, given)
        for given in (
            rectification.Verification(Finding.TRUE, "属实"),
            rectification.Words("说明"),
            rectification.AppealRuling(False, "不成立"),
            rectification.AppealRuling(True, "成立"),
            rectification.Recheck(True, "通过"),
            rectification.Recheck(False, "未通过"),
        )
    ]


STEPS: tuple[tuple[dict[Deed, Any], Any, Any], ...] = (
    (ORDER_DEEDS, Order, _orders),
    (REQUEST_DEEDS, Request, _decisions),
    (ASSIST_DEEDS, Assist, _tasks),
    (CASE_DEEDS, Rectification, _cases),
)


def check_lead(session: Session, ticket: Ticket) -> None:
    """1. Exactly one lead unit where a unit works, none before; the history is kept."""
    before = {State.SUBMITTED, State.NEED_INFO, State.ACCEPTED}
    assert (ticket.lead_unit_id is not None) or ticket.state not in WITH_UNIT
    assert ticket.lead_unit_id is None or ticket.state not in before
    dispatched = list(session.scalars(select(Dispatch).where(Dispatch.ticket_id == ticket.id).order_by(Dispatch.id)))
    assert all(row.ended_at is not None for row in dispatched[:-1])
    if ticket.state in WITH_UNIT:
        assert dispatched[-1].unit_id == ticket.lead_unit_id and dispatched[-1].ended_at is None


def check_dues(clocks: list[Clock], rulebook: Any) -> None:
    """2. A due is a close of business on a working day."""
    for clock in clocks:
        due = local(clock.due_at)
        assert rulebook.calendar.is_working_day(due.date()) and rulebook.calendar.close(due.date()) == due


def check_final(session: Session, ticket: Ticket, clocks: list[Clock]) -> None:
    """4. Where it has ended nothing runs, waits or is owed."""
    if ticket.state not in FINAL:
        return
    assert all(clock.stopped_at is not None for clock in clocks)
    for table, done in (
        (Request, {RequestState.APPROVED, RequestState.REFUSED, RequestState.LAPSED}),
        (Order, {OrderState.CLOSED, OrderState.DECLINED}),
        (Rectification, {RectificationState.CLOSED}),
        (Assist, {AssistState.REPLIED, AssistState.WAIVED, AssistState.ENDED}),
    ):
        states = set(session.scalars(select(table.state).where(table.ticket_id == ticket.id)))
        assert states <= done, (ticket.state, states)


def check_cases(session: Session, ticket: Ticket) -> None:
    """6. A bad rating and its case are one to one."""
    ratings = session.execute(select(Rating.id, Rating.level).where(Rating.ticket_id == ticket.id))
    bad = sorted(row.id for row in ratings if row.level.score <= 2)
    cases = sorted(session.scalars(select(Rectification.rating_id).where(Rectification.ticket_id == ticket.id)))
    assert bad == cases


def check_shown_due(ticket: Ticket, clocks: list[Clock]) -> None:
    """The due that lists sort by is that of a clock which runs."""
    running = {clock.due_at for clock in clocks if clock.stopped_at is None and clock.paused_at is None}
    assert ticket.due_at is None or ticket.due_at in running


def check_merges(session: Session, tickets: list[Ticket]) -> None:
    """9. Chains of merges end."""
    into = {ticket.id: ticket.merged_into_id for ticket in tickets}
    for ticket in tickets:
        seen, here = set(), ticket.id
        while here is not None:
            assert here not in seen
            seen.add(here)
            here = into.get(here)
        assert (ticket.merged_into_id is not None) is (ticket.state is State.MERGED)


def check_counts(session: Session, actor: Actor, now: datetime) -> None:
    """7. The sum over the states is the total, and each number is that of the list with the same filter."""
    stored = Counter(session.scalars(select(Ticket.state)))

    def listed(**filters: Any) -> int:
        total, cursor = 0, None
        while True:
            page = ticket_page(session, actor, Filters(sort="-received", **filters), now=now, cursor=cursor, limit=200)
            total, cursor = total + len(page["items"]), page["next_cursor"]
            if cursor is None:
                return total

    states = {state: listed(state=state) for state in stored}
    assert states == dict(stored)
    assert sum(states.values()) == listed()


@pytest.mark.usefixtures("staffed")
def test_what_must_always_hold_holds_after_every_step(office: Office, cast: Cast) -> None:
    kind = type("LifeHere", (Life,), {"office": office, "cast": cast})
    run_state_machine_as_test(
        kind,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS_EACH,
            phases=[Phase.generate],
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
