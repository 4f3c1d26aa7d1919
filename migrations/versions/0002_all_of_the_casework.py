"""Assisting units, reminders, recusals, measures, quality calls, deliveries; grounds and signatures of requests."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
OPEN_REQUEST = sa.text("state IN ('drafted','pending')")
PENDING_REQUEST = sa.text("state = 'pending'")
# (table, column, the table that it refers to)
REFERENCES = (
    ("clocks", "assist_id", "assists"),
    ("requests", "signed_by", "staff"),
    ("tickets", "merged_into_id", "tickets"),
    ("tickets", "designated_unit_id", "units"),
)
COLUMNS = (
    ("attachments", sa.Column("scanned", sa.Boolean(), nullable=False, server_default=sa.false())),
    ("attachments", sa.Column("for_unit", sa.Boolean(), nullable=False, server_default=sa.true())),
    ("dispatches", sa.Column("designated", sa.Boolean(), nullable=False, server_default=sa.false())),
    ("dispatches", sa.Column("ended_at", AT)),
    ("dispatches", sa.Column("ended_how", sa.String(32))),
    ("orders", sa.Column("sent_back", sa.Integer(), nullable=False, server_default="0")),
    ("requests", sa.Column("signed_at", AT)),
    ("staff", sa.Column("email", sa.String(120))),
    ("staff", sa.Column("phone", sa.String(40))),
    ("tickets", sa.Column("info_asked_at", AT)),
    ("tickets", sa.Column("suspended_until", AT)),
)
# (index, table, columns, unique, where)
INDEXES = (
    ("ix_assists_ticket_id", "assists", ["ticket_id"], False, None),
    ("uq_assists_open", "assists", ["ticket_id", "unit_id"], True, "state = 'open'"),
    ("ix_quality_calls_due", "quality_calls", ["due_at"], False, "called_at IS NULL"),
    ("ix_recusals_ticket_id", "recusals", ["ticket_id"], False, None),
    ("ix_reminders_ticket_id", "reminders", ["ticket_id"], False, None),
    ("uq_reminders_day", "reminders", ["ticket_id", "on_day"], True, "repeat_id IS NULL"),
    ("ix_deliveries_waiting", "deliveries", ["next_at", "id"], False, "state = 'waiting'"),
    ("ix_measures_ticket", "measures", ["ticket_id"], False, None),
    ("ix_notices_to_spread", "notices", ["not_before", "id"], False, "spread_at IS NULL"),
    ("ix_tickets_merged_into_id", "tickets", ["merged_into_id"], False, None),
    ("ix_tickets_to_resume", "tickets", ["suspended_until"], False, "state = 'suspended'"),
)


def _key(table: str) -> list[sa.schema.SchemaItem]:
    return [sa.Column("id", KEY, nullable=False), sa.PrimaryKeyConstraint("id", name=f"pk_{table}")]


def _refers(table: str, column: str, to: str, *, nullable: bool = False) -> list[sa.schema.SchemaItem]:
    name = f"fk_{table}_{column}"
    return [
        sa.Column(column, KEY, nullable=nullable),
        sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name),
    ]


def _tables_of_the_casework() -> None:
    op.create_table(
        "assists",
        *_key("assists"),
        *_refers("assists", "ticket_id", "tickets"),
        sa.Column("round", sa.Integer(), nullable=False),
        *_refers("assists", "unit_id", "units"),
        sa.Column("unit_path", sa.String(200), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("task", sa.Text()),
        *_refers("assists", "asked_by", "staff", nullable=True),
        sa.Column("asked_at", AT, nullable=False),
        sa.Column("reply", sa.Text()),
        *_refers("assists", "ended_by", "staff", nullable=True),
        sa.Column("ended_at", AT),
        sa.Column("reason", sa.Text()),
    )
    op.create_index(
        "ix_assists_unit", "assists", ["unit_path", "ticket_id"], postgresql_ops={"unit_path": "text_pattern_ops"}
    )
    op.create_table(
        "measures",
        *_key("measures"),
        sa.Column("kind", sa.String(32), nullable=False),
        *_refers("measures", "ticket_id", "tickets"),
        *_refers("measures", "unit_id", "units"),
        *_refers("measures", "order_id", "orders", nullable=True),
        sa.Column("drafted_at", AT, nullable=False),
        *_refers("measures", "issued_by", "staff", nullable=True),
        sa.Column("issued_at", AT),
        sa.Column("declined_at", AT),
        sa.Column("text", sa.Text()),
        sa.UniqueConstraint("order_id", name="uq_measures_order_id"),
    )
    op.create_table(
        "quality_calls",
        *_key("quality_calls"),
        *_refers("quality_calls", "ticket_id", "tickets"),
        sa.Column("due_at", AT, nullable=False),
        sa.Column("called_at", AT),
        *_refers("quality_calls", "called_by", "staff", nullable=True),
        sa.Column("own_will", sa.Boolean()),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.UniqueConstraint("ticket_id", name="uq_quality_calls_ticket_id"),
    )


def _tables_of_people() -> None:
    op.create_table(
        "recusals",
        *_key("recusals"),
        *_refers("recusals", "staff_id", "staff"),
        *_refers("recusals", "ticket_id", "tickets"),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.UniqueConstraint("staff_id", "ticket_id", name="uq_recusals_staff_id_ticket_id"),
    )
    op.create_table(
        "reminders",
        *_key("reminders"),
        *_refers("reminders", "ticket_id", "tickets"),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at", AT, nullable=False),
        *_refers("reminders", "by", "staff", nullable=True),
        sa.Column("text", sa.Text()),
        *_refers("reminders", "repeat_id", "tickets", nullable=True),
        sa.UniqueConstraint("repeat_id", name="uq_reminders_repeat_id"),
    )
    op.create_table(
        "deliveries",
        *_key("deliveries"),
        *_refers("deliveries", "notice_id", "notices"),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", AT, nullable=False),
        sa.Column("claimed_until", AT),
        sa.Column("sent_at", AT),
        sa.Column("last_error", sa.String(200)),
        sa.UniqueConstraint("notice_id", "channel", name="uq_deliveries_notice_id_channel"),
    )


def _notices_of_enterprises() -> None:
    with op.batch_alter_table("notices") as notices:
        notices.add_column(sa.Column("contact_id", KEY))
        notices.add_column(sa.Column("spread_at", AT))
        notices.alter_column("staff_id", existing_type=KEY, nullable=True)
        notices.create_foreign_key("fk_notices_contact_id", "contacts", ["contact_id"], ["id"])
        notices.create_unique_constraint("uq_notices_event_contact_id", ["event", "contact_id"])
        notices.create_check_constraint(op.f("ck_notices_one_recipient"), "(staff_id IS NULL) <> (contact_id IS NULL)")
        notices.drop_index("ix_notices_unread")
    _unread("read_at IS NULL AND staff_id IS NOT NULL")
    # What was told before there were channels is not sent now.
    op.execute("UPDATE notices SET spread_at = at")


def _unread(where: str) -> None:
    text = sa.text(where)
    op.create_index(
        "ix_notices_unread", "notices", ["staff_id", "not_before"], sqlite_where=text, postgresql_where=text
    )


def _index_requests(name: str, where: sa.TextClause) -> None:
    op.create_index(name, "requests", ["ticket_id", "kind"], unique=True, sqlite_where=where, postgresql_where=where)


def upgrade() -> None:
    _tables_of_the_casework()
    _tables_of_people()
    for table, column in COLUMNS:
        op.add_column(table, column.copy() if column.table is not None else column)
    whole = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    for table, name, to in REFERENCES:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {whole} CONSTRAINT fk_{table}_{name} REFERENCES {to} (id)")
    _notices_of_enterprises()
    for name, table, columns, unique, where in INDEXES:
        text = sa.text(where) if where else None
        op.create_index(name, table, columns, unique=unique, sqlite_where=text, postgresql_where=text)
    op.drop_index("uq_requests_pending", table_name="requests")
    _index_requests("uq_requests_open", OPEN_REQUEST)


def downgrade() -> None:
    op.drop_index("uq_requests_open", table_name="requests")
    _index_requests("uq_requests_pending", PENDING_REQUEST)
    for name, table, *_ in INDEXES:
        op.drop_index(name, table_name=table)
    op.drop_table("deliveries")
    op.execute("DELETE FROM notices WHERE staff_id IS NULL")
    with op.batch_alter_table("notices") as notices:
        notices.drop_constraint(op.f("ck_notices_one_recipient"), type_="check")
        notices.drop_constraint("uq_notices_event_contact_id", type_="unique")
        notices.drop_constraint("fk_notices_contact_id", type_="foreignkey")
        notices.drop_column("contact_id")
        notices.drop_column("spread_at")
        notices.alter_column("staff_id", existing_type=KEY, nullable=False)
        notices.drop_index("ix_notices_unread")
    _unread("read_at IS NULL")
    for table, name, _ in REFERENCES:
        op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
    for table, column in COLUMNS:
        op.drop_column(table, column.name)
    for table in ("measures", "reminders", "recusals", "quality_calls", "assists"):
        op.drop_table(table)
