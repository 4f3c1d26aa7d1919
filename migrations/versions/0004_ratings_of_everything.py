"""Rated bodies and channels, ratings without a ticket, call-backs that are claimed and booked, indexes for the figures."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
UNCHECKED = sa.text("NOT verified AND checked_at IS NULL")
CLOSED = sa.text("closed_at IS NOT NULL")
OLD_ONCE = ["object", "ticket_id", "round", "rater_hash"]
COLUMNS = (
    sa.Column("body_id", KEY),
    sa.Column("occasion", sa.String(80), nullable=False, server_default=""),
    sa.Column("contact_id", KEY),
    sa.Column("real_name", sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column("reasons_version", sa.Integer(), nullable=False, server_default="1"),
    sa.Column("checked_at", AT),
    sa.Column("checked_by", KEY),
    sa.Column("check_note", sa.Text()),
)
REFERENCES = (("body_id", "rated_bodies"), ("contact_id", "contacts"), ("checked_by", "staff"))


def _refers(table: str, column: str, to: str, **options: bool) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    key = sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))
    return sa.Column(column, KEY, **options), key


def _tables() -> None:
    op.create_table(
        "rated_bodies",
        sa.Column("id", KEY, nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        *_refers("rated_bodies", "unit_id", "units"),
        *_refers("rated_bodies", "parent_id", "rated_bodies"),
        sa.Column("path", sa.String(200), nullable=False),
        sa.Column("sheet", sa.Integer(), nullable=False),
        sa.Column("closed_at", AT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rated_bodies")),
        sa.UniqueConstraint("code", name=op.f("uq_rated_bodies_code")),
    )
    op.create_table(
        "rating_channels",
        sa.Column("id", KEY, nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("body_path", sa.String(200), nullable=False),
        sa.Column("signed_in", sa.Boolean(), nullable=False),
        sa.Column("token_hash", sa.String(64)),
        sa.Column("token_expires_at", AT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_channels")),
        sa.UniqueConstraint("code", name=op.f("uq_rating_channels_code")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_rating_channels_token_hash")),
    )
    op.create_table(
        "call_back_turns",
        *_refers("call_back_turns", "ticket_id", "tickets", nullable=False),
        *_refers("call_back_turns", "held_by", "staff"),
        sa.Column("held_until", AT),
        sa.Column("booked_at", AT),
        sa.Column("booked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_call_back_turns")),
    )


def upgrade() -> None:
    _tables()
    for column in COLUMNS:
        op.add_column("ratings", column.copy() if column.table is not None else column)
    op.add_column("ratings", sa.Column("once", sa.String(240)))
    op.execute("UPDATE ratings SET once = object || ':' || ticket_id || ':' || round || ':' || rater_hash")
    op.execute(
        "UPDATE ratings SET real_name = verified AND EXISTS (SELECT 1 FROM tickets"
        " WHERE tickets.id = ratings.ticket_id AND NOT tickets.anonymous AND tickets.contact_id IS NOT NULL)"
    )
    with op.batch_alter_table("ratings") as ratings:
        ratings.drop_constraint(op.f(f"uq_ratings_{'_'.join(OLD_ONCE)}"), type_="unique")
        ratings.alter_column("once", existing_type=sa.String(240), nullable=False)
        ratings.alter_column("ticket_id", existing_type=KEY, nullable=True)
        ratings.create_unique_constraint(op.f("uq_ratings_once"), ["once"])
        ratings.create_check_constraint(op.f("ck_ratings_one_object"), "(ticket_id IS NULL) <> (body_id IS NULL)")
        for column, table in REFERENCES:
            ratings.create_foreign_key(op.f(f"fk_ratings_{column}"), table, [column], ["id"])
    with op.batch_alter_table("identity_views") as views:
        views.alter_column("ticket_id", existing_type=KEY, nullable=True)
        views.add_column(sa.Column("rating_id", KEY))
        views.create_foreign_key(op.f("fk_identity_views_rating_id"), "ratings", ["rating_id"], ["id"])
    op.create_index("ix_ratings_rated", "ratings", ["rated_at", "id"])
    where = {"sqlite_where": UNCHECKED, "postgresql_where": UNCHECKED}
    op.create_index("ix_ratings_unchecked", "ratings", ["rated_at", "id"], **where)
    op.create_index("ix_rectifications_opened", "rectifications", ["opened_at", "id"])
    op.create_index("ix_tickets_closed", "tickets", ["closed_at", "id"], sqlite_where=CLOSED, postgresql_where=CLOSED)


def downgrade() -> None:
    op.drop_index("ix_tickets_closed", table_name="tickets")
    op.drop_index("ix_rectifications_opened", table_name="rectifications")
    op.drop_index("ix_ratings_unchecked", table_name="ratings")
    op.drop_index("ix_ratings_rated", table_name="ratings")
    op.execute("DELETE FROM identity_views WHERE ticket_id IS NULL")
    with op.batch_alter_table("identity_views") as views:
        views.drop_constraint(op.f("fk_identity_views_rating_id"), type_="foreignkey")
        views.drop_column("rating_id")
        views.alter_column("ticket_id", existing_type=KEY, nullable=False)
    op.execute(
        "UPDATE clocks SET rectification_id = NULL WHERE rectification_id IN (SELECT rectifications.id FROM rectifications"
        " JOIN ratings ON ratings.id = rectifications.rating_id WHERE ratings.ticket_id IS NULL)"
    )
    op.execute("DELETE FROM rectifications WHERE rating_id IN (SELECT id FROM ratings WHERE ticket_id IS NULL)")
    op.execute("DELETE FROM ratings WHERE ticket_id IS NULL")
    with op.batch_alter_table("ratings") as ratings:
        for column, _ in REFERENCES:
            ratings.drop_constraint(op.f(f"fk_ratings_{column}"), type_="foreignkey")
        ratings.drop_constraint(op.f("ck_ratings_one_object"), type_="check")
        ratings.drop_constraint(op.f("uq_ratings_once"), type_="unique")
        ratings.alter_column("ticket_id", existing_type=KEY, nullable=False)
        for name in ("once", *(column.name for column in COLUMNS)):
            ratings.drop_column(name)
        ratings.create_unique_constraint(op.f(f"uq_ratings_{'_'.join(OLD_ONCE)}"), OLD_ONCE)
    for table in ("call_back_turns", "rating_channels", "rated_bodies"):
        op.drop_table(table)
