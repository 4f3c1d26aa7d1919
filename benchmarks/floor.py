"""The floor: a bare WSGI application that runs the same SQL through the same driver and answers the rows as JSON, no more.

The statements are caught from the service itself while it answers the same request, so that both ask the database the same
questions on the same engine. For a writing request they are run again with a new number and new ids, and committed.
"""

import itertools
import pickle
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import event

from hotline.models.database.session import Database

Start = Callable[[str, list[tuple[str, str]]], Any]


@dataclass
class Caught:
    """One request's statements; for a writing one the number and the ids that its rows got."""

    statements: list[tuple[str, Any]] = field(default_factory=list)
    number: str = ""
    ticket_id: int = 0
    clock_ids: list[int] = field(default_factory=list)

    @property
    def writes(self) -> bool:
        return bool(self.number)


def catch(database: Database, request: Callable[[], Any]) -> Caught:
    """Listens while one request is answered."""
    seen = Caught()

    def remember(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if not statement.startswith("BEGIN"):
            seen.statements.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", remember)
    try:
        request()
    finally:
        event.remove(database.engine, "before_cursor_execute", remember)
    return seen


class Floor:
    """Serves each caught request under its path ("/look-up")."""

    def __init__(self, database: Database, caught: dict[str, Caught]) -> None:
        self.database, self.caught = database, caught
        self.counter = itertools.count(1)

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        raw = self.database.engine.raw_connection()
        try:
            body = orjson.dumps(self._rows(raw, self.caught[environ["PATH_INFO"]]), default=str)
        finally:
            raw.close()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    def _rows(self, raw: Any, caught: Caught) -> list[Any]:
        cursor = raw.cursor()
        if self.database.is_sqlite:
            cursor.execute("BEGIN IMMEDIATE" if caught.writes else "BEGIN")
        rows = _replay(cursor, caught, next(self.counter)) if caught.writes else _ask(cursor, caught)
        raw.commit() if caught.writes else raw.rollback()
        return rows


def _ask(cursor: Any, caught: Caught) -> list[Any]:
    rows: list[Any] = []
    for statement, parameters in caught.statements:
        cursor.execute(statement, parameters)
        rows += cursor.fetchall()
    return rows


def _replay(cursor: Any, caught: Caught, count: int) -> list[Any]:
    known: dict[Any, Any] = {caught.number: f"F{count:018d}"}
    clock_ids = iter(caught.clock_ids)
    for statement, parameters in caught.statements:
        given = [_renamed(row, known, caught) for row in parameters] if isinstance(parameters, list) else None
        if given is not None:
            cursor.executemany(statement, given)
            continue
        cursor.execute(statement, _renamed(parameters, known, caught))
        returned = cursor.fetchall() if cursor.description else []
        if statement.startswith("INSERT INTO tickets "):
            known[caught.ticket_id] = returned[0][0] if returned else cursor.lastrowid
        elif statement.startswith("INSERT INTO clocks "):
            known[next(clock_ids)] = returned[0][0] if returned else cursor.lastrowid
    return [known[caught.number]]


def _renamed(parameters: Any, known: dict[Any, Any], caught: Caught) -> Any:
    def new(value: Any) -> Any:
        if isinstance(value, str) and value.startswith("ticket:"):
            return value.replace(str(caught.ticket_id), str(known[caught.ticket_id]))
        return known.get(value, value) if isinstance(value, str | int) and not isinstance(value, bool) else value

    if isinstance(parameters, dict):
        return {name: new(value) for name, value in parameters.items()}
    return tuple(new(value) for value in parameters)


def served(url: str, path: str) -> Floor:
    """The floor of a database, with the requests that were caught into a file."""
    with open(path, "rb") as file:  # noqa: PTH123
        return Floor(Database(url), pickle.load(file))
