"""Policies, error reports and the tasks of the knowledge base; clocks, escalations and notices may belong to such a task."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
ONE_SUBJECT = "(ticket_id IS NULL) <> (task_id IS NULL)"
RUNNING, CLIMBING = "stopped_at IS NULL", "next_step_at IS NOT NULL"
UNREAD = "read_at IS NULL AND staff_id IS NOT NULL"
TABLES = ("clocks", "escalations", "notices")
NAMES = {
    "fk": "fk_%(table_name)s_%(column_0_name)s"
}  # SQLite forgets the name of a reference that was added to a column
INDEXES = (
    ("ix_clocks_next_step", "clocks", ["next_step_at", "id"], CLIMBING),
    ("ix_clocks_provisional", "clocks", ["id"], "provisional"),
    ("ix_clocks_running_due", "clocks", ["due_at", "id"], RUNNING),
    ("ix_clocks_running_unit", "clocks", ["unit_path", "due_at", "id"], RUNNING),
    ("ix_notices_unread", "notices", ["staff_id", "not_before"], UNREAD),
    ("ix_notices_to_spread", "notices", ["not_before", "id"], "spread_at IS NULL"),
)
NEW_INDEXES = (
    ("ix_policies_waiting", "policies", ["registered_at", "id"], "state = 'waiting'"),
    ("ix_policies_document_key", "policies", ["document_key"], None),
    ("ix_policies_article_id", "policies", ["article_id"], None),
    ("ix_article_errors_disputing", "article_errors", ["article_id"], "state IN ('open','confirmed')"),
    ("ix_article_errors_reported_by", "article_errors", ["reported_by"], None),
    ("ix_article_tasks_open", "article_tasks", ["kind", "id"], "closed_at IS NULL"),
    ("ix_article_tasks_article", "article_tasks", ["article_id"], None),
)


def _refers(table: str, column: str, to: str, **options: bool) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    key = sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))
    return sa.Column(column, KEY, **options), key


def _index(name: str, table: str, columns: list[str], where: str | None) -> None:
    text = sa.text(where) if where else None
    patterns = {"unit_path": "text_pattern_ops"} if "unit_path" in columns else {}
    op.create_index(name, table, columns, sqlite_where=text, postgresql_where=text, postgresql_ops=patterns)


def _policies() -> None:
    op.create_table(
        "policies",
        sa.Column("id", KEY, nullable=False),
        sa.Column("identity", sa.String(240), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("document_number", sa.String(80), nullable=False),
        sa.Column("document_key", sa.String(200), nullable=False),
        sa.Column("issuing_body", sa.String(120), nullable=False),
        sa.Column("source_url", sa.String(400), nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("owner_unit", sa.String(64), nullable=False),
        sa.Column("registered_at", AT, nullable=False),
        *_refers("policies", "registered_by", "staff"),
        sa.Column("state", sa.String(32), nullable=False),
        *_refers("policies", "article_id", "articles"),
        sa.Column("settled_at", AT),
        *_refers("policies", "settled_by", "staff"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policies")),
        sa.UniqueConstraint("identity", name=op.f("uq_policies_identity")),
    )


def _errors_and_tasks() -> None:
    op.create_table(
        "article_errors",
        sa.Column("id", KEY, nullable=False),
        *_refers("article_errors", "article_id", "articles", nullable=False),
        *_refers("article_errors", "version_id", "article_versions", nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("high_risk", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        *_refers("article_errors", "reported_by", "staff", nullable=False),
        sa.Column("reported_at", AT, nullable=False),
        *_refers("article_errors", "decided_by", "staff"),
        sa.Column("decided_at", AT),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("mended_at", AT),
        sa.Column("mended_version", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_errors")),
    )
    op.create_table(
        "article_tasks",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        *_refers("article_tasks", "article_id", "articles"),
        *_refers("article_tasks", "version_id", "article_versions"),
        *_refers("article_tasks", "policy_id", "policies"),
        *_refers("article_tasks", "error_id", "article_errors"),
        sa.Column("due_on", sa.Date()),
        sa.Column("opened_at", AT, nullable=False),
        sa.Column("closed_at", AT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_tasks")),
        *(
            sa.UniqueConstraint(name, name=op.f(f"uq_article_tasks_{name}"))
            for name in ("key", "policy_id", "error_id")
        ),
    )


def upgrade() -> None:
    _policies()
    _errors_and_tasks()
    for index in NEW_INDEXES:
        _index(*index)
    with op.batch_alter_table("articles") as articles:
        articles.add_column(sa.Column("disputes", sa.Integer(), nullable=False, server_default="0"))
        articles.add_column(sa.Column("confirmed_version_id", sa.Integer()))
        articles.add_column(sa.Column("confirmed_until", sa.Date()))
    for name, table, *_ in INDEXES:
        op.drop_index(name, table_name=table)
    for table in TABLES:
        with op.batch_alter_table(table, naming_convention=NAMES) as rows:
            rows.add_column(sa.Column("task_id", KEY))
            rows.alter_column("ticket_id", existing_type=KEY, nullable=True)
            rows.create_foreign_key(op.f(f"fk_{table}_task_id"), "article_tasks", ["task_id"], ["id"])
            rows.create_check_constraint(op.f(f"ck_{table}_one_subject"), ONE_SUBJECT)
            rows.create_index(f"ix_{table}_task_id", ["task_id"])
    for index in INDEXES:
        _index(*index)


def _assists_as_before() -> None:
    """Made anew, the table keeps its references beside its columns: an older migration drops a column with its own."""
    with op.batch_alter_table("clocks", naming_convention=NAMES) as clocks:
        clocks.drop_constraint("fk_clocks_assist_id", type_="foreignkey")
    op.execute("ALTER TABLE clocks ADD COLUMN again INTEGER CONSTRAINT fk_clocks_assist_id REFERENCES assists (id)")
    op.execute("UPDATE clocks SET again = assist_id")
    op.execute("ALTER TABLE clocks DROP COLUMN assist_id")
    op.execute("ALTER TABLE clocks RENAME COLUMN again TO assist_id")


def downgrade() -> None:
    for name, table, *_ in INDEXES:
        op.drop_index(name, table_name=table)
    told = "SELECT id FROM notices WHERE task_id IS NOT NULL"
    op.execute(f"DELETE FROM deliveries WHERE notice_id IN ({told})")
    for table in ("escalations", "clocks", "notices"):
        op.execute(f"DELETE FROM {table} WHERE task_id IS NOT NULL")
    for table in TABLES:
        with op.batch_alter_table(table, naming_convention=NAMES) as rows:
            rows.drop_index(f"ix_{table}_task_id")
            rows.drop_constraint(op.f(f"ck_{table}_one_subject"), type_="check")
            rows.drop_constraint(op.f(f"fk_{table}_task_id"), type_="foreignkey")
            rows.drop_column("task_id")
            rows.alter_column("ticket_id", existing_type=KEY, nullable=False)
    if op.get_bind().dialect.name == "sqlite":
        _assists_as_before()
    for index in INDEXES:
        _index(*index)
    with op.batch_alter_table("articles") as articles:
        for column in ("disputes", "confirmed_version_id", "confirmed_until"):
            articles.drop_column(column)
    for table in ("article_tasks", "article_errors", "policies"):
        op.drop_table(table)
