"""The floor: a bare WSGI application that runs the same SQL through the same driver and answers the rows as JSON, no more.

The statements are caught from the service itself while it answers the same request, so that both ask the database the same
questions on the same engine and connection settings.
"""

from collections.abc import Callable, Iterable
from typing import Any

import orjson
from sqlalchemy import event

from hotline.records.session import Database

Statement = tuple[str, Any]
Start = Callable[[str, list[tuple[str, str]]], Any]


def caught(database: Database, request: Callable[[], Any]) -> list[Statement]:
    """The statements, with their parameters, that one request sends to the database."""
    seen: list[Statement] = []

    def remember(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if not statement.startswith("BEGIN"):
            seen.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", remember)
    try:
        request()
    finally:
        event.remove(database.engine, "before_cursor_execute", remember)
    return seen


class Floor:
    """A WSGI application of one route; `writes`: all statements run in one transaction that is committed."""

    def __init__(self, database: Database, statements: list[Statement], *, writes: bool = False) -> None:
        self.database, self.statements, self.writes = database, statements, writes
        self.fresh: Callable[[str, Any], Any] = lambda statement, parameters: parameters

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        raw = self.database.engine.raw_connection()
        try:
            body = orjson.dumps(self._rows(raw), default=str)
        finally:
            raw.close()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    def _rows(self, raw: Any) -> list[Any]:
        cursor, rows = raw.cursor(), []
        if self.database.is_sqlite:
            cursor.execute("BEGIN IMMEDIATE" if self.writes else "BEGIN")
        for statement, parameters in self.statements:
            given = self.fresh(statement, parameters)
            many = isinstance(given, list)
            cursor.executemany(statement, given) if many else cursor.execute(statement, given)
            if cursor.description:
                rows += cursor.fetchall()
        raw.commit() if self.writes else raw.rollback()
        return rows
