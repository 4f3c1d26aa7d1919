"""An article repeats unit, visibility and dates of its current version; a confidential file may be opened that has no contact."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REPEATED = ("owner_unit", "visibility", "effective_from", "effective_to")
STANDING = [
    "owner_unit",
    "visibility",
    "state",
    "effective_from",
    "effective_to",
    "review_on",
    "review_state",
    "disputes",
]
VERSION = "FROM article_versions v WHERE v.id = articles.current_version_id"
CONFIRMED = "confirmed_until IS NOT NULL AND confirmed_version_id = current_version_id"
MOVED = f"review_on <> (SELECT v.next_review_on {VERSION})"


def upgrade() -> None:
    op.add_column("articles", sa.Column("owner_unit", sa.String(64)))
    op.add_column("articles", sa.Column("visibility", sa.String(16)))
    for name in ("effective_from", "effective_to", "review_on"):
        op.add_column("articles", sa.Column(name, sa.Date()))
    same = ", ".join(f"{name} = (SELECT v.{name} {VERSION})" for name in REPEATED)
    op.execute(f"UPDATE articles SET {same}, review_on = (SELECT v.next_review_on {VERSION})")
    op.execute(f"UPDATE articles SET review_on = confirmed_until WHERE {CONFIRMED}")
    op.drop_column("articles", "confirmed_version_id")
    op.drop_column("articles", "confirmed_until")
    op.create_index("ix_articles_standing", "articles", STANDING)
    with op.batch_alter_table("identity_views") as views:
        views.alter_column("contact_id", existing_type=KEY, nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM identity_views WHERE contact_id IS NULL")
    with op.batch_alter_table("identity_views") as views:
        views.alter_column("contact_id", existing_type=KEY, nullable=False)
    op.drop_index("ix_articles_standing", table_name="articles")
    op.add_column("articles", sa.Column("confirmed_version_id", sa.Integer()))
    op.add_column("articles", sa.Column("confirmed_until", sa.Date()))
    op.execute(
        f"UPDATE articles SET confirmed_version_id = current_version_id, confirmed_until = review_on WHERE {MOVED}"
    )
    for name in (*REPEATED, "review_on"):
        op.drop_column("articles", name)
