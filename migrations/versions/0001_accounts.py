"""Accounts: units, staff and their roles, how they sign in, their saved filters, the log of the administration."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "r01_accounts"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

# On SQLite an INSERT OR REPLACE fires no DELETE trigger unless the connection asks for it, therefore a taken key is refused
# before the row is replaced.
SQLITE_GUARDS = (
    "CREATE TRIGGER administration_log_no_update BEFORE UPDATE ON administration_log"
    " BEGIN SELECT RAISE(ABORT, 'the log of the administration is append-only'); END",
    "CREATE TRIGGER administration_log_no_delete BEFORE DELETE ON administration_log"
    " BEGIN SELECT RAISE(ABORT, 'the log of the administration is append-only'); END",
    "CREATE TRIGGER administration_log_no_replace BEFORE INSERT ON administration_log"
    " WHEN EXISTS (SELECT 1 FROM administration_log WHERE id = NEW.id)"
    " BEGIN SELECT RAISE(ABORT, 'the log of the administration is append-only'); END",
)
POSTGRESQL_GUARDS = (
    "CREATE FUNCTION administration_log_refuse() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'the log of the administration is append-only'; END $$",
    "CREATE TRIGGER administration_log_no_change BEFORE UPDATE OR DELETE ON administration_log"
    " FOR EACH ROW EXECUTE FUNCTION administration_log_refuse()",
    "CREATE TRIGGER administration_log_no_truncate BEFORE TRUNCATE ON administration_log"
    " FOR EACH STATEMENT EXECUTE FUNCTION administration_log_refuse()",
)


def _key(table: str) -> tuple[sa.Column, sa.PrimaryKeyConstraint]:
    """Return the column `id` and the primary key of a table."""
    return sa.Column("id", KEY, nullable=False), sa.PrimaryKeyConstraint("id", name=f"pk_{table}")


def _refers(table: str, column: str, to: str, **options: bool) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    """Return a column that holds the `id` of a row of another table, and its foreign key."""
    key = sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}")
    return sa.Column(column, KEY, **options), key


def _once(table: str, *columns: str) -> sa.UniqueConstraint:
    """Return the constraint that these columns together occur once in the table."""
    return sa.UniqueConstraint(*columns, name=f"uq_{table}_{'_'.join(columns)}")


def _index(name: str, table: str, columns: list[str], *, where: str | None = None, **options: Any) -> None:
    """Create an index, of the rows that fulfil the condition `where` alone if there is one."""
    condition = sa.text(where) if where else None
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition, **options)


def _guard() -> None:
    """Create the triggers by which nothing in the table is changed or deleted, by hand in SQL neither."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for guard in POSTGRESQL_GUARDS if on_postgresql else SQLITE_GUARDS:
        op.execute(guard)


def _units() -> None:
    op.create_table(
        "units",
        *_key("units"),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        *_refers("units", "parent_id", "units"),
        sa.Column("path", sa.String(200), nullable=False),
        sa.Column("aliases", sa.String(400), nullable=False),
        sa.Column("duty_phone", sa.String(40)),
        sa.Column("closed_on", sa.Date()),
        *_refers("units", "successor_id", "units"),
        _once("units", "code"),
    )
    _index("ix_units_path", "units", ["path"])


def _staff() -> None:
    op.create_table(
        "staff",
        *_key("staff"),
        sa.Column("username", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        *_refers("staff", "unit_id", "units", nullable=False),
        sa.Column("email", sa.String(120)),
        sa.Column("phone", sa.String(40)),
        sa.Column("disabled_at", AT),
        sa.Column("added_at", AT),
        sa.Column("last_signed_in_at", AT),
        _once("staff", "username"),
    )
    _index("ix_staff_unit_id", "staff", ["unit_id"])


def _staff_roles() -> None:
    op.create_table(
        "staff_roles",
        *_key("staff_roles"),
        *_refers("staff_roles", "staff_id", "staff", nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        *_refers("staff_roles", "unit_id", "units", nullable=False),
        _once("staff_roles", "staff_id", "role", "unit_id"),
    )
    _index("ix_staff_roles_unit_id", "staff_roles", ["unit_id"])


def _sign_ins() -> None:
    op.create_table(
        "sign_ins",
        *_key("sign_ins"),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        *_refers("sign_ins", "staff_id", "staff", nullable=False),
        sa.Column("label", sa.String(64), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("expires_at", AT, nullable=False),
        sa.Column("revoked_at", AT),
        sa.Column("seen_at", AT),
        _once("sign_ins", "secret_hash"),
    )
    _index("ix_sign_ins_staff_id", "sign_ins", ["staff_id"])


def _sign_in_tries() -> None:
    op.create_table(
        "sign_in_tries",
        *_key("sign_in_tries"),
        sa.Column("account_hash", sa.String(64), nullable=False),
        sa.Column("address_hash", sa.String(64), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        *_refers("sign_in_tries", "staff_id", "staff"),
    )
    _index("ix_sign_in_tries_account", "sign_in_tries", ["account_hash", "at"])
    _index("ix_sign_in_tries_address", "sign_in_tries", ["address_hash", "at"])
    _index("ix_sign_in_tries_at", "sign_in_tries", ["at"])


def _second_factors() -> None:
    op.create_table(
        "second_factors",
        *_refers("second_factors", "staff_id", "staff", nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("begun_at", AT, nullable=False),
        sa.Column("switched_on_at", AT),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("staff_id", name="pk_second_factors"),
    )


def _recovery_codes() -> None:
    op.create_table(
        "recovery_codes",
        *_key("recovery_codes"),
        *_refers("recovery_codes", "staff_id", "staff", nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("used_at", AT),
        _once("recovery_codes", "code_hash"),
    )
    _index("ix_recovery_codes_staff_id", "recovery_codes", ["staff_id"])


def _saved_filters() -> None:
    op.create_table(
        "saved_filters",
        *_key("saved_filters"),
        *_refers("saved_filters", "staff_id", "staff", nullable=False),
        sa.Column("page", sa.String(40), nullable=False),
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("query", sa.String(500), nullable=False),
        _once("saved_filters", "staff_id", "page", "name"),
    )


def _administration_log() -> None:
    op.create_table(
        "administration_log",
        *_key("administration_log"),
        sa.Column("at", AT, nullable=False),
        *_refers("administration_log", "actor_id", "staff"),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("deed", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("data", JSON, nullable=False),
    )
    _index("ix_administration_log_at", "administration_log", ["at", "id"])
    _index("ix_administration_log_subject", "administration_log", ["subject", "at", "id"])
    _guard()


def upgrade() -> None:
    _units()
    _staff()
    _staff_roles()
    _sign_ins()
    _sign_in_tries()
    _second_factors()
    _recovery_codes()
    _saved_filters()
    _administration_log()


def downgrade() -> None:
    for table in (
        "administration_log",
        "saved_filters",
        "recovery_codes",
        "second_factors",
        "sign_in_tries",
        "sign_ins",
        "staff_roles",
        "staff",
        "units",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION administration_log_refuse()")
