"""Tries to sign in, second factors, when a session was last used, and how often an address submits."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)


def _staff(table: str, **options: bool) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    key = sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f(f"fk_{table}_staff_id"))
    return sa.Column("staff_id", KEY, **options), key


def _key(table: str, column: str = "id") -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(column, name=op.f(f"pk_{table}"))


def _tries() -> None:
    op.create_table(
        "sign_in_tries",
        sa.Column("id", KEY, nullable=False),
        sa.Column("account_hash", sa.String(64), nullable=False),
        sa.Column("address_hash", sa.String(64), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        *_staff("sign_in_tries"),
        _key("sign_in_tries"),
    )
    op.create_index("ix_sign_in_tries_account", "sign_in_tries", ["account_hash", "at"])
    op.create_index("ix_sign_in_tries_address", "sign_in_tries", ["address_hash", "at"])
    op.create_index("ix_sign_in_tries_at", "sign_in_tries", ["at"])


def _second_factors() -> None:
    op.create_table(
        "second_factors",
        *_staff("second_factors", nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("begun_at", AT, nullable=False),
        sa.Column("switched_on_at", AT),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        _key("second_factors", "staff_id"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", KEY, nullable=False),
        *_staff("recovery_codes", nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("used_at", AT),
        _key("recovery_codes"),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_codes_code_hash")),
    )
    op.create_index("ix_recovery_codes_staff_id", "recovery_codes", ["staff_id"])


def _submissions() -> None:
    op.create_table(
        "public_submissions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("address_hash", sa.String(64), nullable=False),
        sa.Column("at", AT, nullable=False),
        _key("public_submissions"),
    )
    op.create_index("ix_public_submissions_address", "public_submissions", ["address_hash", "at"])


def upgrade() -> None:
    _tries()
    _second_factors()
    _submissions()
    op.create_index("ix_identity_views_at", "identity_views", ["at"])
    op.add_column("sign_ins", sa.Column("seen_at", AT))
    # Sessions that are open now have been used at their beginning for all that is known; tokens have no idle limit.
    op.execute("UPDATE sign_ins SET seen_at = created_at WHERE label IN ('page', 'api')")


def downgrade() -> None:
    op.drop_column("sign_ins", "seen_at")
    op.drop_index("ix_identity_views_at", table_name="identity_views")
    for table in ("public_submissions", "recovery_codes", "second_factors", "sign_in_tries"):
        op.drop_table(table)
