"""Saved filters of the lists; indexes for what the wall and the lists ask, so that none of them reads a large table whole."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PARTIAL = (
    ("deliveries", "ix_deliveries_dead", "next_at", "state = 'dead'"),
    ("orders", "ix_orders_waiting", "drafted_at", "state IN ('draft','issued','replied')"),
    ("requests", "ix_requests_waiting", "asked_at", "state IN ('drafted','pending')"),
    ("rectifications", "ix_rectifications_waiting", "opened_at", "state <> 'closed'"),
    ("clocks", "ix_clocks_met", "met_at", "met_at IS NOT NULL"),
)

SUBJECTS = ("order", "request", "rectification", "assist", "tracked_item")


def upgrade() -> None:
    op.create_table(
        "saved_filters",
        sa.Column("id", KEY, nullable=False),
        sa.Column("staff_id", KEY, nullable=False),
        sa.Column("page", sa.String(40), nullable=False),
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("query", sa.String(500), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_saved_filters_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filters")),
        sa.UniqueConstraint("staff_id", "page", "name", name=op.f("uq_saved_filters_staff_id_page_name")),
    )
    for table, name, column, condition in PARTIAL:
        where = sa.text(condition)
        op.create_index(name, table, [column, "id"], sqlite_where=where, postgresql_where=where)
    op.drop_index("ix_tickets_merged_into_id", table_name="tickets")
    merged = sa.text("merged_into_id IS NOT NULL")
    known = {"sqlite_where": merged, "postgresql_where": merged}
    op.create_index("ix_tickets_merged_into_id", "tickets", ["merged_into_id"], **known)
    for name in SUBJECTS:
        where = sa.text(f"{name}_id IS NOT NULL")
        op.create_index(f"ix_clocks_{name}", "clocks", [f"{name}_id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_tickets_merged_into_id", table_name="tickets")
    op.create_index("ix_tickets_merged_into_id", "tickets", ["merged_into_id"])
    for name in SUBJECTS:
        op.drop_index(f"ix_clocks_{name}", table_name="clocks")
    for table, name, *_ in PARTIAL:
        op.drop_index(name, table_name=table)
    op.drop_table("saved_filters")
