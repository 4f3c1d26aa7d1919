"""The index behind on-time figures: signings and handlings that were due in a period."""

import sqlalchemy as sa
from alembic import op

revision = "r09_recall"
down_revision = "r08_notices_and_jobs"
branch_labels = None
depends_on = None

RATED = "kind IN ('sign','handle')"


def upgrade() -> None:
    """Add the index by which what was due in a period is counted."""
    where = {"sqlite_where": sa.text(RATED), "postgresql_where": sa.text(RATED)}
    op.create_index("ix_clocks_rated", "clocks", ["kind", "due_at", "id"], **where)


def downgrade() -> None:
    """Drop the index again."""
    op.drop_index("ix_clocks_rated", table_name="clocks")
