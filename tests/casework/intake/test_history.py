"""Imported matters in batches: the same tickets, clocks and lines as one by one; nothing is taken for something else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import event, func, select, text

from hotline.app_context import AppContext
from hotline.casework.intake.history import Fate, PastMatter, Taken, import_matters
from hotline.casework.tickets import timeline
from hotline.casework.tickets.contacts import ContactGiven, EnterpriseGiven
from hotline.context import Context
from hotline.models.deadlines.clocks import Clock
from hotline.models.intake.enterprises import Contact, Enterprise
from hotline.models.tickets.tickets import Counter, Ticket
from hotline.models.tickets.timeline import TimelineEntry
from hotline.queries.tickets.ticket_file import ticket_file
from hotline.queries.tickets.timeline import timeline_of
from hotline.rules.refusals import InvalidInput, Refusal
from hotline.rules.vocabulary import Satisfaction, TicketType
from tests.support.cast import Cast
from tests.support.single_row_import import import_one

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
BEGIN = datetime(2024, 1, 2, 1, tzinfo=UTC)
CODES = ("91420600MA4ABCDE0X", None, None)
MATTER = PastMatter(
    "2026010500001", BEGIN, "窗口不受理", "材料齐全", replied_at=BEGIN + timedelta(days=2), reply="已办"
)
TABLES: Any = (Ticket, Clock, TimelineEntry, Enterprise, Contact, Counter)
DIFFER = {"id", "sealed", "query_code_hash", "source_digest"}


def random_matters(chance: Random, count: int) -> Iterator[PastMatter]:
    for n in range(count):
        received = BEGIN + timedelta(minutes=chance.randrange(60 * 24 * 40))
        signed = chance.choice((None, received + timedelta(hours=chance.randrange(60))))
        replied = chance.choice((None, *[(signed or received) + timedelta(hours=chance.randrange(400))] * 4))
        wrong = chance.random() < 0.15
        yield PastMatter(
            f"A{n}",
            received,
            f"第{n}件",
            f"内容{n}，电话13812345678",
            type=chance.choice((None, *TicketType)),
            category=chance.choice((None, "licensing-delay", *["nothing"] * wrong)),
            difficult=chance.random() < 0.2,
            unit=chance.choice((None, "tax", "market-supervision", *["没有的单位"] * wrong)),
            signed_at=received - timedelta(days=1) if wrong and chance.random() < 0.3 else signed,
            replied_at=replied,
            reply="已办结" if replied else None,
            satisfaction=chance.choice((None, Satisfaction.BASICALLY_SATISFIED)),
            satisfied=chance.choice((None, True, False)),
            enterprise=chance.choice((None, EnterpriseGiven(f"甲{n % 7}公司", chance.choice(CODES)))),
            contact=ContactGiven(chance.choice((None, "王小明")), chance.choice((None, f"+86138123456{n % 10:02}"))),
            superior_no=chance.choice((None, f"S{n}")),
            superior_due_on=chance.choice((None, date(2026, 3, 6))),
        )


class Undone(Exception):
    """Takes back what one way of importing has written."""


def told(fate: Any) -> str:
    return fate.sentence() if isinstance(fate, Refusal) else "added"


def one_by_one(ctx: Context, matters: list[PastMatter]) -> list[str]:
    fates = []
    for matter in matters:
        try:
            with ctx.session.begin_nested():
                import_one(ctx, matter)
            fates.append("added")
        except Refusal as refusal:
            fates.append(refusal.sentence())
    return fates


def written(ctx: Context) -> dict[str, list[dict[str, Any]]]:
    """All rows; keys, and the digests that hold keys, are told by their order, what is random is left out."""
    ctx.session.flush()
    ctx.session.expire_all()
    rows = {
        table.__tablename__: [
            {name: value for name, value in row.items() if name not in DIFFER}
            for row in ctx.session.execute(
                select(*table.__table__.columns).order_by(*table.__table__.primary_key)
            ).mappings()
        ]
        for table in TABLES
    }
    order: dict[tuple[str, Any], int] = {}
    for found in rows.values():
        for row in found:
            for name in [name for name in row if name.endswith("_id") or name == "digest"]:
                row[name] = order.setdefault((name, row[name]), len(order))
    rows["clocks"].sort(key=lambda row: (row["ticket_id"], row["kind"]))
    rows["timeline"].sort(key=lambda row: (row["ticket_id"], row["sequence"]))
    return rows


@pytest.mark.parametrize("seed", [1, 2])
def test_a_batch_writes_what_single_rows_write(app_context: AppContext, seed: int) -> None:
    matters = list(random_matters(Random(seed), 80))
    found = []
    for way in (one_by_one, lambda ctx, matters: [told(fate) for fate in import_matters(ctx, matters)]):
        with pytest.raises(Undone), app_context.transaction(NOW) as ctx:
            found.append((way(ctx, matters), written(ctx)))
            assert all(broken is None for _, broken in timeline.verify(ctx.session))
            raise Undone
    single, batch = found
    assert 40 < single[0].count("added") < 80
    assert batch[0] == single[0]
    for table, rows in single[1].items():
        assert batch[1][table] == rows, table


def fates(app_context: AppContext, *matters: PastMatter) -> list[Fate]:
    with app_context.transaction(NOW) as ctx:
        return import_matters(ctx, matters)


def tickets(app_context: AppContext) -> int:
    with app_context.snapshot() as ctx:
        return ctx.session.scalar(select(func.count()).select_from(Ticket)) or 0


@pytest.mark.parametrize(
    "other",
    [
        {"title": "另一件诉求"},
        {"content": "别的内容"},
        {"received_at": BEGIN - timedelta(minutes=1)},
        {"reply": "改过的答复"},
        {"satisfied": True},
        {"contact": ContactGiven(phone="+8613800138000")},
        {"enterprise": EnterpriseGiven("襄阳甲乙机械有限公司")},
        {"replied_at": None, "reply": None},
    ],
)
def test_one_number_for_two_contents_is_named_and_changes_nothing(app_context: AppContext, other: Any) -> None:
    changed = replace(MATTER, **other)
    added, named = fates(app_context, MATTER, changed)
    assert added is Taken.ADDED and isinstance(named, InvalidInput) and MATTER.source_no in named.sentence()
    (later,) = fates(app_context, changed)
    assert isinstance(later, InvalidInput) and "已导入为工单QS20240102000001" in later.sentence()
    assert fates(app_context, MATTER, MATTER) == [Taken.PRESENT, Taken.PRESENT]
    assert tickets(app_context) == 1


def test_rows_of_an_import_before_there_were_digests_are_compared_by_what_the_ticket_keeps(
    app_context: AppContext,
) -> None:
    fates(app_context, MATTER)
    with app_context.transaction(NOW) as ctx:
        ctx.session.scalars(select(Ticket)).one().source_digest = None
    same, other = fates(app_context, MATTER, replace(MATTER, title="另一件"))
    assert same is Taken.PRESENT and isinstance(other, InvalidInput)


def test_a_row_that_failed_goes_in_once_it_is_corrected(app_context: AppContext) -> None:
    wrong = replace(MATTER, unit="没有的单位")
    refused, mended = fates(app_context, wrong, replace(MATTER, unit="tax"))
    assert isinstance(refused, InvalidInput) and mended is Taken.ADDED
    (again,) = fates(app_context, replace(wrong, source_no="B"))
    assert isinstance(again, InvalidInput)
    assert fates(app_context, replace(MATTER, source_no="B")) == [Taken.ADDED]


def test_a_constraint_that_fails_names_its_own_row_alone(app_context: AppContext) -> None:
    """The database refuses what no rule foresaw."""
    with app_context.transaction(NOW) as ctx:
        ctx.session.execute(text("CREATE UNIQUE INDEX only_here ON tickets (title)"))
    matters = [replace(MATTER, source_no=f"C{n}", title=f"第{n % 4}件") for n in range(5)]
    found = fates(app_context, *matters)
    assert [fate is Taken.ADDED for fate in found] == [True, True, True, True, False]
    assert tickets(app_context) == 4
    assert fates(app_context, *matters)[:4] == [Taken.PRESENT] * 4


@pytest.mark.parametrize(
    ("due_on", "nearer"),
    [(date(2026, 3, 1), True), (date(2026, 3, 4), True), (date(2026, 3, 5), False), (date(2026, 9, 1), False)],
)
def test_what_a_superior_asks_is_read_on_the_ticket(
    app_context: AppContext, cast: Cast, due_on: date, nearer: bool
) -> None:
    """Asked at 10:00, a live row is to be accepted within three working days, by 2026-03-05."""
    live = replace(MATTER, replied_at=None, reply=None, unit="tax", superior_no="S-77", superior_due_on=due_on)
    assert fates(app_context, live) == [Taken.ADDED]
    with app_context.snapshot(NOW) as ctx:
        ticket = ctx.session.scalars(select(Ticket)).one()
        file = ticket_file(ctx.by(cast.dispatcher), ticket)
        lines = [line["sentence"] for line in timeline_of(ctx.by(cast.dispatcher), ticket.id)]
    assert file["superior"] == {"number": "S-77", "due_on": due_on.isoformat(), "nearer": nearer}
    assert file["lead_unit"] is None and "原系统的承办单位 国家税务总局襄阳市税务局" in "".join(lines)


def test_a_batch_costs_the_same_statements_however_long_it_is(app_context: AppContext) -> None:
    counts = []
    for size, first in ((60, 0), (300, 1000)):
        matters = list(random_matters(Random(3), size))
        matters = [replace(matter, source_no=f"D{first + n}", content=f"{first}") for n, matter in enumerate(matters)]
        statements: list[str] = []
        with app_context.transaction(NOW) as ctx:

            @event.listens_for(app_context.database.engine, "before_cursor_execute")
            def count(connection: Any, cursor: Any, statement: str, *_: Any, kept: list[str] = statements) -> None:
                kept.append(statement)

            import_matters(ctx, matters)
            event.remove(app_context.database.engine, "before_cursor_execute", count)
        counts.append(len(statements))
    assert counts[1] <= counts[0] < 20, counts
