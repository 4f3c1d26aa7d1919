"""What the public pages read by: the latest publications, those of a category, the article that a version is current for."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_article_versions_newest": ("article_versions", ["published_at", "id"]),
    "ix_article_versions_category": ("article_versions", ["category", "id"]),
}


def upgrade() -> None:
    for name, (table, columns) in INDEXES.items():
        op.create_index(op.f(name), table, columns)


def downgrade() -> None:
    for name, (table, _) in INDEXES.items():
        op.drop_index(op.f(name), table)
