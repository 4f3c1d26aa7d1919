"""Runs the migrations on the database named by the caller; the schema is compared with `hotline.records`."""

from alembic import context
from sqlalchemy import event

from hotline.records.catalogue import metadata
from hotline.records.session import Database


def run() -> None:
    database = Database(context.config.attributes["url"])
    if database.is_sqlite:
        # A table that others refer to is made anew in some migrations: references are checked again at the end of each.
        event.listen(database.engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=OFF"))
    try:
        with database.engine.execution_options(hotline_writes=True).connect() as connection:
            context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=True)
            with context.begin_transaction():
                context.run_migrations()
            connection.commit()
    finally:
        database.dispose()


run()
