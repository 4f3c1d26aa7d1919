"""Every due and every step of the ladder, against a ledger that counts by hand and shares no code with the service.

Lives of tickets are drawn by chance and go through the service's own actions: receipt, what is missing, dispatch, return,
signing or none, difficulty, extension, suspensions, results refused and passed, rework; under a calendar that people change
meanwhile, with a scheduler that comes when it likes. In the end each clock, each of its dues and each step is compared.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import select

from hotline.app_context import AppContext
from hotline.casework.deadlines import calendar
from hotline.jobs import escalate, resume
from hotline.jobs.run import Run
from hotline.models.accounts.staff import Staff
from hotline.models.deadlines.clocks import Clock, Escalation
from hotline.models.supervision.orders import Order
from hotline.models.tickets.tickets import Ticket
from hotline.rules.accounts.administration import CONSOLE
from hotline.rules.deadlines.calendar_change import Change
from hotline.rules.refusals import Refusal
from hotline.rules.vocabulary import OrderState
from tests.conftest import settings_for
from tests.support.cast import Cast, cast_of
from tests.trials.clock import HandClock
from tests.trials.deeds import Deeds
from tests.trials.ledger import Ledger
from tests.trials.lives import Draw, Event, Life, live
from tests.trials.working_time import BEIJING, Days

COUNT, AT_ONCE, IN_ONE_TRANSACTION = 10_000, 250, 60
URGENCIES = ("routine", "routine", "routine", "danger", "utility")
YEARS = range(2006, 2026)
RECEIVED_WITHIN, CHANGES, LOOKS, QUIET = timedelta(days=21), 4, 40, timedelta(days=60)
Told = tuple[Any, ...]


def run(seed: int, count: int, database_url: str) -> str:
    """Refuses (AssertionError) the first ticket that the service and the ledger see in two ways; says what was compared."""
    app_context = AppContext(settings_for(database_url, Path()))
    trial = Trial(app_context, seed)
    try:
        for number, first in enumerate(range(0, count, AT_ONCE)):
            trial.batch(Random(f"{seed}:{number}"), min(AT_ONCE, count - first))
    finally:
        app_context.database.dispose()
    return trial.summary()


class Trial:
    """One database through which the lives go, a few hundred at a time, each batch in a year drawn by chance."""

    def __init__(self, app_context: AppContext, seed: int) -> None:
        self.app_context, self.seed, self.days = app_context, seed, Days()
        self.done: Counter[str] = Counter()
        self.seen: Counter[str] = Counter()
        with app_context.snapshot() as ctx:
            self.cast: Cast = cast_of(ctx.session.scalars(select(Staff)).all())

    def batch(self, random: Random, count: int) -> None:
        begin = datetime(random.choice(YEARS), random.randint(1, 9), random.randint(1, 28), tzinfo=BEIJING)
        world = World(self, random, begin, count)
        world.go()
        world.compare()

    def summary(self) -> str:
        deeds = ", ".join(f"{name} {count}" for name, count in sorted(self.done.items()))
        seen = ", ".join(f"{self.seen[name]} {name}" for name in ("lives", "clocks", "steps", "orders"))
        return f"agreed on {seen} ({deeds})"


class World:
    """The lives of one batch under one calendar, everything in the order of its instants."""

    def __init__(self, trial: Trial, random: Random, begin: datetime, count: int) -> None:
        self.trial, self.random, self.begin = trial, random, begin
        self.ledgers: dict[int, Ledger] = {}
        self.numbers: dict[int, str] = {}
        self.history: defaultdict[int, list[str]] = defaultdict(list)
        self.queue: list[tuple[datetime, int, Event, Life | None]] = []
        for life in range(count):
            received = begin + timedelta(seconds=random.randrange(int(RECEIVED_WITHIN.total_seconds())))
            urgency = random.choice(URGENCIES)
            self.ledgers[life] = Ledger(trial.days, urgency)
            self._await(life, live(Draw(Random(random.random()), received), urgency), None)
        span = int((RECEIVED_WITHIN + QUIET).total_seconds())
        for position, name in enumerate(["change"] * CHANGES + ["look"] * LOOKS):
            at = begin + timedelta(seconds=random.randrange(span))
            heapq.heappush(self.queue, (at, -1 - position, Event(at, name), None))

    def _await(self, life: int, lived: Life, done: bool | None) -> None:
        try:
            event = next(lived) if done is None else lived.send(done)
        except StopIteration:
            return
        heapq.heappush(self.queue, (event.at, life, event, lived))

    def go(self) -> None:
        while self.queue:
            if self.queue[0][3] is None:
                self._happens(heapq.heappop(self.queue)[2])
            else:
                self._some_lives()
        self.end = max(self.begin, *(clock.start for one in self.ledgers.values() for clock in one.clocks)) + QUIET
        self._climb(self.end)

    def _some_lives(self) -> None:
        """Events of many lives in one transaction, until something happens to all of them."""
        with self.trial.app_context.transaction(self.queue[0][0]) as ctx:
            for _ in range(IN_ONE_TRANSACTION):
                if not self.queue or self.queue[0][3] is None:
                    return
                at, life, event, lived = heapq.heappop(self.queue)
                deeds = Deeds(ctx.at(at), self.trial.cast)
                done = self._do(deeds, life, event)
                assert lived is not None
                self._await(life, lived, done)

    def _do(self, deeds: Deeds, life: int, event: Event) -> bool:
        ledger = self.ledgers[life]
        if event.name == "log":
            self.numbers[life] = deeds.log(**event.given)
        else:
            try:
                with deeds.ctx.session.begin_nested():
                    deeds.do(event.name, self.numbers[life], event.given)
            except Refusal as refusal:
                self.history[life].append(f"{event.at:%m-%d %H:%M:%S} {event.name} refused: {refusal}")
                self.trial.done["refused"] += 1
                return False
        self.history[life].append(f"{event.at:%m-%d %H:%M:%S} {event.name} {event.given or ''}")
        self.trial.done[event.name] += 1
        ledger.advance(event.at)
        _enter(ledger, event)
        return True

    def _happens(self, event: Event) -> None:
        self._climb(event.at)
        if event.name == "change":
            self._change(event.at)

    def _climb(self, now: datetime) -> None:
        resume.run(Run(self.trial.app_context, now))
        escalate.run(Run(self.trial.app_context, now))
        for ledger in self.ledgers.values():
            ledger.advance(now)

    def _change(self, now: datetime) -> None:
        """Up to three days of the coming weeks are turned around, and sometimes ones that have passed."""
        days: dict[date, bool] = {}
        for _ in range(self.random.randint(1, 3)):
            on = now.astimezone(BEIJING).date() + timedelta(days=self.random.randint(-8, 25))
            if on.year == now.astimezone(BEIJING).year:
                days[on] = not self.trial.days.works(on)
        if not days:
            return
        change = Change(next(iter(days)).year, {on: (works, "改") for on, works in days.items()}, whole=False)
        with self.trial.app_context.transaction(now) as ctx:
            calendar.apply(ctx.by(CONSOLE), change, base=self.trial.app_context.rulebook)
        self.trial.days.changed |= days
        self.trial.done["change"] += 1
        for life, ledger in self.ledgers.items():
            ledger.change_calendar(now)
            self.history[life].append(
                f"{now:%m-%d %H:%M:%S} change { ({f'{on:%m-%d}': works for on, works in days.items()}) }"
            )

    # --- what the service has, beside what the ledger says

    def compare(self) -> None:
        numbers = {number: life for life, number in self.numbers.items()}
        with self.trial.app_context.snapshot() as ctx:
            tickets = ctx.session.scalars(select(Ticket).where(Ticket.number.in_(numbers))).all()
            rows = _by(
                ctx.session.scalars(select(Clock).where(Clock.ticket_id.in_([t.id for t in tickets]))), "ticket_id"
            )
            steps = _by(ctx.session.scalars(select(Escalation).where(Escalation.ticket_id.in_(rows))), "clock_id")
            orders = _by(
                ctx.session.scalars(select(Order).where(Order.ticket_id.in_(rows)).order_by(Order.id)), "ticket_id"
            )
        assert len(tickets) == len(self.ledgers)
        for ticket in tickets:
            life = numbers[ticket.number]
            ledger, found = self.ledgers[life], rows[ticket.id]
            self._same(life, sorted(map(_row, found)), sorted(map(_hand, ledger.clocks)))
            stored = sorted(_step(clock, row) for clock in found for row in steps[clock.id])
            self._same(life, stored, sorted(_hand_steps(ledger)))
            self._same(life, [order.state is OrderState.DRAFT for order in orders[ticket.id]], ledger.orders)
            self.trial.seen.update(lives=1, clocks=len(found), steps=len(stored), orders=len(orders[ticket.id]))

    def _same(self, life: int, service: list[Any], hand: list[Any]) -> None:
        if service == hand:
            return
        only = [row for row in service if row not in hand], [row for row in hand if row not in service]
        lived = "\n  ".join(self.history[life])
        said = [
            f"{side}: {row}"
            for side, rows in zip(("service", "by hand"), only, strict=True)
            for row in map(_text, rows)
        ]
        told = "\n  ".join([f"{self.ledgers[life].urgency} {self.begin:%Y}", lived, *said])
        raise AssertionError(f"seed {self.trial.seed}, ticket {self.numbers[life]}:\n  {told}")


def _enter(ledger: Ledger, event: Event) -> None:
    """The same in the ledger: it knows of a request its kind alone."""
    given = dict(event.given)
    if event.name == "ask":
        given = {"kind": given["kind"]}
    if event.name == "log":
        del given["urgency"]
    getattr(ledger, event.name)(event.at, **given)


def _by(rows: Any, name: str) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


def _row(clock: Clock) -> Told:
    return (
        *map(_instant, (clock.started_at, clock.due_at, clock.stopped_at, clock.met_at)),
        str(clock.kind),
        str(clock.late),
        clock.step,
    )


def _hand(clock: HandClock) -> Told:
    return (*map(_instant, (clock.start, clock.due, clock.stopped, clock.met)), clock.kind, str(clock.late), clock.step)


def _step(clock: Clock, row: Escalation) -> Told:
    return (
        str(clock.kind),
        _instant(clock.started_at),
        _instant(row.due_at),
        row.step,
        _instant(row.at),
        row.passed_over,
    )


def _hand_steps(ledger: Ledger) -> Iterator[Told]:
    for clock in ledger.clocks:
        for due, fired in clock.fired.items():
            for step, (at, silent) in fired.items():
                yield clock.kind, _instant(clock.start), _instant(due), step, _instant(at), silent


def _instant(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}"


def _text(row: Told) -> str:
    """With the instants as people read them."""

    def shown(value: Any) -> str:
        if isinstance(value, str) and value[10:11] == "T":
            at = datetime.fromisoformat(value).replace(tzinfo=UTC).astimezone(BEIJING)
            return f"{at:%Y-%m-%d %H:%M:%S.%f}".removesuffix(".000000")
        return str(value)

    return " | ".join(map(shown, row))
