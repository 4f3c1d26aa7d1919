"""Random actions of random people at random times: what must always hold, holds after every step."""

from collections import Counter
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from hotline.app_context import AppContext
from hotline.casework.intake import missing_information
from hotline.casework.public import look_up
from hotline.casework.tickets import timeline
from hotline.jobs import archive, escalate, resume
from hotline.jobs.run import Run
from hotline.models.deadlines.clocks import Clock, Escalation
from hotline.models.handling.assists import Assist
from hotline.models.handling.requests import Request
from hotline.models.messages.notices import Notice
from hotline.models.supervision.orders import Order
from hotline.models.tickets.tickets import Dispatch, Ticket
from hotline.rules import workflow
from hotline.rules.handling.requests import KIND_OF
from hotline.rules.ratings.rectification import STEPS as CASES
from hotline.rules.refusals import LookUpRefused, Refusal, TooManyAttempts
from hotline.rules.tickets.states import FINAL
from hotline.rules.vocabulary import Action, ClockKind, Difficulty, RequestState, State, TicketType
from tests.support import bodies, chances, invariants
from tests.support.build import Builder
from tests.support.cast import Cast
from tests.support.every_row import Script, take_every_row

BEGIN = datetime.fromisoformat("2026-03-02T09:00:00+08:00")
END = datetime.fromisoformat("2026-10-20T09:00:00+08:00")
PEOPLE = ("operator", "dispatcher", "reviewer", "second_reviewer", "supervisor", "second_supervisor")
PEOPLE += ("handler", "second_handler", "leader", "other_handler", "other_leader")
OF_UNITS = ("handler", "leader", "other_handler", "other_leader")
BEGINNINGS = ("submitted", "need_info", "need_info", "accepted", "accepted", "dispatched", "dispatched")
BEGINNINGS += ("handling", "reviewing", "calling_back", "closed")
MOST_ROUNDS, EXAMPLES, STEPS_EACH, MOST_TICKETS = 5, 10, 90, 5
TYPES = (TicketType.COMPLAINT, TicketType.CONSULT)
WAITS = (timedelta(minutes=7), timedelta(hours=1), timedelta(hours=5), timedelta(days=1), timedelta(days=4))
LONG = timedelta(days=50)
WAITING = (RequestState.DRAFTED, RequestState.PENDING)
# By these the due of a handling moves later (rows 14, 15 and the first refusal of a round), and by nothing else but waking up.
LATER = {Action.DECIDE_REQUEST, Action.AUDIT_REFUSE, Action.DIFFICULTY_APPROVED, Action.EXTENSION_APPROVED}
SETTINGS = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS_EACH,
    phases=[Phase.generate],
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


class Life(RuleBasedStateMachine):
    """The tickets of one enterprise, one of them confidential, and everybody who works on them."""

    app_context: AppContext
    cast: Cast
    done: "Counter[Any]"
    tried: "Counter[Any]"
    told: Any = staticmethod(note)

    def __init__(self) -> None:
        super().__init__()
        self.now, self.numbers, self.codes, self.steps = BEGIN, [], {}, 0
        self.dues: dict[int, datetime] = {}
        self.paused: set[int] = set()
        self.decided: dict[int, bool] = {}
        self.lines: dict[str, int] = {}
        self.happened: tuple[str, Any] | None = None

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed: int) -> None:
        draw = Random(seed)
        for secret in (True, False, False):
            self._log(draw, secret)

    def _log(self, draw: Random, secret: bool = False) -> None:
        """A call that somebody has already worked on."""
        build, wanted = Builder(self.app_context, self.cast), draw.choice(BEGINNINGS)
        state = "submitted" if wanted == "need_info" else wanted
        difficulty = None if state == "submitted" else draw.choice(list(Difficulty))
        number = build.ticket(state, self.now, confidential=secret, difficulty=difficulty, type=draw.choice(TYPES))
        assert build.logged is not None
        if wanted == "need_info":
            build.do(
                "operator", missing_information.ask_info, number, missing_information.Gaps(("营业执照",)), now=self.now
            )
        self.numbers.append(number)
        self.codes[number] = build.logged.query_code
        self.done[Action.SUBMIT] += 1

    # --- what happens

    @rule(seed=st.integers(0, 2**32))
    def life_goes_on(self, seed: int) -> None:
        self.steps += 1
        draw = Random(f"{seed}:{self.steps}")
        happens = (self._somebody_works, self._the_enterprise_acts, self._somebody_tries_anything, self._time_passes)
        happens += (self._the_scheduler_runs, self._another_calls)
        draw.choices(happens, (74, 7, 4, 8, 4, 3))[0](draw)

    def _time_passes(self, draw: Random) -> None:
        wait = draw.choices((*WAITS, LONG), (4, 4, 4, 4, 4, 2))[0]
        self.now = min(self.now + wait, max(END, self.now + WAITS[0]))

    def _another_calls(self, draw: Random) -> None:
        if len(self.numbers) < MOST_TICKETS:
            self._log(draw)

    def _the_scheduler_runs(self, draw: Random) -> None:
        for _ in range(draw.choice((1, 2))):
            resume.run(Run(self.app_context, self.now))
            escalate.run(Run(self.app_context, self.now))
            archive.run(Run(self.app_context, self.now))
        before = self._rows()
        assert resume.run(Run(self.app_context, self.now)) == 0
        assert escalate.run(Run(self.app_context, self.now)) == 0
        archive.run(Run(self.app_context, self.now))
        assert self._rows() == before

    def _somebody_works(self, draw: Random) -> None:
        self.now += draw.choice(WAITS[:3])
        people = [getattr(self.cast, who) for who in PEOPLE]
        with self.app_context.snapshot(self.now) as ctx:
            tickets = list(
                ctx.session.scalars(select(Ticket).where(Ticket.number.in_(self.numbers)).order_by(Ticket.id))
            )
            asked = set(ctx.session.scalars(select(Request.ticket_id).where(Request.state.in_(WAITING))))
            weights = [2 if ticket.state in FINAL else 60 if ticket.id in asked else 8 for ticket in tickets]
            ticket = draw.choices(tickets, weights)[0]
            number = ticket.number
            chance = chances.drawn(ctx, draw, people, ticket, self._here(number))
        if chance is not None:
            if chance.name is Action.MEND_CASE and not chance.given[1].proof:
                chance = self._prove(number, chance)
            self._try(number, chance)

    def _prove(self, number: str, chance: chances.Chance) -> chances.Chance:
        """The proof of a mending is attached before it is sent."""
        with self.app_context.snapshot(self.now) as ctx:
            ticket = ctx.session.scalars(select(Ticket).where(Ticket.number == number)).one()
            attaching = chances.chance(ctx.by(chance.actor), Random(0), Action.ATTACH, ticket, self._here(number))
        assert attaching is not None
        self._try(number, attaching)
        with self.app_context.snapshot(self.now) as ctx:
            again = chances.chance(ctx.by(chance.actor), Random(0), chance.name, ticket, self._here(number))
        return again or chance

    def _somebody_tries_anything(self, draw: Random) -> None:
        number, actor = draw.choice(self.numbers), getattr(self.cast, draw.choice(PEOPLE))
        name = draw.choice([name for name in Action if name not in chances.NOT_HERE])
        with self.app_context.snapshot(self.now) as ctx:
            ticket = ctx.session.scalars(select(Ticket).where(Ticket.number == number)).one()
            chance = chances.chance(ctx.by(actor), draw, name, ticket, self._here(number))
        if chance is not None:
            self._try(number, chance)

    def _the_enterprise_acts(self, draw: Random) -> None:
        number = draw.choice(self.numbers[-3:])
        with self.app_context.snapshot(self.now) as ctx:
            code = self.codes[number]
            actor = look_up.enterprise_of(ctx.at(self.now), number, code, "10.0.0.1")
            state = ctx.session.scalars(select(Ticket.state).where(Ticket.number == number)).one()
        self._try(number, chances.of_the_enterprise(draw, state, code, actor))

    def _here(self, number: str) -> chances.Here:
        others = tuple(other for other in self.numbers if other != number)
        return chances.Here(self.app_context, self.now, others, self.codes[number], self.tried)

    def _try(self, number: str, chance: chances.Chance) -> None:
        """The action, whole or not at all: a refusal leaves no line, an answer leaves at least one."""
        before = self._timeline_of(number)
        self.tried[chance.name] += 1
        try:
            with self.app_context.transaction(self.now) as ctx:
                chance.does(ctx.by(chance.actor), number, chance.given)
        except Refusal as refusal:
            self.told(f"{self.now} {chance.actor.name} {chance.name} {number}: {refusal}")
            assert self._timeline_of(number) == before
        else:
            self.told(f"{self.now} {chance.actor.name} {chance.name} {number}")
            assert self._timeline_of(number) > before or chance.name is Action.REVEAL_CONTACT, chance.name
            self.done.update([chance.name, *self._rows_of(chance)])
            self.happened = (number, chance.name)

    def _rows_of(self, chance: chances.Chance) -> list[Action]:
        """The row of the table that a decision on a request carries out."""
        if chance.name is not Action.DECIDE_REQUEST:
            return []
        with self.app_context.snapshot() as ctx:
            kind = ctx.session.get_one(Request, chance.given.request).kind
        refusing = {Action.RETURN_REFUSED}
        return [row for row, of in KIND_OF.items() if of is kind and (row in refusing) is not chance.given.approve]

    def _timeline_of(self, number: str) -> int:
        with self.app_context.snapshot() as ctx:
            return ctx.session.scalars(select(Ticket.timeline_length).where(Ticket.number == number)).one()

    def _rows(self) -> dict[str, int]:
        tables = (Escalation, Notice, Order, Clock, Request, Assist, Dispatch)
        with self.app_context.snapshot() as ctx:
            return {table.__tablename__: ctx.session.scalar(select(func.count(table.id))) or 0 for table in tables}

    # --- what always holds

    @invariant()
    def everything_holds(self) -> None:
        if not self.numbers:
            return
        with self.app_context.snapshot(self.now) as ctx:
            session = ctx.session
            tickets = list(session.scalars(select(Ticket).where(Ticket.number.in_(self.numbers))))
            for ticket in tickets:
                self.done[ticket.state] += 1
                clocks = list(session.scalars(select(Clock).where(Clock.ticket_id == ticket.id)))
                invariants.check_lead(session, ticket)
                invariants.check_dues(clocks, ctx.rules)
                self._check_moves(ticket, clocks)
                invariants.check_final(session, ticket, clocks)
                invariants.check_cases(session, ticket)
                invariants.check_shown_due(ticket, clocks)
            invariants.check_merges(session, tickets)
            changed = self._grown(tickets)
            if changed:
                invariants.check_counts(ctx.by(self.cast.supervisor).at(self.now))
            if self.numbers[0] in changed:
                for who in OF_UNITS:
                    invariants.check_secret(ctx, self.numbers[0], getattr(self.cast, who))
        self._check_codes()
        self.happened = None

    def _grown(self, tickets: list[Ticket]) -> set[str]:
        """The tickets to which something has happened since the last step; no line is ever lost."""
        grown = {ticket.number for ticket in tickets if ticket.timeline_length != self.lines.get(ticket.number)}
        for ticket in tickets:
            assert ticket.timeline_length >= self.lines.get(ticket.number, 0)
            self.lines[ticket.number] = ticket.timeline_length
        return grown

    def _check_moves(self, ticket: Ticket, clocks: list[Clock]) -> None:
        for clock in clocks:
            known = self.dues.setdefault(clock.id, clock.due_at)
            assert clock.due_at >= known, "a due moved earlier"
            assert clock.due_at == known or self._may_move(ticket, clock), (clock.kind, self.happened)
            self.dues[clock.id] = clock.due_at
            if clock.met_at is not None and clock.kind is ClockKind.HANDLE:
                assert self.decided.setdefault(clock.id, bool(clock.late)) == bool(clock.late), "late was decided twice"
            (self.paused.add if clock.paused_at else self.paused.discard)(clock.id)

    def _may_move(self, ticket: Ticket, clock: Clock) -> bool:
        """By an action on this very ticket, or because what had stood still after the step before goes on."""
        if clock.id in self.paused:
            return clock.paused_at is None
        number, name = self.happened or ("", None)
        return clock.kind in (ClockKind.HANDLE, ClockKind.ASSIST) and number == ticket.number and name in LATER

    def _check_codes(self) -> None:
        answers = set()
        for number in (self.numbers[0], "QS20000101000001"):
            try:
                with self.app_context.snapshot() as ctx:
                    look_up.enterprise_of(ctx.at(self.now), number, "AAAAAA", "10.0.0.9")
            except (LookUpRefused, TooManyAttempts) as refusal:
                answers.add((type(refusal), str(refusal)))
        assert len(answers) == 1

    def teardown(self) -> None:
        if self.numbers:
            with self.app_context.snapshot() as ctx:
                assert [broken for _, broken in timeline.verify(ctx.session) if broken] == []


@pytest.mark.usefixtures("staffed")
def test_what_must_always_hold_holds_after_every_step(app_context: AppContext, cast: Cast) -> None:
    """And the run is worth it: every state has come about, and of the actions and the steps of a case nine in ten at least.

    The seeds are fixed; what a round has not brought about is tried sooner in the next.
    """
    done: Counter[Any] = Counter()
    kind = type("LifeHere", (Life,), {"app_context": app_context, "cast": cast, "done": done, "tried": Counter()})
    steps = {*bodies.ACTIONS, *(step.action for step in CASES.values())} - {Action.ARCHIVE}
    for _ in range(MOST_ROUNDS):
        run_state_machine_as_test(kind, settings=SETTINGS)
        seldom, never = sorted(steps - set(done)), sorted(set(State) - set(done))
        if not never and 10 * len(seldom) <= len(steps):
            break
    assert never == [] and 10 * len(seldom) <= len(steps), (never, seldom)


@pytest.mark.usefixtures("staffed")
def test_what_must_always_hold_holds_on_the_way_through_every_row(app_context: AppContext, cast: Cast) -> None:
    """No chance decides here: a script takes every row of the table, and so every action there is."""
    done: Counter[Any] = Counter()
    known = {"app_context": app_context, "cast": cast, "done": done, "tried": Counter(), "told": staticmethod(print)}
    life = type("LifeByHand", (Life,), known)()
    script = Script(life)
    take_every_row(script)
    life.teardown()
    assert [row for row in workflow.TABLE if row not in script.rows] == []
    assert set(Action) <= set(done)
