"""Notices and their deliveries, runs of the jobs, and what is remembered of callers to limit them."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "r08_notices_and_jobs"
down_revision = "r07_deadlines"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


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


def _notices() -> None:
    op.create_table(
        "notices",
        *_key("notices"),
        sa.Column("event", sa.String(80), nullable=False),
        *_refers("notices", "staff_id", "staff"),
        *_refers("notices", "contact_id", "contacts"),
        *_refers("notices", "ticket_id", "tickets"),
        *_refers("notices", "task_id", "article_tasks"),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("not_before", AT, nullable=False),
        sa.Column("read_at", AT),
        sa.Column("spread_at", AT),
        _once("notices", "event", "contact_id"),
        _once("notices", "event", "staff_id"),
        sa.CheckConstraint("(staff_id IS NULL) <> (contact_id IS NULL)", name=op.f("ck_notices_one_recipient")),
        sa.CheckConstraint("ticket_id IS NULL OR task_id IS NULL", name=op.f("ck_notices_one_subject")),
    )
    _index("ix_notices_task_id", "notices", ["task_id"])
    _index("ix_notices_ticket_id", "notices", ["ticket_id"])
    _index("ix_notices_to_spread", "notices", ["not_before", "id"], where="spread_at IS NULL")
    # The two engines differ in this condition: on SQLite the index holds the notices of contacts as well.
    op.create_index(
        "ix_notices_unread",
        "notices",
        ["staff_id", "not_before"],
        sqlite_where=sa.text("read_at IS NULL"),
        postgresql_where=sa.text("read_at IS NULL AND staff_id IS NOT NULL"),
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        *_key("deliveries"),
        *_refers("deliveries", "notice_id", "notices", nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", AT, nullable=False),
        sa.Column("claimed_until", AT),
        sa.Column("sent_at", AT),
        sa.Column("last_error", sa.String(200)),
        _once("deliveries", "notice_id", "channel"),
    )
    _index("ix_deliveries_dead", "deliveries", ["next_at", "id"], where="state = 'dead'")
    _index("ix_deliveries_waiting", "deliveries", ["next_at", "id"], where="state = 'waiting'")


def _job_runs() -> None:
    op.create_table(
        "job_runs",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("period_seconds", sa.Integer(), nullable=False),
        sa.Column("last_started_at", AT),
        sa.Column("last_finished_at", AT),
        sa.Column("last_error", sa.Text()),
        sa.Column("last_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_job_runs"),
    )


def _idempotency_keys() -> None:
    op.create_table(
        "idempotency_keys",
        *_key("idempotency_keys"),
        sa.Column("owner", sa.String(80), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("request_hash", sa.String(64), nullable=False),
        sa.Column("answer", JSON, nullable=False),
        sa.Column("created_at", AT, nullable=False),
        _once("idempotency_keys", "owner", "key"),
    )


def _public_submissions() -> None:
    op.create_table(
        "public_submissions",
        *_key("public_submissions"),
        sa.Column("address_hash", sa.String(64), nullable=False),
        sa.Column("at", AT, nullable=False),
    )
    _index("ix_public_submissions_address", "public_submissions", ["address_hash", "at"])


def _look_up_attempts() -> None:
    op.create_table(
        "look_up_attempts",
        *_key("look_up_attempts"),
        sa.Column("number", sa.String(24), nullable=False),
        sa.Column("address_hash", sa.String(64), nullable=False),
        sa.Column("at", AT, nullable=False),
    )
    _index("ix_look_up_attempts_address", "look_up_attempts", ["address_hash", "at"])
    _index("ix_look_up_attempts_number", "look_up_attempts", ["number", "at"])


def upgrade() -> None:
    _notices()
    _deliveries()
    _job_runs()
    _idempotency_keys()
    _public_submissions()
    _look_up_attempts()


def downgrade() -> None:
    for table in ("look_up_attempts", "public_submissions", "idempotency_keys", "job_runs", "deliveries", "notices"):
        op.drop_table(table)
