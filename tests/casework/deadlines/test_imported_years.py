"""An imported year stands for all of its days; what config/calendar corrects stays above it, single days beside the rest."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from hotline.app_context import AppContext
from hotline.casework.deadlines import calendar
from hotline.context import Context
from hotline.rules.accounts.administration import CONSOLE
from hotline.rules.deadlines.calendar_change import Change, DayGiven
from hotline.rules.deadlines.working_calendar import Layer, WorkingCalendar
from tests.casework.deadlines.test_spring_festival_of_2020 import at
from tests.support.build import Builder
from tests.support.year_files import entry, year_file

NOW = at("2026-10-08 10:00")


def imported(app_context: AppContext, change: Change) -> WorkingCalendar:
    """The calendar after this change."""
    with app_context.transaction(NOW) as ctx:
        calendar.apply(ctx.by(CONSOLE), change, base=app_context.rulebook)
    with app_context.snapshot(NOW) as ctx:
        return ctx.rules.calendar


def due(found: WorkingCalendar, start: str, days: int = 1) -> datetime:
    return found.due(at(start), days).at


@pytest.mark.parametrize(
    ("without", "start", "before", "after"),
    [
        ("2026-10-10", "2026-10-09 10:00", "2026-10-10 17:30", "2026-10-12 17:30"),
        ("2026-02-28", "2026-02-27 10:00", "2026-02-28 17:30", "2026-03-02 17:30"),
        ("2026-10-07", "2026-09-30 10:00", "2026-10-08 17:30", "2026-10-07 17:30"),
        ("2026-05-04", "2026-04-30 10:00", "2026-05-06 17:30", "2026-05-04 17:30"),
    ],
)
def test_what_the_year_no_longer_names_is_a_plain_day(
    app_context: AppContext, without: str, start: str, before: str, after: str
) -> None:
    assert due(app_context.rulebook.calendar, start) == at(before)
    found = imported(app_context, calendar.year_change(year_file(2026, without=[without])))
    assert due(found, start) == at(after)
    assert found.look(date.fromisoformat(without)).layer == "database"
    assert due(found, "2025-10-11 10:00") == at("2025-10-13 17:30"), "another year stays with the package"
    assert due(imported(app_context, calendar.year_change(year_file(2026))), start) == at(before)


def test_a_running_due_moves_with_a_day_that_is_no_longer_named(build: Builder, app_context: AppContext) -> None:
    build.ticket("handling", at("2026-10-08 09:00"))
    change = calendar.year_change(year_file(2026, without=["2026-10-10"]))
    with app_context.snapshot(NOW) as ctx:
        assert calendar.preview(ctx, change, base=app_context.rulebook).moved == 1
    with app_context.transaction(NOW) as ctx:
        assert calendar.apply(ctx.by(CONSOLE), change, base=app_context.rulebook) == 1


def test_the_folder_of_corrections_stays_above_an_imported_year(app_context: AppContext) -> None:
    base = app_context.rulebook
    corrections = Layer("config", {date(2026, 10, 10): (True, "补班")}, frozenset())
    layers = (corrections, *base.calendar.layers[1:])
    app_context.rulebook = replace(base, calendar=WorkingCalendar(layers, base.calendar.hours, "0"))
    found = imported(app_context, calendar.year_change(year_file(2026, without=["2026-10-10", "2026-02-28"])))
    assert due(found, "2026-10-09 10:00") == at("2026-10-10 17:30")
    assert due(found, "2026-02-27 10:00") == at("2026-03-02 17:30")


def test_a_single_day_replaces_nothing_but_itself(app_context: AppContext) -> None:
    given = DayGiven(date(2026, 11, 27), False, "临时放假")
    found = imported(app_context, calendar.day_change(given, rulebook=app_context.rulebook))
    assert due(found, "2026-11-26 10:00") == at("2026-11-30 17:30")
    assert due(found, "2026-10-09 10:00") == at("2026-10-10 17:30")
    assert due(found, "2026-09-30 10:00") == at("2026-10-08 17:30")


NEW_YEAR = (entry("2018-12-29", "元旦", off=False), entry("2018-12-30", "元旦"), entry("2018-12-31", "元旦"))


def test_a_december_belongs_to_the_new_year_after_it(app_context: AppContext) -> None:
    """2018 imported: the package keeps what the notice of 2019 said of its December; 2019 without it takes it back."""
    found = imported(app_context, calendar.year_change(year_file(2018, without=[day["date"] for day in NEW_YEAR])))
    assert due(found, "2018-12-28 10:00") == at("2018-12-29 17:30")
    found = imported(app_context, calendar.year_change(year_file(2019)))
    assert due(found, "2018-12-28 10:00") == at("2018-12-31 17:30")
    found = imported(app_context, calendar.year_change(year_file(2019, *NEW_YEAR)))
    assert due(found, "2018-12-29 10:00") == at("2019-01-02 17:30")
    found = imported(app_context, calendar.year_change(year_file(2018, without=[day["date"] for day in NEW_YEAR])))
    assert due(found, "2018-12-29 10:00") == at("2019-01-02 17:30"), "what another year's notice said stays"


def test_an_import_that_was_undone_leaves_no_calendar_behind(app_context: AppContext) -> None:
    """The next import may get the same number."""

    class Interrupted(Exception):
        pass

    def interrupt(ctx: Context) -> None:
        calendar.apply(
            ctx.by(CONSOLE), calendar.year_change(year_file(2026, without=["2026-10-10"])), base=app_context.rulebook
        )
        raise Interrupted

    with pytest.raises(Interrupted), app_context.transaction(NOW) as ctx:
        interrupt(ctx)
    found = imported(app_context, calendar.year_change(year_file(2026)))
    assert due(found, "2026-10-09 10:00") == at("2026-10-10 17:30")
