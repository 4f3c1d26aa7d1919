"""Rules as dated versions: loaded once, kept by the clocks that began with them, and nothing of it lost when several load."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, event, select

from hotline.app_context import AppContext
from hotline.casework.accounts.rule_sync import load_rules
from hotline.casework.deadlines import calendar
from hotline.jobs import escalate
from hotline.jobs.run import Run
from hotline.models.deadlines.clocks import Clock, Escalation
from hotline.models.deadlines.rule_versions import RuleVersion
from hotline.models.tickets.tickets import Ticket
from hotline.rules.accounts.administration import CONSOLE
from hotline.rules.deadlines.ladder import ORDER
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.rules.vocabulary import ClockKind, Difficulty, RequestKind
from hotline.settings.rule_sources import rule_sources
from tests.casework.handling import test_time_of_requests as time_of_requests
from tests.conftest import settings_for
from tests.support.build import Builder
from tests.support.cast import HIRED_AT
from tests.support.configs import changed_config
from tests.support.year_files import entry, year_file

LONGER = (
    ("time_limits.toml", "ordinary = { days = 5 }", "ordinary = { days = 7 }"),
    ("time_limits.toml", "difficult = { days = 15 }", "difficult = { days = 20 }"),
    ("ladder.toml", "order_after_days = 2", "order_after_days = 4"),
)
CHANGED_AT = datetime(2026, 11, 24, 12, tzinfo=ZONE)
Open = Callable[..., AppContext]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.fixture
def opened(database_url: str, tmp_path: Path) -> Iterator[Open]:
    """Application contexts on the same database, each with a configuration of its own."""
    made: list[AppContext] = []

    def open_with(*changes: tuple[str, str, str]) -> AppContext:
        config = changed_config(tmp_path / f"config{len(made)}", *changes)
        made.append(AppContext(replace(settings_for(database_url, tmp_path), config=config)))
        return made[-1]

    yield open_with
    for app_context in made:
        app_context.database.dispose()


def load(app_context: AppContext, now: datetime = CHANGED_AT) -> dict[str, int]:
    with app_context.transaction(now) as ctx:
        return dict(load_rules(ctx, app_context.rulebook.sources))


def versions(app_context: AppContext) -> list[tuple[int, datetime, list[str]]]:
    with app_context.snapshot() as ctx:
        rows = ctx.session.scalars(select(RuleVersion).order_by(RuleVersion.version))
        return [(row.version, row.begins_at.astimezone(ZONE), sorted(row.content)) for row in rows]


def handling(app_context: AppContext, number: str) -> Clock:
    """The youngest handling clock of a ticket."""
    with app_context.snapshot() as ctx:
        query = select(Clock).join(Ticket, Ticket.id == Clock.ticket_id).where(Ticket.number == number)
        return ctx.session.scalars(query.where(Clock.kind == ClockKind.HANDLE).order_by(Clock.id.desc()).limit(1)).one()


def ordinary_days(app_context: AppContext, now: datetime = CHANGED_AT) -> tuple[int | None, int | None]:
    """(the version in force, the working days of an ordinary matter by it)."""
    with app_context.snapshot(now) as ctx:
        return ctx.rules.version, ctx.rules.limits.handle[Difficulty.ORDINARY].days


KINDS = ["categories", "ladder", "limits", "reasons", "units"]


def test_what_is_loaded_first_is_the_first_version_and_the_same_again_is_none(app_context: AppContext) -> None:
    (first,) = versions(app_context)
    assert first == (1, HIRED_AT.astimezone(ZONE), KINDS)
    assert load(app_context) == {"left": 5} and len(versions(app_context)) == 1


def test_what_is_written_otherwise_and_says_the_same_is_no_version(opened: Open) -> None:
    said = opened(("time_limits.toml", "rounds = 3 ", "rounds = 0x3 "), ("units.toml", "# Units", "# All units"))
    assert load(said) == {"left": 5} and len(versions(said)) == 1


def test_a_changed_file_is_a_new_version_from_now_on_and_the_old_one_stays(opened: Open) -> None:
    changed = opened(LONGER[0])
    assert load(changed) == {"left": 4, "changed": 1}
    assert [row[0::2] for row in versions(changed)] == [(1, KINDS), (2, ["limits"])]
    assert versions(changed)[1][1] == CHANGED_AT
    assert load(opened(), at("2026-11-25 09:00")) == {"left": 4, "changed": 1}
    assert [number for number, _, _ in versions(changed)] == [1, 2, 3], "what was before is a version of its own again"
    assert ordinary_days(changed, at("2026-11-25 10:00")) == (3, 5)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (("categories.toml", 'name = "企业诉求"', 'name = "企业的诉求"'), "categories"),
        (("units.toml", 'aliases = ["12345热线", ', 'aliases = ["热线", '), "units"),
        (("ratings.toml", 'other = "其他"', 'other = "其他原因"'), "reasons"),
        (LONGER[2], "ladder"),
    ],
)
def test_each_kind_of_rule_is_kept(opened: Open, change: tuple[str, str, str], kind: str) -> None:
    changed = opened(change)
    load(changed)
    assert versions(changed)[1][2] == [kind]


def test_a_running_clock_keeps_its_version_and_a_new_one_begins_by_the_new(build: Builder, opened: Open) -> None:
    old = build.ticket("handling", at("2026-11-24 10:00"))
    changed = opened(*LONGER)
    assert handling(changed, old).rules_version == 1
    load(changed)
    before = handling(changed, old)
    assert (before.rules_version, before.days, before.due_at) == (1, 5, at("2026-12-01 17:30"))
    new = handling(changed, build.ticket("handling", at("2026-11-24 14:00")))
    assert (new.rules_version, new.days, new.due_at) == (2, 7, at("2026-12-03 17:30"))


def test_what_is_not_loaded_is_not_in_force(opened: Open) -> None:
    changed = opened(*LONGER)
    assert ordinary_days(changed) == (1, 5)
    load(changed)
    assert ordinary_days(changed) == (2, 7)
    assert ordinary_days(changed, at("2026-11-24 11:59")) == (1, 5), "before it begins the one before holds"


def test_a_new_calendar_moves_a_clock_by_its_own_limit(build: Builder, opened: Open) -> None:
    number = build.ticket("handling", at("2026-11-24 10:00"))
    changed = opened(*LONGER)
    load(changed)
    rest = calendar.year_change(year_file(2026, entry("2026-11-27", "临时放假")))
    with changed.transaction(at("2026-11-25 09:00")) as ctx:
        assert calendar.apply(ctx.by(CONSOLE), rest, base=changed.rulebook) == 1
    moved = handling(changed, number)
    assert (moved.due_at, moved.days, moved.rules_version) == (at("2026-12-02 17:30"), 5, 1)


def found_difficult(build: Builder, number: str, now: str) -> None:
    time_of_requests.ask(build, number, now, RequestKind.DIFFICULT, code="testing")
    time_of_requests.approve(build, number, now, "difficulty_approved")


def test_difficult_is_the_limit_by_which_the_clock_began(build: Builder, opened: Open) -> None:
    number = build.ticket("handling", at("2026-11-24 10:00"))
    changed = opened(*LONGER)
    load(changed)
    found_difficult(build, number, "2026-11-25 09:00")
    assert handling(changed, number).due_at == at("2026-12-15 17:30"), "15 working days, not 20"
    later = build.ticket("handling", at("2026-11-25 10:00"))
    found_difficult(build, later, "2026-11-25 11:00")
    assert handling(changed, later).due_at == at("2026-12-23 17:30")


def test_the_order_of_a_running_clock_comes_when_its_version_says(build: Builder, opened: Open) -> None:
    old = build.ticket("handling", at("2026-11-24 10:00"))
    changed = opened(LONGER[2])
    load(changed)
    new = build.ticket("handling", at("2026-11-24 14:00"))
    for text in ("2026-12-01 18:00", "2026-12-03 18:00", "2026-12-07 18:00"):
        escalate.run(Run(changed, at(text)))
    assert ordered_at(changed, old) == [at("2026-12-03 17:30")]
    assert ordered_at(changed, new) == [at("2026-12-07 17:30")]


def ordered_at(app_context: AppContext, number: str) -> list[datetime]:
    clock = handling(app_context, number)
    with app_context.snapshot() as ctx:
        query = select(Escalation.at).where(Escalation.clock_id == clock.id, Escalation.step == ORDER)
        return list(ctx.session.scalars(query))


def test_where_nothing_is_stored_the_first_action_stores_it(build: Builder, app_context: AppContext) -> None:
    _forget(app_context)
    with app_context.snapshot() as ctx:
        assert ctx.rules.version is None and ctx.rules.limits == app_context.rulebook.limits
    clock = handling(app_context, build.ticket("handling", at("2026-11-24 10:00")))
    assert clock.rules_version == 1 and [number for number, _, _ in versions(app_context)] == [1]


def test_an_action_that_fails_stores_nothing_and_the_next_one_does(build: Builder, app_context: AppContext) -> None:
    _forget(app_context)
    with pytest.raises(RuntimeError), app_context.transaction(CHANGED_AT) as ctx:
        assert ctx.rules.version == 1
        raise RuntimeError
    assert versions(app_context) == []
    assert handling(app_context, build.ticket("handling", CHANGED_AT)).rules_version == 1
    assert [number for number, _, _ in versions(app_context)] == [1]


def _forget(app_context: AppContext) -> None:
    with app_context.transaction() as ctx:
        ctx.session.execute(delete(RuleVersion))


def test_of_many_that_load_the_same_at_once_one_version_is_left(opened: Open) -> None:
    loading = [opened(LONGER[0]) for _ in range(4)]
    assert at_once(loading) == []
    assert [number for number, _, _ in versions(loading[0])] == [1, 2]


def test_of_two_that_load_different_rules_at_once_neither_is_lost(opened: Open) -> None:
    loading = [
        opened(("time_limits.toml", "ordinary = { days = 5 }", f"ordinary = {{ days = {n} }}")) for n in (6, 7, 8)
    ]
    assert at_once(loading) == []
    with loading[0].snapshot() as ctx:
        rows = ctx.session.scalars(select(RuleVersion).order_by(RuleVersion.version)).all()
    assert sorted(row.content["limits"]["handle"]["ordinary"]["days"] for row in rows) == [5, 6, 7, 8]
    assert [row.version for row in rows] == [1, 2, 3, 4]


def at_once(loading: list[AppContext]) -> list[BaseException]:
    failed: list[BaseException] = []
    together = threading.Barrier(len(loading))

    def run(app_context: AppContext) -> None:
        try:
            together.wait(10)
            load(app_context)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(app_context,)) for app_context in loading]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return failed


def test_the_rules_cost_one_statement_a_transaction(app_context: AppContext) -> None:
    statements: list[str] = []
    with app_context.snapshot() as ctx:
        assert ctx.rules.version == 1
    event.listen(app_context.database.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    for opening in (app_context.snapshot, app_context.transaction):
        statements.clear()
        with opening() as ctx:
            assert ctx.rules.version == 1 and ctx.by(CONSOLE).rules.limits
        assert len([text for text in statements if "rule_versions" in text or "calendar" in text]) == 1


def test_an_old_version_is_read_by_a_program_that_knows_other_names(opened: Open) -> None:
    """A number that came later is that of `config/`, one that is gone is left out."""
    app_context = opened()
    with app_context.transaction() as ctx:
        row = ctx.session.get_one(RuleVersion, 1)
        stated = dict(row.content["limits"]) | {"gone": 5, "returns": 4}
        del stated["reworks_to_order"], stated["handle"]
        row.content, row.digests = {**row.content, "limits": stated}, {**row.digests, "limits": "other"}
        row.begins_at = CHANGED_AT
    with app_context.snapshot() as ctx:
        limits = ctx.rules.limits
    assert (limits.returns, limits.reworks_to_order) == (4, 2) and limits.handle == app_context.rulebook.limits.handle


def test_sources_are_the_same_from_the_same_folder(tmp_path: Path) -> None:
    assert rule_sources(changed_config(tmp_path / "a")) == rule_sources(changed_config(tmp_path / "b"))
