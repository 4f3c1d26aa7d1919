"""What answers of before are read by: closed matters of a category that anybody at the centre may read, the latest first."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

WHERE = sa.text("closed_at IS NOT NULL AND reply IS NOT NULL AND NOT confidential AND NOT anonymous")


def upgrade() -> None:
    columns = ["category", "closed_at", "id"]
    op.create_index("ix_tickets_answered", "tickets", columns, sqlite_where=WHERE, postgresql_where=WHERE)


def downgrade() -> None:
    op.drop_index("ix_tickets_answered", table_name="tickets")
