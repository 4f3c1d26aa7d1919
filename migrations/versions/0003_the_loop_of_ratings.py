"""The steps of a rectification: finding, appeal, measures with proof, re-check, confirmation."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
COLUMNS = (
    ("rectifications", sa.Column("round", sa.Integer(), nullable=False, server_default="1")),
    ("rectifications", sa.Column("finding", sa.String(32))),
    ("rectifications", sa.Column("verification", sa.Text())),
    ("rectifications", sa.Column("verified_at", AT)),
    ("rectifications", sa.Column("appeal", sa.Text())),
    ("rectifications", sa.Column("appealed_at", AT)),
    ("rectifications", sa.Column("ruling", sa.Text())),
    ("rectifications", sa.Column("ruled_at", AT)),
    ("rectifications", sa.Column("upheld", sa.Boolean())),
    ("rectifications", sa.Column("measures", sa.Text())),
    ("rectifications", sa.Column("feedback", sa.Text())),
    ("rectifications", sa.Column("proof", JSON)),
    ("rectifications", sa.Column("submitted_at", AT)),
    ("rectifications", sa.Column("recheck", sa.Text())),
    ("rectifications", sa.Column("rechecked_at", AT)),
    ("rectifications", sa.Column("passed", sa.Boolean())),
    ("ratings", sa.Column("excluded_at", AT)),
)
PEOPLE = ("verified_by", "appealed_by", "ruled_by", "submitted_by", "rechecked_by", "closed_by")


def upgrade() -> None:
    for table, column in COLUMNS:
        op.add_column(table, column)
    whole = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    for name in PEOPLE:
        op.execute(
            f"ALTER TABLE rectifications ADD COLUMN {name} {whole}"
            f" CONSTRAINT fk_rectifications_{name} REFERENCES staff (id)"
        )
    where = sa.text("state <> 'closed'")
    op.create_index(
        "ix_rectifications_open", "rectifications", ["state", "id"], sqlite_where=where, postgresql_where=where
    )


def downgrade() -> None:
    op.drop_index("ix_rectifications_open", table_name="rectifications")
    for name in PEOPLE:
        op.execute(f"ALTER TABLE rectifications DROP COLUMN {name}")
    for table, column in COLUMNS:
        op.drop_column(table, column.name)
