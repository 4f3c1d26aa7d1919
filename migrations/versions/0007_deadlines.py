"""Deadlines: the calendar, clocks and their escalations, and the orders and measures of supervision."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "r07_deadlines"
down_revision = "r06_knowledge"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
OPEN_ORDER = "state IN ('draft','issued','replied')"
RUNNING = "stopped_at IS NULL"
ONE_SUBJECT = "(ticket_id IS NULL) <> (task_id IS NULL)"


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


def _orders() -> None:
    op.create_table(
        "orders",
        *_key("orders"),
        sa.Column("number", sa.String(24), nullable=False),
        *_refers("orders", "ticket_id", "tickets", nullable=False),
        *_refers("orders", "unit_id", "units", nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("cause", sa.String(32), nullable=False),
        sa.Column("drafted_at", AT, nullable=False),
        *_refers("orders", "issued_by", "staff"),
        sa.Column("issued_at", AT),
        sa.Column("demand", sa.Text()),
        sa.Column("reply", sa.Text()),
        *_refers("orders", "replied_by", "staff"),
        sa.Column("replied_at", AT),
        sa.Column("closed_at", AT),
        sa.Column("reason", sa.Text()),
        sa.Column("sent_back", sa.Integer(), nullable=False, server_default="0"),
        _once("orders", "number"),
    )
    _index("ix_orders_ticket", "orders", ["ticket_id"])
    _index("ix_orders_waiting", "orders", ["drafted_at", "id"], where=OPEN_ORDER)
    _index("uq_orders_open", "orders", ["ticket_id", "unit_id"], where=OPEN_ORDER, unique=True)


def _measures() -> None:
    op.create_table(
        "measures",
        *_key("measures"),
        sa.Column("kind", sa.String(32), nullable=False),
        *_refers("measures", "ticket_id", "tickets", nullable=False),
        *_refers("measures", "unit_id", "units", nullable=False),
        *_refers("measures", "order_id", "orders"),
        sa.Column("drafted_at", AT, nullable=False),
        *_refers("measures", "issued_by", "staff"),
        sa.Column("issued_at", AT),
        sa.Column("declined_at", AT),
        sa.Column("text", sa.Text()),
        _once("measures", "order_id"),
    )
    _index("ix_measures_ticket", "measures", ["ticket_id"])


def _calendar_imports() -> None:
    op.create_table(
        "calendar_imports",
        *_key("calendar_imports"),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("imported_at", AT, nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
    )


def _calendar_days() -> None:
    op.create_table(
        "calendar_days",
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        *_refers("calendar_days", "import_id", "calendar_imports", nullable=False),
        sa.PrimaryKeyConstraint("on", name="pk_calendar_days"),
    )
    _index("ix_calendar_days_import_id", "calendar_days", ["import_id"])


def _clocks() -> None:
    op.create_table(
        "clocks",
        *_key("clocks"),
        sa.Column("kind", sa.String(32), nullable=False),
        *_refers("clocks", "ticket_id", "tickets"),
        *_refers("clocks", "task_id", "article_tasks"),
        *_refers("clocks", "order_id", "orders"),
        *_refers("clocks", "request_id", "requests"),
        *_refers("clocks", "rectification_id", "rectifications"),
        *_refers("clocks", "assist_id", "assists"),
        *_refers("clocks", "tracked_item_id", "tracked_items"),
        *_refers("clocks", "unit_id", "units"),
        sa.Column("unit_path", sa.String(200)),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("started_at", AT, nullable=False),
        sa.Column("days", sa.Integer()),
        sa.Column("limit_text", sa.String(40), nullable=False),
        sa.Column("due_at", AT, nullable=False),
        sa.Column("first_due_at", AT, nullable=False),
        sa.Column("extra_days", sa.Integer(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("paused_at", AT),
        sa.Column("stopped_at", AT),
        sa.Column("met_at", AT),
        sa.Column("late", sa.Boolean()),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("next_step_at", AT),
        sa.CheckConstraint(ONE_SUBJECT, name=op.f("ck_clocks_one_subject")),
        sa.CheckConstraint("next_step_at IS NULL OR stopped_at IS NULL", name=op.f("ck_clocks_stopped_climbs_no_more")),
    )


def _indexes_of_clocks() -> None:
    _index("ix_clocks_assist", "clocks", ["assist_id"], where="assist_id IS NOT NULL")
    _index("ix_clocks_met", "clocks", ["met_at", "id"], where="met_at IS NOT NULL")
    _index("ix_clocks_next_step", "clocks", ["next_step_at", "id"], where="next_step_at IS NOT NULL")
    _index("ix_clocks_order", "clocks", ["order_id"], where="order_id IS NOT NULL")
    _index("ix_clocks_provisional", "clocks", ["id"], where="provisional")
    _index("ix_clocks_rectification", "clocks", ["rectification_id"], where="rectification_id IS NOT NULL")
    _index("ix_clocks_request", "clocks", ["request_id"], where="request_id IS NOT NULL")
    _index("ix_clocks_running_due", "clocks", ["due_at", "id"], where=RUNNING)
    _index(
        "ix_clocks_running_unit",
        "clocks",
        ["unit_path", "due_at", "id"],
        where=RUNNING,
        postgresql_ops={"unit_path": "text_pattern_ops"},
    )
    _index("ix_clocks_task_id", "clocks", ["task_id"])
    _index("ix_clocks_ticket_id", "clocks", ["ticket_id"])
    _index("ix_clocks_tracked_item", "clocks", ["tracked_item_id"], where="tracked_item_id IS NOT NULL")


def _escalations() -> None:
    op.create_table(
        "escalations",
        *_key("escalations"),
        *_refers("escalations", "clock_id", "clocks", nullable=False),
        *_refers("escalations", "ticket_id", "tickets"),
        *_refers("escalations", "task_id", "article_tasks"),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("recorded_at", AT, nullable=False),
        sa.Column("passed_over", sa.Boolean(), nullable=False),
        _once("escalations", "clock_id", "step"),
        sa.CheckConstraint(ONE_SUBJECT, name=op.f("ck_escalations_one_subject")),
    )
    _index("ix_escalations_task_id", "escalations", ["task_id"])
    _index("ix_escalations_ticket_id", "escalations", ["ticket_id"])


def upgrade() -> None:
    _orders()
    _measures()
    _calendar_imports()
    _calendar_days()
    _clocks()
    _indexes_of_clocks()
    _escalations()


def downgrade() -> None:
    for table in ("escalations", "clocks", "calendar_days", "calendar_imports", "measures", "orders"):
        op.drop_table(table)
