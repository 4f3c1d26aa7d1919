"""Rules as dated versions, the version by which each clock began, and which imports of the calendar state a whole year."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "r11_rule_versions"
down_revision = "r10_clocks"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
FESTIVALS = (("元旦",), ("春节",), ("清明",), ("劳动", "五一"), ("端午",), ("中秋",), ("国庆", "十一"))
STATED = """
SELECT calendar_imports.id, calendar_days.name FROM calendar_imports
JOIN calendar_days ON calendar_days.import_id = calendar_imports.id
"""


def _rule_versions() -> None:
    op.create_table(
        "rule_versions",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("begins_at", AT, nullable=False),
        sa.Column("digests", JSON, nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_rule_versions"),
    )


def _whole_years() -> None:
    """Mark the imports that name every festival: those that name fewer were meant beside what the package says."""
    names: dict[int, list[str]] = {}
    for import_id, name in op.get_bind().execute(sa.text(STATED)):
        names.setdefault(import_id, []).append(name)
    whole = [
        import_id
        for import_id, stated in names.items()
        if all(any(word in name for name in stated for word in words) for words in FESTIVALS)
    ]
    mark = sa.text("UPDATE calendar_imports SET whole = true WHERE id IN :ids")
    op.get_bind().execute(mark.bindparams(sa.bindparam("ids", whole, expanding=True)))


def upgrade() -> None:
    _rule_versions()
    # Clocks that began before versions were kept name none.
    op.add_column("clocks", sa.Column("rules_version", sa.Integer()))
    op.add_column("calendar_imports", sa.Column("whole", sa.Boolean(), nullable=False, server_default=sa.false()))
    _whole_years()


def downgrade() -> None:
    op.drop_column("calendar_imports", "whole")
    op.drop_column("clocks", "rules_version")
    op.drop_table("rule_versions")
