"""Handling: calls, dispatches, results, objections, requests, assists, reminders, recusals, tracked items, templates."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "r04_handling"
down_revision = "r03_tickets"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
OPEN_REQUEST = "state IN ('drafted','pending')"


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


def _calls() -> None:
    op.create_table(
        "calls",
        *_key("calls"),
        *_refers("calls", "contact_id", "contacts"),
        sa.Column("began_at", AT, nullable=False),
        sa.Column("ended_at", AT),
        *_refers("calls", "operator_id", "staff", nullable=False),
        sa.Column("recording_id", sa.String(80)),
        sa.Column("result", sa.String(32), nullable=False),
        *_refers("calls", "ticket_id", "tickets"),
    )
    _index("ix_calls_began", "calls", ["began_at", "id"])
    _index("ix_calls_contact_id", "calls", ["contact_id"])
    _index("ix_calls_ticket_id", "calls", ["ticket_id"])
    _index("uq_calls_open", "calls", ["operator_id"], where="ended_at IS NULL", unique=True)


def _dispatches() -> None:
    op.create_table(
        "dispatches",
        *_key("dispatches"),
        *_refers("dispatches", "ticket_id", "tickets", nullable=False),
        *_refers("dispatches", "unit_id", "units", nullable=False),
        *_refers("dispatches", "dispatched_by", "staff"),
        sa.Column("dispatched_at", AT, nullable=False),
        sa.Column("sign_due_at", AT, nullable=False),
        sa.Column("signed_at", AT),
        *_refers("dispatches", "signed_by", "staff"),
        sa.Column("designated", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("ended_at", AT),
        sa.Column("ended_how", sa.String(32)),
    )
    _index("ix_dispatches_ticket_id", "dispatches", ["ticket_id"])


def _contacts_made() -> None:
    op.create_table(
        "contacts_made",
        *_key("contacts_made"),
        *_refers("contacts_made", "ticket_id", "tickets", nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("at", AT, nullable=False),
        *_refers("contacts_made", "by", "staff"),
        sa.Column("summary", sa.Text(), nullable=False),
    )
    _index("ix_contacts_made_ticket_id", "contacts_made", ["ticket_id"])


def _results() -> None:
    op.create_table(
        "results",
        *_key("results"),
        *_refers("results", "ticket_id", "tickets", nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        *_refers("results", "drafted_by", "staff"),
        *_refers("results", "submitted_by", "staff"),
        sa.Column("submitted_at", AT),
        *_refers("results", "reviewed_by", "staff"),
        sa.Column("reviewed_at", AT),
        sa.Column("passed", sa.Boolean()),
        sa.Column("fault", sa.String(32)),
        sa.Column("remark", sa.Text()),
        sa.Column("sham_at", AT),
    )
    _index("ix_results_sham", "results", ["sham_at", "id"], where="sham_at IS NOT NULL")
    _index("ix_results_ticket_id", "results", ["ticket_id"])


def _objections() -> None:
    op.create_table(
        "objections",
        *_key("objections"),
        *_refers("objections", "ticket_id", "tickets", nullable=False),
        sa.Column("ended_as", sa.String(32), nullable=False),
        sa.Column("ended_at", AT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("objected_at", AT, nullable=False),
        *_refers("objections", "logged_by", "staff"),
        sa.Column("state", sa.String(32), nullable=False),
        *_refers("objections", "decided_by", "staff"),
        sa.Column("decided_at", AT),
        sa.Column("reason", sa.Text()),
        _once("objections", "ticket_id", "ended_at"),
    )
    _index("ix_objections_open", "objections", ["id"], where="state = 'open'")


def _requests() -> None:
    op.create_table(
        "requests",
        *_key("requests"),
        *_refers("requests", "ticket_id", "tickets", nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("details", JSON, nullable=False),
        *_refers("requests", "asked_by", "staff", nullable=False),
        sa.Column("asked_at", AT, nullable=False),
        *_refers("requests", "signed_by", "staff"),
        sa.Column("signed_at", AT),
        *_refers("requests", "decided_by", "staff"),
        sa.Column("decided_at", AT),
        sa.Column("decision_reason", sa.Text()),
    )
    _index("ix_requests_ticket", "requests", ["ticket_id"])
    _index("ix_requests_waiting", "requests", ["asked_at", "id"], where=OPEN_REQUEST)
    _index("uq_requests_open", "requests", ["ticket_id", "kind"], where=OPEN_REQUEST, unique=True)


def _assists() -> None:
    op.create_table(
        "assists",
        *_key("assists"),
        *_refers("assists", "ticket_id", "tickets", nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        *_refers("assists", "unit_id", "units", nullable=False),
        sa.Column("unit_path", sa.String(200), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("task", sa.Text()),
        *_refers("assists", "asked_by", "staff"),
        sa.Column("asked_at", AT, nullable=False),
        sa.Column("reply", sa.Text()),
        *_refers("assists", "ended_by", "staff"),
        sa.Column("ended_at", AT),
        sa.Column("reason", sa.Text()),
    )
    _index("ix_assists_ticket_id", "assists", ["ticket_id"])
    _index("ix_assists_unit", "assists", ["unit_path", "ticket_id"], postgresql_ops={"unit_path": "text_pattern_ops"})
    _index("uq_assists_open", "assists", ["ticket_id", "unit_id"], where="state = 'open'", unique=True)


def _reminders() -> None:
    op.create_table(
        "reminders",
        *_key("reminders"),
        *_refers("reminders", "ticket_id", "tickets", nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at", AT, nullable=False),
        *_refers("reminders", "by", "staff"),
        sa.Column("text", sa.Text()),
        *_refers("reminders", "repeat_id", "tickets"),
        _once("reminders", "repeat_id"),
    )
    _index("ix_reminders_ticket_id", "reminders", ["ticket_id"])
    _index("uq_reminders_day", "reminders", ["ticket_id", "on_day"], where="repeat_id IS NULL", unique=True)


def _recusals() -> None:
    op.create_table(
        "recusals",
        *_key("recusals"),
        *_refers("recusals", "staff_id", "staff", nullable=False),
        *_refers("recusals", "ticket_id", "tickets", nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("at", AT, nullable=False),
        _once("recusals", "staff_id", "ticket_id"),
    )
    _index("ix_recusals_ticket_id", "recusals", ["ticket_id"])


def _tracked_items() -> None:
    op.create_table(
        "tracked_items",
        *_key("tracked_items"),
        *_refers("tracked_items", "ticket_id", "tickets", nullable=False),
        *_refers("tracked_items", "unit_id", "units", nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("body", sa.String(200)),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        *_refers("tracked_items", "consented_by", "staff"),
        sa.Column("opened_at", AT, nullable=False),
        sa.Column("ended_at", AT),
    )
    _index("ix_tracked_items_ticket", "tracked_items", ["ticket_id"])
    _index("uq_tracked_items_open", "tracked_items", ["ticket_id"], where="state IN ('open','checking')", unique=True)


def _tracked_notes() -> None:
    op.create_table(
        "tracked_notes",
        *_key("tracked_notes"),
        *_refers("tracked_notes", "item_id", "tracked_items", nullable=False),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("at", AT, nullable=False),
        *_refers("tracked_notes", "by", "staff", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("connected", sa.Boolean()),
        sa.Column("done", sa.Boolean()),
    )
    _index("ix_tracked_notes_item_id", "tracked_notes", ["item_id"])


def _reply_templates() -> None:
    op.create_table(
        "reply_templates",
        *_key("reply_templates"),
        *_refers("reply_templates", "unit_id", "units", nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        *_refers("reply_templates", "written_by", "staff", nullable=False),
        sa.Column("written_at", AT, nullable=False),
        _once("reply_templates", "unit_id", "name"),
    )


def upgrade() -> None:
    _calls()
    _dispatches()
    _contacts_made()
    _results()
    _objections()
    _requests()
    _assists()
    _reminders()
    _recusals()
    _tracked_items()
    _tracked_notes()
    _reply_templates()


def downgrade() -> None:
    for table in (
        "reply_templates",
        "tracked_notes",
        "tracked_items",
        "recusals",
        "reminders",
        "assists",
        "requests",
        "objections",
        "results",
        "contacts_made",
        "dispatches",
        "calls",
    ):
        op.drop_table(table)
