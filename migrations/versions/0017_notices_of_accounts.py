"""A notice may be about its recipient's own account, which is neither a ticket nor a task."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

NAME = "ck_notices_one_subject"
AT_MOST_ONE = "ticket_id IS NULL OR task_id IS NULL"
EXACTLY_ONE = "(ticket_id IS NULL) <> (task_id IS NULL)"
# Made anew, a table of SQLite loses the conditions of its indexes.
PARTIAL = (
    ("ix_notices_unread", ["staff_id", "not_before"], "read_at IS NULL"),
    ("ix_notices_to_spread", ["not_before", "id"], "spread_at IS NULL"),
)


def _constrain(condition: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f(NAME), "notices", type_="check")
        op.create_check_constraint(op.f(NAME), "notices", condition)
        return
    for name, *_ in PARTIAL:
        op.drop_index(name, table_name="notices")
    with op.batch_alter_table("notices") as notices:
        notices.drop_constraint(op.f(NAME), type_="check")
        notices.create_check_constraint(op.f(NAME), condition)
    for name, columns, where in PARTIAL:
        op.create_index(name, "notices", columns, sqlite_where=sa.text(where))


def upgrade() -> None:
    _constrain(AT_MOST_ONE)


def downgrade() -> None:
    alone = "ticket_id IS NULL AND task_id IS NULL"
    op.execute(f"DELETE FROM deliveries WHERE notice_id IN (SELECT id FROM notices WHERE {alone})")
    op.execute(f"DELETE FROM notices WHERE {alone}")
    _constrain(EXACTLY_ONE)
