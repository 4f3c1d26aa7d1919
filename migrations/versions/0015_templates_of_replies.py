"""Templates of replies, of each unit."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "reply_templates",
        sa.Column("id", KEY, nullable=False),
        sa.Column("unit_id", KEY, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", KEY, nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_templates")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_reply_templates_unit_id")),
        sa.ForeignKeyConstraint(["written_by"], ["staff.id"], name=op.f("fk_reply_templates_written_by")),
        sa.UniqueConstraint("unit_id", "name", name=op.f("uq_reply_templates_unit_id_name")),
    )


def downgrade() -> None:
    op.drop_table("reply_templates")
