"""Notices gathered by unit and step."""

revision = "r14_digests"
down_revision = "r13_imports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change nothing yet."""


def downgrade() -> None:
    """Change nothing yet."""
