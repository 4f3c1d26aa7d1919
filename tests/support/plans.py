"""What a database would do for the statements of a request: whether it would read a large table from end to end."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import event, text

from hotline.models.database.session import Database

# What grows with every ticket. The rest (units, staff, articles, jobs) is as large as the city, not as its history.
LARGE = frozenset({
    "tickets", "clocks", "results", "call_backs", "dispatches", "timeline", "escalations", "notices", "deliveries", "orders",
    "requests", "ratings", "rectifications", "assists", "objections", "tracked_items", "tracked_notes", "quality_calls", "calls",
    "reminders", "measures", "enterprises", "contacts", "contacts_made", "call_back_turns", "attachments", "identity_views",
})  # fmt: skip
MANY = 1000
"""A table with fewer rows is read whole with good reason."""
SCAN = re.compile(r"^SCAN (\w+?)(?:_\d+)?(?: USING (?:COVERING )?INDEX (\w+).*)?$")


def scans(database: Database, ask: Callable[[], Any]) -> list[str]:
    """The statements of `ask` that read a large table whole, each with the table."""
    caught: dict[str, Any] = {}

    def remember(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            caught[statement] = parameters

    event.listen(database.engine, "before_cursor_execute", remember)
    try:
        ask()
    finally:
        event.remove(database.engine, "before_cursor_execute", remember)
    found = _sqlite if database.is_sqlite else _postgresql
    with database.engine.connect() as connection:
        large = {table for table in LARGE if _rows(connection, table) >= MANY}
        return [
            f"{table}: {statement}"
            for statement, parameters in caught.items()
            for table in found(connection, statement, parameters)
            if table in large
        ]


def _rows(connection: Any, table: str) -> int:
    rows: int = connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()
    return rows


def _sqlite(connection: Any, statement: str, parameters: Any) -> Iterator[str]:
    named = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '%WHERE%'")
    partial = set(named.scalars())
    for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters):
        scan = SCAN.match(row[3])
        # An index of everything is as long as the table; in its order a limited number of rows may be read.
        if scan and scan.group(2) not in partial and not (scan.group(2) and "LIMIT" in statement):
            yield scan.group(1)


def _postgresql(connection: Any, statement: str, parameters: Any) -> Iterator[str]:
    named = connection.exec_driver_sql("SELECT indexrelid::regclass::text FROM pg_index WHERE indpred IS NOT NULL")
    (row,) = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
    yield from _whole(row[0][0]["Plan"], set(named.scalars()), "LIMIT" in statement)


def _whole(node: dict[str, Any], partial: set[str], limited: bool) -> Iterator[str]:
    by_index = "Index Name" in node and ("Index Cond" in node or node["Index Name"] in partial or limited)
    if "Relation Name" in node and "Scan" in node["Node Type"] and not by_index and "Bitmap" not in node["Node Type"]:
        yield node["Relation Name"]
    for inner in node.get("Plans", ()):
        yield from _whole(inner, partial, limited)


def analyse(database: Database) -> None:
    """What the planner has to know of the tables."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
