"""The database: engine, session, migrations, snapshots: the tables."""
