"""Imports that run beside the pages."""

revision = "r13_imports"
down_revision = "r12_enterprises"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change nothing yet."""


def downgrade() -> None:
    """Change nothing yet."""
