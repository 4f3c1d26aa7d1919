"""The time of the pauses on each clock, and the due by which each step of the ladder fired: a due that moves arms it again.

Both columns have a value by themselves, so that the program before this one goes on beside it.
"""

import sqlalchemy as sa
from alembic import op

revision = "r10_clocks"
down_revision = "r09_recall"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
ONCE_BEFORE = "uq_escalations_clock_id_step"
ONCE = "uq_escalations_clock_id_step_due_at"
UNKNOWN_DUE = "1970-01-01 00:00:00"

# A clock that went red did so at the due that it had then, whatever was added to it since.
DUE_OF_STEPS = """
UPDATE escalations SET due_at = COALESCE(
    (SELECT red.at FROM escalations red WHERE red.clock_id = escalations.clock_id AND red.step = 2),
    (SELECT clocks.due_at FROM clocks WHERE clocks.id = escalations.clock_id))
"""
SILENT = """
stopped_at IS NULL AND paused_at IS NULL AND NOT provisional AND step >= 2
AND EXISTS (SELECT 1 FROM escalations e WHERE e.clock_id = clocks.id AND e.step = 2 AND e.due_at < clocks.due_at)
"""
# What fell silent when its due moved: notice and yellow are passed over by the due of now, red and the order come again.
PASSED_OVER = f"""
INSERT INTO escalations (clock_id, ticket_id, task_id, step, due_at, round, at, recorded_at, passed_over)
SELECT e.clock_id, e.ticket_id, e.task_id, e.step, clocks.due_at, e.round, e.at, e.recorded_at, true
FROM escalations e JOIN clocks ON clocks.id = e.clock_id
WHERE e.step < 2 AND clocks.id IN (SELECT id FROM clocks WHERE {SILENT})
"""
ARMED = f"UPDATE clocks SET step = 1, next_step_at = due_at WHERE {SILENT}"
BADGES = """
UPDATE tickets SET step = 1 WHERE step >= 2 AND EXISTS (
    SELECT 1 FROM clocks WHERE clocks.ticket_id = tickets.id AND clocks.due_at = tickets.due_at
    AND clocks.kind = tickets.due_kind AND clocks.stopped_at IS NULL AND clocks.paused_at IS NULL AND clocks.step = 1)
"""
# The earlier program knows one row for a clock and step: that of the due of now, or else of the last that it fired by.
OF_EARLIER_DUES = """
DELETE FROM escalations WHERE EXISTS (
    SELECT 1 FROM clocks WHERE clocks.id = escalations.clock_id
    AND clocks.due_at <> escalations.due_at AND clocks.stopped_at IS NULL)
"""
TWICE = """
DELETE FROM escalations WHERE EXISTS (
    SELECT 1 FROM escalations later WHERE later.clock_id = escalations.clock_id
    AND later.step = escalations.step AND later.id > escalations.id)
"""


def upgrade() -> None:
    op.add_column("clocks", sa.Column("paused_seconds", sa.Double(), nullable=False, server_default="0"))
    op.add_column("escalations", sa.Column("due_at", AT, nullable=False, server_default=UNKNOWN_DUE))
    op.execute(DUE_OF_STEPS)
    with op.batch_alter_table("escalations") as table:
        table.drop_constraint(ONCE_BEFORE, type_="unique")
        table.create_unique_constraint(ONCE, ["clock_id", "step", "due_at"])
    for statement in (PASSED_OVER, ARMED, BADGES):
        op.execute(statement)


def downgrade() -> None:
    op.execute(OF_EARLIER_DUES)
    op.execute(TWICE)
    with op.batch_alter_table("escalations") as table:
        table.drop_constraint(ONCE, type_="unique")
        table.create_unique_constraint(ONCE_BEFORE, ["clock_id", "step"])
        table.drop_column("due_at")
    op.drop_column("clocks", "paused_seconds")
