"""Ratings: rated bodies and channels, ratings, rectifications, calls to enterprises, looks at identity data."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "r05_ratings"
down_revision = "r04_handling"
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


def _rated_bodies() -> None:
    op.create_table(
        "rated_bodies",
        *_key("rated_bodies"),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        *_refers("rated_bodies", "unit_id", "units"),
        *_refers("rated_bodies", "parent_id", "rated_bodies"),
        sa.Column("path", sa.String(200), nullable=False),
        sa.Column("sheet", sa.Integer(), nullable=False),
        sa.Column("closed_at", AT),
        _once("rated_bodies", "code"),
    )


def _rating_channels() -> None:
    op.create_table(
        "rating_channels",
        *_key("rating_channels"),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("body_path", sa.String(200), nullable=False),
        sa.Column("signed_in", sa.Boolean(), nullable=False),
        sa.Column("token_hash", sa.String(64)),
        sa.Column("token_expires_at", AT),
        _once("rating_channels", "code"),
        _once("rating_channels", "token_hash"),
    )


def _ratings() -> None:
    op.create_table(
        "ratings",
        *_key("ratings"),
        sa.Column("once", sa.String(240), nullable=False),
        sa.Column("object", sa.String(32), nullable=False),
        *_refers("ratings", "ticket_id", "tickets"),
        *_refers("ratings", "body_id", "rated_bodies"),
        *_refers("ratings", "unit_id", "units"),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(80), nullable=False, server_default=""),
        sa.Column("rater_hash", sa.String(64), nullable=False),
        *_refers("ratings", "contact_id", "contacts"),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("real_name", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("level", sa.String(32), nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("reasons_version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("rated_at", AT, nullable=False),
        sa.Column("checked_at", AT),
        *_refers("ratings", "checked_by", "staff"),
        sa.Column("check_note", sa.Text()),
        sa.Column("excluded_at", AT),
        _once("ratings", "once"),
        sa.CheckConstraint("(ticket_id IS NULL) <> (body_id IS NULL)", name=op.f("ck_ratings_one_object")),
    )
    _index("ix_ratings_rated", "ratings", ["rated_at", "id"])
    _index("ix_ratings_ticket_id", "ratings", ["ticket_id"])
    _index("ix_ratings_unchecked", "ratings", ["rated_at", "id"], where="NOT verified AND checked_at IS NULL")


def _rectifications() -> None:
    op.create_table(
        "rectifications",
        *_key("rectifications"),
        sa.Column("number", sa.String(24), nullable=False),
        *_refers("rectifications", "rating_id", "ratings", nullable=False),
        *_refers("rectifications", "ticket_id", "tickets", nullable=False),
        *_refers("rectifications", "unit_id", "units"),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("opened_at", AT, nullable=False),
        sa.Column("finding", sa.String(32)),
        sa.Column("verification", sa.Text()),
        *_refers("rectifications", "verified_by", "staff"),
        sa.Column("verified_at", AT),
        sa.Column("appeal", sa.Text()),
        *_refers("rectifications", "appealed_by", "staff"),
        sa.Column("appealed_at", AT),
        sa.Column("ruling", sa.Text()),
        *_refers("rectifications", "ruled_by", "staff"),
        sa.Column("ruled_at", AT),
        sa.Column("upheld", sa.Boolean()),
        sa.Column("measures", sa.Text()),
        sa.Column("feedback", sa.Text()),
        sa.Column("proof", JSON),
        *_refers("rectifications", "submitted_by", "staff"),
        sa.Column("submitted_at", AT),
        sa.Column("recheck", sa.Text()),
        *_refers("rectifications", "rechecked_by", "staff"),
        sa.Column("rechecked_at", AT),
        sa.Column("passed", sa.Boolean()),
        *_refers("rectifications", "closed_by", "staff"),
        sa.Column("closed_at", AT),
        _once("rectifications", "number"),
        _once("rectifications", "rating_id"),
    )
    _index("ix_rectifications_open", "rectifications", ["state", "id"], where="state <> 'closed'")
    _index("ix_rectifications_opened", "rectifications", ["opened_at", "id"])
    _index("ix_rectifications_ticket_id", "rectifications", ["ticket_id"])
    _index("ix_rectifications_waiting", "rectifications", ["opened_at", "id"], where="state <> 'closed'")


def _call_backs() -> None:
    op.create_table(
        "call_backs",
        *_key("call_backs"),
        *_refers("call_backs", "ticket_id", "tickets", nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("at", AT, nullable=False),
        *_refers("call_backs", "by", "staff", nullable=False),
        sa.Column("connected", sa.Boolean(), nullable=False),
        sa.Column("contacted_by_unit", sa.Boolean()),
        sa.Column("solved", sa.String(32)),
        sa.Column("satisfaction", sa.String(32)),
        sa.Column("no_reply_wanted", sa.Boolean(), nullable=False),
        sa.Column("untrue", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("remark", sa.Text(), nullable=False),
    )
    _index("ix_call_backs_ticket_id", "call_backs", ["ticket_id"])


def _call_back_turns() -> None:
    op.create_table(
        "call_back_turns",
        *_refers("call_back_turns", "ticket_id", "tickets", nullable=False),
        *_refers("call_back_turns", "held_by", "staff"),
        sa.Column("held_until", AT),
        sa.Column("booked_at", AT),
        sa.Column("booked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_call_back_turns"),
    )


def _quality_calls() -> None:
    op.create_table(
        "quality_calls",
        *_key("quality_calls"),
        *_refers("quality_calls", "ticket_id", "tickets", nullable=False),
        sa.Column("due_at", AT, nullable=False),
        sa.Column("called_at", AT),
        *_refers("quality_calls", "called_by", "staff"),
        sa.Column("own_will", sa.Boolean()),
        sa.Column("remark", sa.Text(), nullable=False),
        _once("quality_calls", "ticket_id"),
    )
    _index("ix_quality_calls_due", "quality_calls", ["due_at"], where="called_at IS NULL")


def _identity_views() -> None:
    op.create_table(
        "identity_views",
        *_key("identity_views"),
        *_refers("identity_views", "staff_id", "staff", nullable=False),
        *_refers("identity_views", "ticket_id", "tickets"),
        *_refers("identity_views", "rating_id", "ratings"),
        *_refers("identity_views", "contact_id", "contacts"),
        sa.Column("at", AT, nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
    )
    _index("ix_identity_views_at", "identity_views", ["at"])
    _index("ix_identity_views_ticket_id", "identity_views", ["ticket_id"])


def upgrade() -> None:
    _rated_bodies()
    _rating_channels()
    _ratings()
    _rectifications()
    _call_backs()
    _call_back_turns()
    _quality_calls()
    _identity_views()


def downgrade() -> None:
    for table in (
        "identity_views",
        "quality_calls",
        "call_back_turns",
        "call_backs",
        "rectifications",
        "ratings",
        "rating_channels",
        "rated_bodies",
    ):
        op.drop_table(table)
