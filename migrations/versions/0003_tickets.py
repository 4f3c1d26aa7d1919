"""Tickets: categories, enterprises and contacts, attachments and timeline, and the counters of their numbers."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "r03_tickets"
down_revision = "r02_articles"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
OPEN = "state NOT IN ('closed','archived','rejected','withdrawn','merged','terminated','transferred')"

# On SQLite an INSERT OR REPLACE fires no DELETE trigger unless the connection asks for it, therefore a taken key is refused
# before the row is replaced.
SQLITE_GUARDS = (
    "CREATE TRIGGER timeline_no_update BEFORE UPDATE ON timeline"
    " BEGIN SELECT RAISE(ABORT, 'the timeline is append-only'); END",
    "CREATE TRIGGER timeline_no_delete BEFORE DELETE ON timeline"
    " BEGIN SELECT RAISE(ABORT, 'the timeline is append-only'); END",
    "CREATE TRIGGER timeline_no_replace BEFORE INSERT ON timeline"
    " WHEN EXISTS (SELECT 1 FROM timeline WHERE id = NEW.id OR (ticket_id = NEW.ticket_id AND sequence = NEW.sequence))"
    " BEGIN SELECT RAISE(ABORT, 'the timeline is append-only'); END",
)
POSTGRESQL_GUARDS = (
    "CREATE FUNCTION timeline_refuse() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'the timeline is append-only'; END $$",
    "CREATE TRIGGER timeline_no_change BEFORE UPDATE OR DELETE ON timeline"
    " FOR EACH ROW EXECUTE FUNCTION timeline_refuse()",
    "CREATE TRIGGER timeline_no_truncate BEFORE TRUNCATE ON timeline"
    " FOR EACH STATEMENT EXECUTE FUNCTION timeline_refuse()",
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


def _categories() -> None:
    op.create_table(
        "categories",
        *_key("categories"),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("parent_code", sa.String(64)),
        *_refers("categories", "lead_unit_id", "units"),
        sa.Column("keywords", sa.String(400), nullable=False),
        sa.Column("policy_item", sa.Integer()),
        sa.Column("position", sa.Integer(), nullable=False),
        _once("categories", "code"),
    )


def _enterprises() -> None:
    op.create_table(
        "enterprises",
        *_key("enterprises"),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("credit_code", sa.String(18)),
        sa.Column("created_at", AT, nullable=False),
        _once("enterprises", "credit_code"),
    )
    _index("ix_enterprises_name", "enterprises", ["name"])


def _contacts() -> None:
    op.create_table(
        "contacts",
        *_key("contacts"),
        *_refers("contacts", "enterprise_id", "enterprises"),
        sa.Column("cipher", sa.String(16), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("phone_hash", sa.String(64)),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("destroyed_at", AT),
    )
    _index("ix_contacts_enterprise_id", "contacts", ["enterprise_id"])
    _index("ix_contacts_phone_hash", "contacts", ["phone_hash"])


def _matter() -> list[sa.schema.SchemaItem]:
    """Return the columns that say what the matter is, whose it is and how it came."""
    return [
        sa.Column("number", sa.String(24), nullable=False),
        sa.Column("query_code_hash", sa.String(64), nullable=False),
        sa.Column("type", sa.String(32)),
        sa.Column("category", sa.String(64)),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("district", sa.String(64)),
        *_refers("tickets", "target_unit_id", "units"),
        sa.Column("urgency", sa.String(32), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("difficulty", sa.String(32)),
        sa.Column("difficulty_ground", sa.String(200)),
        *_refers("tickets", "enterprise_id", "enterprises"),
        *_refers("tickets", "contact_id", "contacts"),
        *_refers("tickets", "logged_by", "staff"),
        sa.Column("received_at", AT, nullable=False),
        sa.Column("source", sa.String(64)),
        sa.Column("source_no", sa.String(64)),
        sa.Column("imported", sa.Boolean(), nullable=False),
    ]


def _standing() -> list[sa.schema.SchemaItem]:
    """Return the columns that say where a ticket stands, on whose desk, and what is due next."""
    return [
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("state_at", AT, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("no_return", sa.Boolean(), nullable=False),
        *_refers("tickets", "lead_unit_id", "units"),
        *_refers("tickets", "desk_unit_id", "units"),
        sa.Column("desk_path", sa.String(200)),
        sa.Column("unsigned_late", sa.Boolean(), nullable=False),
        *_refers("tickets", "merged_into_id", "tickets"),
        *_refers("tickets", "designated_unit_id", "units"),
        sa.Column("info_asked_at", AT),
        sa.Column("suspended_until", AT),
        sa.Column("due_at", AT),
        sa.Column("due_kind", sa.String(32)),
        sa.Column("due_provisional", sa.Boolean(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("timeline_length", sa.Integer(), nullable=False),
        sa.Column("timeline_head", sa.String(64), nullable=False),
    ]


def _outcome() -> list[sa.schema.SchemaItem]:
    """Return the columns that say how a ticket was answered and closed."""
    return [
        sa.Column("closed_at", AT),
        *_refers("tickets", "closed_by", "staff"),
        sa.Column("outcome", sa.String(32)),
        sa.Column("archive_after", AT),
        sa.Column("rating_invited_at", AT),
        sa.Column("reply", sa.Text()),
        sa.Column("replied_at", AT),
        *_refers("tickets", "answer_version_id", "article_versions"),
    ]


def _tickets() -> None:
    op.create_table(
        "tickets",
        *_key("tickets"),
        *_matter(),
        *_standing(),
        *_outcome(),
        _once("tickets", "number"),
        _once("tickets", "source", "source_no"),
    )


def _indexes_of_tickets() -> None:
    _index(
        "ix_tickets_answered",
        "tickets",
        ["category", "closed_at", "id"],
        where="closed_at IS NOT NULL AND reply IS NOT NULL AND NOT confidential AND NOT anonymous",
    )
    _index(
        "ix_tickets_answered_from",
        "tickets",
        ["answer_version_id", "replied_at"],
        where="answer_version_id IS NOT NULL",
    )
    _index("ix_tickets_closed", "tickets", ["closed_at", "id"], where="closed_at IS NOT NULL")
    _index("ix_tickets_contact_id", "tickets", ["contact_id"])
    _index(
        "ix_tickets_desk_received",
        "tickets",
        ["desk_path", "received_at", "id"],
        postgresql_ops={"desk_path": "text_pattern_ops"},
    )
    _index("ix_tickets_enterprise_id", "tickets", ["enterprise_id"])
    _index("ix_tickets_merged_into_id", "tickets", ["merged_into_id"], where="merged_into_id IS NOT NULL")
    _index(
        "ix_tickets_open_desk",
        "tickets",
        ["desk_path", "due_at", "id"],
        where=OPEN,
        postgresql_ops={"desk_path": "text_pattern_ops"},
    )
    _index("ix_tickets_open_due", "tickets", ["due_at", "id"], where="due_at IS NOT NULL")
    _index("ix_tickets_open_state", "tickets", ["state", "due_at", "id"], where=OPEN)
    _index("ix_tickets_received", "tickets", ["received_at", "id"])
    _index("ix_tickets_to_archive", "tickets", ["archive_after"], where="state = 'closed'")
    _index("ix_tickets_to_resume", "tickets", ["suspended_until"], where="state = 'suspended'")


def _attachments() -> None:
    op.create_table(
        "attachments",
        *_key("attachments"),
        *_refers("attachments", "ticket_id", "tickets", nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("media_type", sa.String(80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        *_refers("attachments", "added_by", "staff"),
        sa.Column("added_at", AT, nullable=False),
        sa.Column("scanned", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("for_unit", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    _index("ix_attachments_ticket_id", "attachments", ["ticket_id"])


def _timeline() -> None:
    op.create_table(
        "timeline",
        *_key("timeline"),
        *_refers("timeline", "ticket_id", "tickets", nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("recorded_at", AT, nullable=False),
        sa.Column("entry", sa.String(32), nullable=False),
        *_refers("timeline", "actor_id", "staff"),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("audience", sa.String(32), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        _once("timeline", "ticket_id", "sequence"),
    )
    _guard()


def _counters() -> None:
    op.create_table(
        "counters",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counters"),
    )


def upgrade() -> None:
    _categories()
    _enterprises()
    _contacts()
    _tickets()
    _indexes_of_tickets()
    _attachments()
    _timeline()
    _counters()


def downgrade() -> None:
    for table in ("counters", "timeline", "attachments", "tickets", "contacts", "enterprises", "categories"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION timeline_refuse()")
