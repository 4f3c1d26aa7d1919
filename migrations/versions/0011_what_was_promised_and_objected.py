"""Tracked items for what is only promised; objections to how a matter ended; results proved untrue; calls."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
OPEN_ITEM = sa.text("state IN ('open','checking')")
OPEN_CALL = sa.text("ended_at IS NULL")
SHAM = sa.text("sham_at IS NOT NULL")


def _refers(table: str, column: str, to: str, **options: bool) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    key = sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))
    return sa.Column(column, KEY, **options), key


def _key(table: str) -> tuple[sa.Column, sa.PrimaryKeyConstraint]:
    return sa.Column("id", KEY, nullable=False), sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


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
    op.create_index("ix_tracked_items_ticket", "tracked_items", ["ticket_id"])
    op.create_index(
        "uq_tracked_items_open",
        "tracked_items",
        ["ticket_id"],
        unique=True,
        sqlite_where=OPEN_ITEM,
        postgresql_where=OPEN_ITEM,
    )
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
    op.create_index("ix_tracked_notes_item_id", "tracked_notes", ["item_id"])
    whole = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    op.execute(
        f"ALTER TABLE clocks ADD COLUMN tracked_item_id {whole}"
        " CONSTRAINT fk_clocks_tracked_item_id REFERENCES tracked_items (id)"
    )


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
        sa.UniqueConstraint("ticket_id", "ended_at", name=op.f("uq_objections_ticket_id_ended_at")),
    )
    where = sa.text("state = 'open'")
    op.create_index("ix_objections_open", "objections", ["id"], sqlite_where=where, postgresql_where=where)


def upgrade() -> None:
    _tracked_items()
    _objections()
    op.add_column("results", sa.Column("sham_at", AT))
    op.create_index("ix_results_sham", "results", ["sham_at", "id"], sqlite_where=SHAM, postgresql_where=SHAM)
    op.add_column("call_backs", sa.Column("untrue", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "uq_calls_open", "calls", ["operator_id"], unique=True, sqlite_where=OPEN_CALL, postgresql_where=OPEN_CALL
    )
    op.create_index("ix_calls_began", "calls", ["began_at", "id"])
    op.create_index("ix_calls_contact_id", "calls", ["contact_id"])


def downgrade() -> None:
    for name in ("ix_calls_contact_id", "ix_calls_began", "uq_calls_open"):
        op.drop_index(name, table_name="calls")
    op.drop_column("call_backs", "untrue")
    op.drop_index("ix_results_sham", table_name="results")
    op.drop_column("results", "sham_at")
    op.drop_table("objections")
    op.execute("DELETE FROM escalations WHERE clock_id IN (SELECT id FROM clocks WHERE tracked_item_id IS NOT NULL)")
    op.execute("DELETE FROM clocks WHERE tracked_item_id IS NOT NULL")
    op.execute("ALTER TABLE clocks DROP COLUMN tracked_item_id")
    op.drop_table("tracked_notes")
    op.drop_table("tracked_items")
