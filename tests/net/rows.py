"""Every row of every table. What is sealed is opened, what was drawn by chance is not told."""

from datetime import UTC, date, datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import MetaData, Table, create_engine, select

from hotline.security.keys import Keys

# Made of a password, a token or a code, which were drawn by chance.
OF_CHANCE = ("password_hash", "secret_hash", "code_hash", "query_code_hash", "request_id")


def rows_of(url: str, keys: Keys) -> dict[str, str]:
    """Return the rows of each table, by the primary key, one per line."""
    engine, known = create_engine(url), MetaData()
    found = {}
    with engine.connect() as connection:
        known.reflect(connection)
        for name, table in sorted(known.tables.items()):
            order = list(table.primary_key.columns) or list(table.columns)
            rows = connection.execute(select(table).order_by(*order)).mappings()
            found[name] = "\n".join(_line(table, row, keys) for row in rows)
    engine.dispose()
    return found


def _line(table: Table, row: Any, keys: Keys) -> str:
    parts = {column.name: row[column.name] for column in table.columns}
    return " | ".join(f"{name}={_shown(name, value, keys)}" for name, value in sorted(parts.items()))


def _shown(name: str, value: Any, keys: Keys) -> str:
    if value is None:
        return "-"
    if name.endswith(OF_CHANCE):
        return "<of chance>"
    if isinstance(value, bytes | memoryview):
        try:
            return f"<sealed>{keys.open(bytes(value))!r}"
        except (InvalidTag, ValueError):
            return f"<{len(bytes(value))} bytes>"
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).strftime("%Y-%m-%d %H:%M:%S.%f")
    return str(value) if isinstance(value, date) else repr(value)
