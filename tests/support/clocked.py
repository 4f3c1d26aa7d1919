"""One ticket and what happens to its clocks: people act at given times, the scheduler runs, the calendar changes."""

from datetime import date
from typing import Any

from sqlalchemy import select

from hotline.casework.deadlines import calendar
from hotline.casework.handling import requests
from hotline.jobs import escalate, resume
from hotline.jobs.run import Run
from hotline.models.deadlines.clocks import Clock, Escalation
from hotline.models.messages.notices import Notice
from hotline.models.supervision.orders import Order
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.timeline import TimelineEntry
from hotline.rules.accounts.administration import CONSOLE
from hotline.rules.deadlines.calendar_change import Change
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.vocabulary import Action, ClockKind, OrderState, RequestKind
from hotline.schemas.actions import ACTIONS
from tests.rules.conftest import at
from tests.support.build import Builder

APPROVED = requests.Ruling("同意")
SHUT = (False, "停工")


class Case:
    """One ticket, and what has happened to its clocks."""

    def __init__(self, build: Builder, number: str) -> None:
        self.build, self.app_context, self.number = build, build.app_context, number

    def ask(self, now: str, kind: RequestKind, **more: Any) -> None:
        self.build.do("leader", requests.ask, self.number, requests.Asking(kind, "情况属实", **more), now=at(now))

    def take(self, now: str, action: Action, given: Any = APPROVED, who: str = "supervisor") -> None:
        self.build.do(who, ACTIONS[action][1], self.number, given, now=at(now))

    def climb(self, *instants: str) -> None:
        """The scheduler runs, twice each time."""
        for now in instants:
            for _ in range(2):
                resume.run(Run(self.app_context, at(now)))
                escalate.run(Run(self.app_context, at(now)))

    def change(self, now: str, days: dict[date, tuple[bool, str]]) -> None:
        """Single days of 2026 are stated anew."""
        with self.app_context.transaction(at(now)) as ctx:
            calendar.apply(ctx.by(CONSOLE), Change(2026, days, whole=False), base=self.app_context.rulebook)

    def clock(self, kind: ClockKind = ClockKind.HANDLE) -> Clock:
        with self.app_context.snapshot() as ctx:
            query = select(Clock).join(Ticket, Ticket.id == Clock.ticket_id).where(Ticket.number == self.number)
            return ctx.session.scalars(query.where(Clock.kind == kind).order_by(Clock.id.desc()).limit(1)).one()

    def due(self, kind: ClockKind = ClockKind.HANDLE) -> str:
        return f"{local(self.clock(kind).due_at):%m-%d %H:%M}"

    def steps(self, kind: ClockKind = ClockKind.HANDLE) -> list[tuple[int, str, str]]:
        """(step, due, instant) of what people were told of, in the order in which it fired."""
        with self.app_context.snapshot() as ctx:
            query = select(Escalation).where(Escalation.clock_id == self.clock(kind).id, ~Escalation.passed_over)
            rows = ctx.session.scalars(query.order_by(Escalation.id))
            return [(row.step, f"{local(row.due_at):%m-%d}", f"{local(row.at):%m-%d %H:%M}") for row in rows]

    def badge(self) -> tuple[int, int]:
        """The step that lists show, and that of the handling clock."""
        with self.app_context.snapshot() as ctx:
            shown = ctx.session.scalars(select(Ticket.step).where(Ticket.number == self.number)).one()
            return shown, self.clock().step

    def told(self) -> list[tuple[int, str, int]]:
        """(step, due, how many people) of the notices of the handling clock."""
        with self.app_context.snapshot() as ctx:
            data = list(ctx.session.scalars(select(Notice.data).where(Notice.kind == "escalated")))
        mine = [(row["step"], row["due_at"][:10]) for row in data if row["clock"] == "handle"]
        return [(step, due, mine.count((step, due))) for step, due in dict.fromkeys(mine)]

    def entries(self, *names: str) -> list[str]:
        with self.app_context.snapshot() as ctx:
            query = select(TimelineEntry.entry).join(Ticket, Ticket.id == TimelineEntry.ticket_id)
            wanted = (Ticket.number == self.number, TimelineEntry.entry.in_(names))
            return list(ctx.session.scalars(query.where(*wanted).order_by(TimelineEntry.sequence)))

    def orders(self) -> list[OrderState]:
        with self.app_context.snapshot() as ctx:
            return list(ctx.session.scalars(select(Order.state).order_by(Order.id)))
