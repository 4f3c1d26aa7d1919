"""Tickets with a past: one in each state, then a few whose people did this and that, all drawn from a seed."""

from collections import Counter
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from hotline.app_context import AppContext
from hotline.casework.public import look_up
from hotline.jobs import scheduler
from hotline.models.tickets.tickets import Ticket
from hotline.rules.refusals import Refusal
from hotline.rules.vocabulary import Action, Difficulty, State, TicketType
from tests.net.frozen import NOW
from tests.support import chances
from tests.support.build import Builder
from tests.support.cast import Cast

LONG_AGO, BEGIN = NOW - timedelta(days=100), NOW - timedelta(days=40)
WORKERS = ("operator", "dispatcher", "reviewer", "second_reviewer", "supervisor", "second_supervisor")
WORKERS += ("handler", "second_handler", "leader", "other_handler", "other_leader")
WAITS = (timedelta(minutes=7), timedelta(hours=1), timedelta(hours=5), timedelta(days=1), timedelta(days=4))
TICKETS, STEPS = 16, 22
TYPES = (TicketType.COMPLAINT, TicketType.CONSULT, TicketType.HELP)


class Lives:
    """`go` lives them; `codes` are the query codes of all of them by number."""

    def __init__(self, app_context: AppContext, cast: Cast) -> None:
        self.app_context, self.cast, self.build = app_context, cast, Builder(app_context, cast)
        self.draw, self.codes = Random("lives"), dict[str, str]()
        self.tried: Counter[Any] = Counter()

    def go(self) -> None:
        """Build one ticket in each state and let the others live until now."""
        for state in ("archived", *(str(state) for state in State if state != "archived")):
            number = self.build.anywhere(state, LONG_AGO if state == "archived" else NOW - timedelta(days=3))
            assert self.build.logged is not None
            self.codes[number] = self.build.logged.query_code
        for turn in range(TICKETS):
            self._live(turn, BEGIN + timedelta(days=2 * turn))

    def _live(self, turn: int, now: datetime) -> None:
        secret: dict[str, Any] = ({}, {"confidential": True}, {}, {"anonymous": True})[turn % 4]
        state = self.draw.choice(("accepted", "dispatched", "handling", "reviewing", "calling_back", "closed"))
        difficulty = self.draw.choice(list(Difficulty))
        number = self.build.ticket(state, now, difficulty=difficulty, type=TYPES[turn % 3], **secret)
        assert self.build.logged is not None
        self.codes[number] = self.build.logged.query_code
        for step in range(STEPS):
            now = min(NOW, now + self.draw.choice(WAITS))
            if step % 6 == 5:
                scheduler.run_once(self.app_context, now)
            chance = self._of_the_enterprise(number, now) if step % 7 == 6 else self._of_somebody(number, now)
            if chance is not None:
                self._try(number, chance, now)

    def _here(self, number: str, now: datetime) -> chances.Here:
        others = tuple(other for other in self.codes if other != number)
        return chances.Here(self.app_context, now, others, self.codes[number], self.tried)

    def _of_somebody(self, number: str, now: datetime) -> chances.Chance | None:
        people = [getattr(self.cast, who) for who in WORKERS]
        with self.app_context.snapshot(now) as ctx:
            ticket = ctx.session.scalars(select(Ticket).where(Ticket.number == number)).one()
            chance = chances.drawn(ctx, self.draw, people, ticket, self._here(number, now))
            if chance is None or chance.name is not Action.MEND_CASE or chance.given[1].proof:
                return chance
            proof = chances.chance(ctx.by(chance.actor), self.draw, Action.ATTACH, ticket, self._here(number, now))
        assert proof is not None
        self._try(number, proof, now)
        return None

    def _of_the_enterprise(self, number: str, now: datetime) -> chances.Chance:
        with self.app_context.snapshot(now) as ctx:
            actor = look_up.enterprise_of(ctx.at(now), number, self.codes[number], "192.0.2.1")
            state = ctx.session.scalars(select(Ticket.state).where(Ticket.number == number)).one()
        return chances.of_the_enterprise(self.draw, state, self.codes[number], actor)

    def _try(self, number: str, chance: chances.Chance, now: datetime) -> None:
        self.tried[chance.name] += 1
        try:
            with self.app_context.transaction(now) as ctx:
                chance.does(ctx.by(chance.actor).at(now), number, chance.given)
        except Refusal as refusal:
            self.tried[type(refusal)] += 1
