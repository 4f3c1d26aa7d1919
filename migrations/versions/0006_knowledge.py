"""Care of the knowledge base: policies, reported errors, tasks, proposals, use, votes, searches in vain."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "r06_knowledge"
down_revision = "r05_ratings"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)


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


def _policies() -> None:
    op.create_table(
        "policies",
        *_key("policies"),
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
        _once("policies", "identity"),
    )
    _index("ix_policies_article_id", "policies", ["article_id"])
    _index("ix_policies_document_key", "policies", ["document_key"])
    _index("ix_policies_waiting", "policies", ["registered_at", "id"], where="state = 'waiting'")


def _article_errors() -> None:
    op.create_table(
        "article_errors",
        *_key("article_errors"),
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
    )
    _index("ix_article_errors_disputing", "article_errors", ["article_id"], where="state IN ('open','confirmed')")
    _index("ix_article_errors_reported_by", "article_errors", ["reported_by"])


def _article_tasks() -> None:
    op.create_table(
        "article_tasks",
        *_key("article_tasks"),
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
        _once("article_tasks", "error_id"),
        _once("article_tasks", "key"),
        _once("article_tasks", "policy_id"),
    )
    _index("ix_article_tasks_article", "article_tasks", ["article_id"])
    _index("ix_article_tasks_open", "article_tasks", ["kind", "id"], where="closed_at IS NULL")


def _article_proposals() -> None:
    op.create_table(
        "article_proposals",
        *_refers("article_proposals", "article_id", "articles", nullable=False),
        *_refers("article_proposals", "ticket_id", "tickets", nullable=False),
        *_refers("article_proposals", "proposed_by", "staff", nullable=False),
        sa.Column("proposed_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("article_id", name="pk_article_proposals"),
        _once("article_proposals", "ticket_id"),
    )


def _article_uses() -> None:
    op.create_table(
        "article_uses",
        sa.Column("used_on", sa.Date(), nullable=False),
        *_refers("article_uses", "article_id", "articles", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("use", sa.String(32), nullable=False),
        sa.Column("reader", sa.String(32), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("used_on", "article_id", "version", "use", "reader", name="pk_article_uses"),
    )


def _article_votes() -> None:
    op.create_table(
        "article_votes",
        *_key("article_votes"),
        *_refers("article_votes", "article_id", "articles", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("voted_on", sa.Date(), nullable=False),
        sa.Column("reader", sa.String(32), nullable=False),
        sa.Column("solved", sa.Boolean(), nullable=False),
        sa.Column("visitor_hash", sa.String(64)),
        _once("article_votes", "article_id", "voted_on", "visitor_hash"),
    )
    _index("ix_article_votes_day", "article_votes", ["voted_on"])
    _index("ix_article_votes_visitor", "article_votes", ["visitor_hash"])


def _empty_searches() -> None:
    op.create_table(
        "empty_searches",
        *_key("empty_searches"),
        sa.Column("text", sa.String(80), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", AT, nullable=False),
        sa.Column("last_at", AT, nullable=False),
        sa.Column("settled_at", AT),
        *_refers("empty_searches", "settled_by", "staff"),
        *_refers("empty_searches", "article_id", "articles"),
        _once("empty_searches", "text"),
    )
    _index("ix_empty_searches_first", "empty_searches", ["first_at"])
    _index("ix_empty_searches_last", "empty_searches", ["last_at"])


def upgrade() -> None:
    _policies()
    _article_errors()
    _article_tasks()
    _article_proposals()
    _article_uses()
    _article_votes()
    _empty_searches()


def downgrade() -> None:
    for table in (
        "empty_searches",
        "article_votes",
        "article_uses",
        "article_proposals",
        "article_tasks",
        "article_errors",
        "policies",
    ):
        op.drop_table(table)
