"""What a database would do for the statements of a request: whether it would read a large table from end to end."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import event, text

from hotline.records.session import Database

# What grows with every ticket. The rest (units, staff, articles, jobs) is as large as the city, not as its history.
LARGE = frozenset({
    "tickets", "clocks", "results", "call_backs", "dispatches", "timeline", "escalations", "notices", "deliveries", "orders",
    "requests", "ratings", "rectifications", "assists", "objections", "tracked_items", "tracked_notes", "quality_calls", "calls",
    "reminders", "measures", "enterprises", "contacts", "attachments", "identity_views",
})  # fmt: skip
MANY = 1000
"""A table with fewer rows is read whole with good reason."""
SCAN = re.compile(r"^SCAN (\w+?)(?:_\d+)?(?: USING .*)?$")


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
    for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters):
        scan = SCAN.match(row[3])
        if scan and " USING " not in row[3]:
            yield scan.group(1)


def _postgresql(connection: Any, statement: str, parameters: Any) -> Iterator[str]:
    (row,) = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
    yield from _whole(row[0][0]["Plan"])


def _whole(node: dict[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for inner in node.get("Plans", ()):
        yield from _whole(inner)


def analyse(database: Database) -> None:
    """What the planner has to know of the tables."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
