"""What exact pauses and steps that fire anew need."""

revision = "r10_clocks"
down_revision = "r09_recall"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change nothing yet."""


def downgrade() -> None:
    """Change nothing yet."""
