"""The Spring Festival of 2020: announced in November, made longer on 26 January, when work was already under way."""

from datetime import datetime, timedelta

from sqlalchemy import select

from hotline.app_context import AppContext
from hotline.casework.deadlines import calendar
from hotline.casework.dispatch import dispatch
from hotline.models.deadlines.clocks import Clock
from hotline.models.tickets.tickets import Ticket
from hotline.models.tickets.timeline import TimelineEntry
from hotline.rules.accounts.administration import CONSOLE
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.rules.vocabulary import ClockKind, Difficulty
from tests.support.build import Builder
from tests.support.year_files import year_file

SPRING = "春节"


def off(first: str, last: str) -> list[dict[str, object]]:
    day, end, days = datetime.fromisoformat(first), datetime.fromisoformat(last), []
    while day <= end:
        days.append({"name": SPRING, "date": day.date().isoformat(), "isOffDay": True})
        day += timedelta(days=1)
    return days


def on(*days: str) -> list[dict[str, object]]:
    return [{"name": SPRING, "date": day, "isOffDay": False} for day in days]


# 31 January was to be a plain Friday: not to name it is enough, though the package below knows how it came.
ANNOUNCED = year_file(
    2020, *off("2020-01-24", "2020-01-30"), *on("2020-01-19", "2020-02-01"), without=("2020-01-31", "2020-02-02")
)
AMENDED = year_file(2020, *off("2020-01-24", "2020-02-02"), *on("2020-01-19"))
FIRST, SECOND = calendar.year_change(ANNOUNCED), calendar.year_change(AMENDED)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def test_every_open_due_moves_with_a_line_on_its_ticket(build: Builder, app_context: AppContext) -> None:
    begun, amended = at("2020-01-22 10:00"), at("2020-01-26 20:00")
    with app_context.transaction(at("2020-01-02 09:00")) as ctx:
        assert calendar.apply(ctx.by(CONSOLE), FIRST, base=app_context.rulebook) == 0
    ordinary = build.ticket("handling", begun)
    difficult = build.ticket("handling", begun, difficulty=Difficulty.DIFFICULT)
    signed = build.ticket("dispatched", at("2020-01-23 16:00"))
    build.do("handler", dispatch.sign, signed, dispatch.Signing(), now=at("2020-01-23 17:00"))
    unsigned = build.ticket("dispatched", at("2020-01-23 16:00"))
    called = build.ticket("calling_back", begun)
    # Due before the holiday, and ended before the change: neither is touched.
    due_before = build.ticket("dispatched", begun)
    closed = build.ticket("closed", begun)
    dues = {
        ordinary: ("2020-02-04 17:30", "2020-02-06 17:30"),
        difficult: ("2020-02-18 17:30", "2020-02-20 17:30"),
        signed: ("2020-02-05 17:30", "2020-02-07 17:30"),
        unsigned: ("2020-01-31 17:30", "2020-02-03 17:30"),
        called: ("2020-02-04 17:30", "2020-02-06 17:30"),
    }
    assert shown(app_context) == {number: at(before) for number, (before, _) in dues.items()} | {
        due_before: at("2020-01-23 17:30")
    }

    with app_context.snapshot(amended) as ctx:
        foreseen = calendar.preview(ctx, SECOND, base=app_context.rulebook).moved
    assert shown(app_context)[ordinary] == at("2020-02-04 17:30"), "a preview changes nothing"
    with app_context.transaction(amended) as ctx:
        moved = calendar.apply(ctx.by(CONSOLE), SECOND, base=app_context.rulebook)
    assert foreseen == moved == len(dues)
    assert shown(app_context) == {number: at(after) for number, (_, after) in dues.items()} | {
        due_before: at("2020-01-23 17:30")
    }
    with app_context.snapshot() as ctx:
        query = select(Ticket.number, TimelineEntry.data).join(Ticket, Ticket.id == TimelineEntry.ticket_id)
        lines = ctx.session.execute(query.where(TimelineEntry.entry == "due_moved")).all()
        told = {number: (data["old"], data["new"]) for number, data in lines}
        assert len(lines) == len(dues) and closed not in told
        for number, (before, after) in dues.items():
            assert tuple(datetime.fromisoformat(text) for text in told[number]) == (at(before), at(after))
        firsts = ctx.session.scalars(select(Clock).where(Clock.kind == ClockKind.HANDLE, Clock.stopped_at.is_(None)))
        assert all(clock.first_due_at == clock.due_at for clock in firsts)


def shown(app_context: AppContext) -> dict[str, datetime]:
    """The due that each open ticket shows."""
    with app_context.snapshot() as ctx:
        query = select(Ticket.number, Ticket.due_at).where(Ticket.due_at.is_not(None))
        return {number: due_at.astimezone(ZONE) for number, due_at in ctx.session.execute(query)}
