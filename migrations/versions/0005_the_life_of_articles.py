"""Drafts beside what is published, and what was done to each article."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _refers(table: str, column: str, to: str, **options: bool) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    key = sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))
    return sa.Column(column, KEY, **options), key


def upgrade() -> None:
    with op.batch_alter_table("articles") as articles:
        articles.add_column(sa.Column("edited", sa.Boolean(), nullable=False, server_default=sa.false()))
        articles.alter_column("state", existing_type=sa.String(16), type_=sa.String(32))
    whole = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    for name in ("written_by", "reviewed_by"):
        op.execute(
            f"ALTER TABLE article_versions ADD COLUMN {name} {whole}"
            f" CONSTRAINT fk_article_versions_{name} REFERENCES staff (id)"
        )
    op.create_table(
        "article_drafts",
        sa.Column("id", KEY, nullable=False),
        *_refers("article_drafts", "article_id", "articles", nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        *_refers("article_drafts", "written_by", "staff", nullable=False),
        sa.Column("written_at", AT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_drafts")),
        sa.UniqueConstraint("article_id", name=op.f("uq_article_drafts_article_id")),
    )
    op.create_table(
        "article_events",
        sa.Column("id", KEY, nullable=False),
        *_refers("article_events", "article_id", "articles", nullable=False),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("at", AT, nullable=False),
        *_refers("article_events", "by", "staff", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_events")),
    )
    op.create_index("ix_article_events_article_id", "article_events", ["article_id"])


def downgrade() -> None:
    op.drop_table("article_events")
    op.drop_table("article_drafts")
    for name in ("written_by", "reviewed_by"):
        op.execute(f"ALTER TABLE article_versions DROP COLUMN {name}")
    op.execute("DELETE FROM articles WHERE state = 'new'")
    with op.batch_alter_table("articles") as articles:
        articles.drop_column("edited")
        articles.alter_column("state", existing_type=sa.String(32), type_=sa.String(16))
