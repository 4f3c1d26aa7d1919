"""The schema after all migrations, as the database itself tells it; sorted, so that the order of migrations is aside."""

from collections.abc import Iterator

from sqlalchemy import Connection, create_engine, inspect, text

OF_POSTGRESQL = {
    "column": """SELECT table_name, column_name, data_type, udt_name, character_maximum_length, numeric_precision,
        numeric_scale, datetime_precision, is_nullable, column_default, is_identity, identity_generation, is_generated,
        generation_expression, collation_name FROM information_schema.columns WHERE table_schema = 'public'""",
    "constraint": """SELECT conrelid::regclass::text, contype::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "index": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "trigger": """SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal""",
    "function": """SELECT proname, pg_get_functiondef(oid) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND prokind IN ('f', 'p')
        AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')""",
    "sequence": """SELECT sequencename, data_type::text, start_value, increment_by, cycle FROM pg_sequences
        WHERE schemaname = 'public'""",
    "view": "SELECT viewname, definition FROM pg_views WHERE schemaname = 'public'",
    "extension": "SELECT extname FROM pg_extension",
    "type": """SELECT typname, typtype::text FROM pg_type WHERE typnamespace = 'public'::regnamespace
        AND typtype IN ('e', 'd')""",
}


def schema_of(url: str) -> str:
    """Return the schema, one thing per line."""
    engine = create_engine(url)
    with engine.connect() as connection:
        lines = sorted(_sqlite(connection) if engine.dialect.name == "sqlite" else _postgresql(connection))
    engine.dispose()
    return "\n".join(lines)


def _postgresql(connection: Connection) -> Iterator[str]:
    for kind, query in OF_POSTGRESQL.items():
        for row in connection.execute(text(query)):
            yield _line(kind, *row)


def _sqlite(connection: Connection) -> Iterator[str]:
    """Tables by their parts, because a table that was rebuilt is written otherwise; the rest as it was written."""
    for kind, name, table, sql in connection.execute(text("SELECT type, name, tbl_name, sql FROM sqlite_master")):
        if kind != "table":
            yield _line(kind, table, name, sql)
            continue
        yield _line("table", name, "strict" if _ends(sql, "STRICT") else "", "virtual" if "VIRTUAL" in sql else "")
        for row in connection.execute(text(f'PRAGMA table_xinfo("{name}")')):
            yield _line("column", name, *row[1:])
        for row in connection.execute(text(f'PRAGMA foreign_key_list("{name}")')):
            yield _line("foreign key", name, *row[1:])
        for row in connection.execute(text(f'PRAGMA index_list("{name}")')):
            columns = [part[1:] for part in connection.execute(text(f'PRAGMA index_xinfo("{row[1]}")'))]
            yield _line("unique" if row[2] else "not unique", name, row[3], row[4], columns)
        for check in inspect(connection).get_check_constraints(name):
            yield _line("check", name, check["name"], check["sqltext"])
        yield _line("autoincrement", name, "AUTOINCREMENT" in (sql or "").upper())


def _ends(sql: str | None, word: str) -> bool:
    return (sql or "").rstrip().upper().endswith(word)


def _line(*parts: object) -> str:
    return " | ".join(" ".join(str(part).split()) for part in parts)
