"""Rules as dated versions."""

revision = "r11_rule_versions"
down_revision = "r10_clocks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change nothing yet."""


def downgrade() -> None:
    """Change nothing yet."""
