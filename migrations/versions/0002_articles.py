"""Articles: their versions, drafts, events and conflicts with files, and the index by which they are found."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "r02_articles"
down_revision = "r01_accounts"
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


def _articles() -> None:
    op.create_table(
        "articles",
        *_key("articles"),
        sa.Column("code", sa.String(80), nullable=False),
        sa.Column("section", sa.String(40), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("review_state", sa.String(16), nullable=False),
        sa.Column("source_hash", sa.String(64), nullable=False),
        sa.Column("current_version_id", sa.Integer()),
        sa.Column("edited", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("disputes", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("owner_unit", sa.String(64)),
        sa.Column("visibility", sa.String(16)),
        sa.Column("effective_from", sa.Date()),
        sa.Column("effective_to", sa.Date()),
        sa.Column("review_on", sa.Date()),
        _once("articles", "code"),
    )
    _index("ix_articles_current_version_id", "articles", ["current_version_id"])
    _index("ix_articles_section", "articles", ["section"])
    _index(
        "ix_articles_standing",
        "articles",
        [
            "owner_unit",
            "visibility",
            "state",
            "effective_from",
            "effective_to",
            "review_on",
            "review_state",
            "disputes",
        ],
    )


def _article_versions() -> None:
    op.create_table(
        "article_versions",
        *_key("article_versions"),
        *_refers("article_versions", "article_id", "articles", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("questions", JSON, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("category", sa.String(64), nullable=False),
        sa.Column("keywords", JSON, nullable=False),
        sa.Column("policy_title", sa.String(200), nullable=False),
        sa.Column("document_number", sa.String(80), nullable=False),
        sa.Column("issuing_body", sa.String(120), nullable=False),
        sa.Column("source_url", sa.String(400), nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("owner_unit", sa.String(64), nullable=False),
        sa.Column("applies_to", sa.String(400), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date()),
        sa.Column("next_review_on", sa.Date(), nullable=False),
        sa.Column("visibility", sa.String(16), nullable=False),
        sa.Column("change_note", sa.String(400), nullable=False),
        sa.Column("published_at", AT, nullable=False),
        *_refers("article_versions", "written_by", "staff"),
        *_refers("article_versions", "reviewed_by", "staff"),
        _once("article_versions", "article_id", "version"),
    )
    _index("ix_article_versions_category", "article_versions", ["category", "id"])
    _index("ix_article_versions_newest", "article_versions", ["published_at", "id"])


def _article_drafts() -> None:
    op.create_table(
        "article_drafts",
        *_key("article_drafts"),
        *_refers("article_drafts", "article_id", "articles", nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        *_refers("article_drafts", "written_by", "staff", nullable=False),
        sa.Column("written_at", AT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _once("article_drafts", "article_id"),
    )


def _article_events() -> None:
    op.create_table(
        "article_events",
        *_key("article_events"),
        *_refers("article_events", "article_id", "articles", nullable=False),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("at", AT, nullable=False),
        *_refers("article_events", "by", "staff", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
    )
    _index("ix_article_events_article_id", "article_events", ["article_id"])


def _article_conflicts() -> None:
    op.create_table(
        "article_conflicts",
        *_key("article_conflicts"),
        *_refers("article_conflicts", "article_id", "articles", nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("source_hash", sa.String(64), nullable=False),
        sa.Column("seen_at", AT, nullable=False),
        sa.Column("settled_at", AT),
        *_refers("article_conflicts", "settled_by", "staff"),
        _once("article_conflicts", "article_id", "source_hash"),
    )
    _index("ix_article_conflicts_open", "article_conflicts", ["seen_at", "id"], where="settled_at IS NULL")


def _article_index() -> None:
    op.create_table(
        "article_index",
        *_refers("article_index", "article_id", "articles", nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("lexicon", sa.String(16), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("postings", JSON, nullable=False),
        sa.PrimaryKeyConstraint("article_id", name="pk_article_index"),
    )


def _search_words() -> None:
    words = op.create_table(
        "search_words",
        *_key("search_words"),
        sa.Column("word", sa.String(80), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        _once("search_words", "word"),
    )
    # The empty word stands for all articles: its row counts them.
    op.bulk_insert(words, [{"word": "", "articles": 0}])


def _search_postings() -> None:
    op.create_table(
        "search_postings",
        sa.Column("word_id", KEY, nullable=False, autoincrement=False),
        sa.Column("impact", sa.SmallInteger(), nullable=False, autoincrement=False),
        sa.Column("article_id", KEY, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("word_id", "impact", "article_id", name="pk_search_postings"),
        sqlite_with_rowid=False,
    )


def upgrade() -> None:
    _articles()
    _article_versions()
    _article_drafts()
    _article_events()
    _article_conflicts()
    _article_index()
    _search_words()
    _search_postings()


def downgrade() -> None:
    for table in (
        "search_postings",
        "search_words",
        "article_index",
        "article_conflicts",
        "article_events",
        "article_drafts",
        "article_versions",
        "articles",
    ):
        op.drop_table(table)
