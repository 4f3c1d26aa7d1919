"""The migration that tells whole years from single days among the imports that are there already."""

from sqlalchemy import text

from hotline.models.database import migrate
from hotline.models.database.session import Database
from tests.models.database.test_migrations import execute, within
from tests.support.year_files import year_file

IMPORT = "INSERT INTO calendar_imports (id, year, imported_at, moved) VALUES ({}, {}, '2026-01-01 00:00:00', 0)"
DAY = "INSERT INTO calendar_days (\"on\", working, name, import_id) VALUES ('{}', {}, '{}', {})"


def test_an_import_that_names_every_festival_is_a_whole_year(empty_url: str) -> None:
    migrate.upgrade(empty_url, "r10_clocks")
    whole = [DAY.format(d["date"], "false" if d["isOffDay"] else "true", d["name"], 1) for d in year_file(2026)["days"]]
    part = [DAY.format(f"2025-10-0{n}", "false", "国庆节", 2) for n in range(1, 8)]
    imports = [IMPORT.format(1, 2026), IMPORT.format(2, 2025), IMPORT.format(3, 2024)]
    execute(empty_url, *imports, *whole, *part, DAY.format("2024-11-29", "false", "临时放假", 3))
    migrate.upgrade(empty_url)

    def marks(database: Database) -> list[tuple[int, bool]]:
        with database.snapshot() as session:
            rows = session.execute(text("SELECT year, whole FROM calendar_imports ORDER BY year"))
            return [(year, bool(mark)) for year, mark in rows]

    assert within(empty_url, marks) == [(2024, False), (2025, False), (2026, True)]
    migrate.downgrade(empty_url, "r10_clocks")
    migrate.upgrade(empty_url)
    assert within(empty_url, marks) == [(2024, False), (2025, False), (2026, True)]
