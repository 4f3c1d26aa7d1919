"""The log of the administration, append-only; when an account was added and when somebody last signed in with it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
AT = sa.DateTime(timezone=True)
LOG = "administration_log"
REFUSAL = "the log of the administration is append-only"
# On SQLite an INSERT OR REPLACE fires no DELETE trigger unless the connection asks for it.
SQLITE_GUARDS = (
    f"CREATE TRIGGER {LOG}_no_update BEFORE UPDATE ON {LOG} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    f"CREATE TRIGGER {LOG}_no_delete BEFORE DELETE ON {LOG} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    f"CREATE TRIGGER {LOG}_no_replace BEFORE INSERT ON {LOG} WHEN EXISTS (SELECT 1 FROM {LOG} WHERE id = NEW.id)"
    f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
)
POSTGRESQL_GUARDS = (
    f"CREATE FUNCTION {LOG}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
    f"CREATE TRIGGER {LOG}_no_change BEFORE UPDATE OR DELETE ON {LOG} FOR EACH ROW EXECUTE FUNCTION {LOG}_refuse()",
    f"CREATE TRIGGER {LOG}_no_truncate BEFORE TRUNCATE ON {LOG} FOR EACH STATEMENT EXECUTE FUNCTION {LOG}_refuse()",
)


def upgrade() -> None:
    op.create_table(
        LOG,
        sa.Column("id", KEY, nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("actor_id", KEY),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("deed", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["staff.id"], name=op.f(f"fk_{LOG}_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{LOG}")),
    )
    op.create_index(f"ix_{LOG}_at", LOG, ["at", "id"])
    op.create_index(f"ix_{LOG}_subject", LOG, ["subject", "at", "id"])
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for guard in SQLITE_GUARDS if on_sqlite else POSTGRESQL_GUARDS:
        op.execute(guard)
    op.add_column("staff", sa.Column("added_at", AT))
    op.add_column("staff", sa.Column("last_signed_in_at", AT))
    op.execute(
        "UPDATE staff SET last_signed_in_at = (SELECT max(created_at) FROM sign_ins WHERE sign_ins.staff_id = staff.id)"
    )


def downgrade() -> None:
    op.drop_column("staff", "last_signed_in_at")
    op.drop_column("staff", "added_at")
    op.drop_table(LOG)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {LOG}_refuse()")
