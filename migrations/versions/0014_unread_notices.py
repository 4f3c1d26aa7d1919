"""The index of unread notices holds those of staff alone, on SQLite as on PostgreSQL."""

import sqlalchemy as sa
from alembic import op

revision = "r14_unread_notices"
down_revision = "r13_imports"
branch_labels = None
depends_on = None

NAME, COLUMNS = "ix_notices_unread", ["staff_id", "not_before"]


def _make_anew(where: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index(NAME, "notices")
        op.create_index(NAME, "notices", COLUMNS, sqlite_where=sa.text(where))


def upgrade() -> None:
    _make_anew("read_at IS NULL AND staff_id IS NOT NULL")


def downgrade() -> None:
    _make_anew("read_at IS NULL")
