"""How articles are used, searches that found nothing, matters that became articles, files that meet changes of the pages."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
OPEN = sa.text("settled_at IS NULL")
ANSWERED = sa.text("answer_version_id IS NOT NULL")


def _refers(table: str, column: str, to: str, **options: bool) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    key = sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))
    return sa.Column(column, KEY, **options), key


def _use() -> None:
    op.create_table(
        "article_uses",
        sa.Column("used_on", sa.Date(), nullable=False),
        *_refers("article_uses", "article_id", "articles", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("use", sa.String(32), nullable=False),
        sa.Column("reader", sa.String(32), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("used_on", "article_id", "version", "use", "reader", name=op.f("pk_article_uses")),
    )
    op.create_table(
        "article_votes",
        sa.Column("id", KEY, nullable=False),
        *_refers("article_votes", "article_id", "articles", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("voted_on", sa.Date(), nullable=False),
        sa.Column("reader", sa.String(32), nullable=False),
        sa.Column("solved", sa.Boolean(), nullable=False),
        sa.Column("visitor_hash", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_votes")),
        sa.UniqueConstraint(
            "article_id", "voted_on", "visitor_hash", name=op.f("uq_article_votes_article_id_voted_on_visitor_hash")
        ),
    )
    op.create_index("ix_article_votes_visitor", "article_votes", ["visitor_hash"])
    op.create_index("ix_article_votes_day", "article_votes", ["voted_on"])
    op.create_table(
        "empty_searches",
        sa.Column("id", KEY, nullable=False),
        sa.Column("text", sa.String(80), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", AT, nullable=False),
        sa.Column("last_at", AT, nullable=False),
        sa.Column("settled_at", AT),
        *_refers("empty_searches", "settled_by", "staff"),
        *_refers("empty_searches", "article_id", "articles"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_empty_searches")),
        sa.UniqueConstraint("text", name=op.f("uq_empty_searches_text")),
    )
    op.create_index("ix_empty_searches_last", "empty_searches", ["last_at"])
    op.create_index("ix_empty_searches_first", "empty_searches", ["first_at"])


def upgrade() -> None:
    _use()
    op.create_table(
        "article_proposals",
        *_refers("article_proposals", "article_id", "articles", nullable=False),
        *_refers("article_proposals", "ticket_id", "tickets", nullable=False),
        *_refers("article_proposals", "proposed_by", "staff", nullable=False),
        sa.Column("proposed_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_proposals")),
        sa.UniqueConstraint("ticket_id", name=op.f("uq_article_proposals_ticket_id")),
    )
    op.create_table(
        "article_conflicts",
        sa.Column("id", KEY, nullable=False),
        *_refers("article_conflicts", "article_id", "articles", nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("source_hash", sa.String(64), nullable=False),
        sa.Column("seen_at", AT, nullable=False),
        sa.Column("settled_at", AT),
        *_refers("article_conflicts", "settled_by", "staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_conflicts")),
        sa.UniqueConstraint("article_id", "source_hash", name=op.f("uq_article_conflicts_article_id_source_hash")),
    )
    where = {"sqlite_where": OPEN, "postgresql_where": OPEN}
    op.create_index("ix_article_conflicts_open", "article_conflicts", ["seen_at", "id"], **where)
    where = {"sqlite_where": ANSWERED, "postgresql_where": ANSWERED}
    op.create_index("ix_tickets_answered_from", "tickets", ["answer_version_id", "replied_at"], **where)


def downgrade() -> None:
    op.drop_index("ix_tickets_answered_from", table_name="tickets")
    for table in ("article_conflicts", "article_proposals", "empty_searches", "article_votes", "article_uses"):
        op.drop_table(table)
