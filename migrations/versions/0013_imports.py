"""Imports that run beside the pages, and what a ticket keeps of the row and the superior platform it came from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "r13_imports"
down_revision = "r12_enterprises"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
UNFINISHED = sa.text("state IN ('waiting','running')")
OF_TICKETS = {"source_digest": sa.String(64), "superior_no": sa.String(64), "superior_due_on": sa.Date()}


def _imports() -> None:
    op.create_table(
        "imports",
        sa.Column("id", KEY, nullable=False),
        sa.Column("created_by", KEY, nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("content_hash", sa.String(64)),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("choices", JSON, nullable=False),
        sa.Column("headings", JSON, nullable=False),
        sa.Column("sealed_preview", sa.LargeBinary()),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("claimed_until", AT),
        sa.Column("started_by", KEY),
        sa.Column("started_at", AT),
        sa.Column("finished_at", AT),
        sa.Column("fault", sa.String(400)),
        sa.Column("rows_total", sa.Integer()),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("rows_read", "last_line", "added", "present", "bad")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name="fk_imports_created_by"),
        sa.ForeignKeyConstraint(["started_by"], ["staff.id"], name="fk_imports_started_by"),
    )
    op.create_index("ix_imports_unfinished", "imports", ["id"], sqlite_where=UNFINISHED, postgresql_where=UNFINISHED)
    op.create_index("ix_imports_state", "imports", ["state", "created_at"])


def _bad_rows() -> None:
    op.create_table(
        "import_bad_rows",
        sa.Column("id", KEY, nullable=False),
        sa.Column("import_id", KEY, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("sentence", sa.String(400), nullable=False),
        sa.Column("sealed_cells", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name="pk_import_bad_rows"),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name="fk_import_bad_rows_import_id"),
        sa.UniqueConstraint("import_id", "line", name="uq_import_bad_rows_import_id_line"),
    )


def upgrade() -> None:
    for name, kind in OF_TICKETS.items():
        op.add_column("tickets", sa.Column(name, kind))
    _imports()
    _bad_rows()


def downgrade() -> None:
    op.drop_table("import_bad_rows")
    op.drop_table("imports")
    for name in OF_TICKETS:
        op.drop_column("tickets", name)
