"""Names from outside, confirmed and merged enterprises."""

revision = "r12_enterprises"
down_revision = "r11_rule_versions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change nothing yet."""


def downgrade() -> None:
    """Change nothing yet."""
