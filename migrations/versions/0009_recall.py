"""What taking a dispatch back and merging later need: what was due in a period is counted by its kind and its due."""

from alembic import op

revision = "r09_recall"
down_revision = "r08_notices_and_jobs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index by which what was due in a period is counted."""
    op.create_index("ix_clocks_kind_due", "clocks", ["kind", "due_at", "id"])


def downgrade() -> None:
    """Drop the index again."""
    op.drop_index("ix_clocks_kind_due", table_name="clocks")
