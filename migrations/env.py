"""Runs the migrations on the database named by the caller, or inside a transaction of the caller's own.

The schema is compared with `hotline.models`.
"""

from alembic import context
from sqlalchemy import Connection, event

from hotline.models.catalogue import metadata
from hotline.models.database.session import Database


def run() -> None:
    given = context.config.attributes.get("connection")
    if given is not None:
        _run_in(given, transaction_per_migration=False)
        return
    database = Database(context.config.attributes["url"])
    if database.is_sqlite:
        # A migration may have to make a table anew that others refer to, which SQLite refuses while it checks references.
        event.listen(database.engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=OFF"))
    try:
        with database.engine.execution_options(hotline_writes=True).connect() as connection:
            _run_in(connection, transaction_per_migration=True)
            connection.commit()
    finally:
        database.dispose()


def _run_in(connection: Connection, *, transaction_per_migration: bool) -> None:
    context.configure(
        connection=connection, target_metadata=metadata, transaction_per_migration=transaction_per_migration
    )
    with context.begin_transaction():
        context.run_migrations()


run()
