"""What taking a dispatch back and merging later need."""

revision = "r09_recall"
down_revision = "r08_notices_and_jobs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change nothing yet."""


def downgrade() -> None:
    """Change nothing yet."""
