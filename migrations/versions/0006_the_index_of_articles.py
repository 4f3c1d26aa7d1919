"""An index of articles by words: the same on both engines, ranked by BM25. The next load or the scheduler fills it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.drop_table("article_words")
    words = op.create_table(
        "search_words",
        sa.Column("id", KEY, nullable=False),
        sa.Column("word", sa.String(80), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_words")),
        sa.UniqueConstraint("word", name=op.f("uq_search_words_word")),
    )
    op.bulk_insert(words, [{"word": "", "articles": 0}])
    op.create_table(
        "search_postings",
        sa.Column("word_id", KEY, nullable=False, autoincrement=False),
        sa.Column("impact", sa.SmallInteger(), nullable=False, autoincrement=False),
        sa.Column("article_id", KEY, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("word_id", "impact", "article_id", name=op.f("pk_search_postings")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "article_index",
        sa.Column("article_id", KEY, nullable=False, autoincrement=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("lexicon", sa.String(16), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("postings", JSON, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_article_index_article_id")),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_index")),
    )
    # Without a text the newest are shown.
    op.create_index("ix_articles_current_version_id", "articles", ["current_version_id"])


def downgrade() -> None:
    op.drop_index("ix_articles_current_version_id", table_name="articles")
    for table in ("article_index", "search_postings", "search_words"):
        op.drop_table(table)
    op.create_table(
        "article_words",
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_article_words_article_id")),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_words")),
    )
