"""Names from outside, confirmed and merged enterprises."""

import sqlalchemy as sa
from alembic import op

from hotline.rules.intake.company_name import name_key

revision = "r12_enterprises"
down_revision = "r11_rule_versions"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
BATCH = 2000
NAMES = sa.table("enterprises", sa.column("id"), sa.column("name"), sa.column("name_key"))
NEW = ("named_alike", "joined_at", "kind", "head_id", "part_of_id", "verified_at", "given_code", "name_key")

LOGGED_BY_STAFF = "EXISTS (SELECT 1 FROM tickets t WHERE t.enterprise_id = enterprises.id AND t.logged_by IS NOT NULL)"
VERIFY = f"UPDATE enterprises SET verified_at = created_at WHERE {LOGGED_BY_STAFF}"
SET_APART = "UPDATE enterprises SET given_code = credit_code, credit_code = NULL WHERE verified_at IS NULL"
MARK_ALIKE = """UPDATE enterprises SET named_alike = true WHERE verified_at IS NOT NULL AND name_key IN
    (SELECT name_key FROM enterprises WHERE verified_at IS NOT NULL GROUP BY name_key HAVING count(*) > 1)"""

HEADS_OF = """UPDATE {table} SET enterprise_id = (SELECT e.head_id FROM enterprises e WHERE e.id = {table}.enterprise_id)
    WHERE enterprise_id IN (SELECT id FROM enterprises WHERE head_id IS NOT NULL)"""
FIRST_OF_CODE = """UPDATE enterprises SET credit_code = given_code WHERE credit_code IS NULL AND head_id IS NULL
    AND id IN (SELECT min(id) FROM enterprises WHERE head_id IS NULL GROUP BY given_code)
    AND given_code NOT IN (SELECT credit_code FROM enterprises WHERE credit_code IS NOT NULL)"""


def _columns() -> None:
    with op.batch_alter_table("enterprises") as table:
        table.add_column(sa.Column("name_key", sa.String(200), nullable=False, server_default=""))
        table.add_column(sa.Column("given_code", sa.String(18)))
        table.add_column(sa.Column("verified_at", AT))
        table.add_column(sa.Column("part_of_id", KEY))
        table.add_column(sa.Column("head_id", KEY))
        table.add_column(sa.Column("kind", sa.String(32)))
        table.add_column(sa.Column("joined_at", AT))
        table.add_column(sa.Column("named_alike", sa.Boolean(), nullable=False, server_default=sa.text("false")))
        for column in ("part_of_id", "head_id"):
            table.create_foreign_key(f"fk_enterprises_{column}", "enterprises", [column], ["id"])


def _indexes() -> None:
    for column in ("given_code", "head_id", "name_key", "part_of_id"):
        op.create_index(f"ix_enterprises_{column}", "enterprises", [column])
    alike = sa.text("named_alike")
    op.create_index(
        "ix_enterprises_named_alike", "enterprises", ["name_key", "id"], sqlite_where=alike, postgresql_where=alike
    )


def _keys() -> None:
    """Fill in the normal form of every name: no engine can reckon it."""
    connection, after = op.get_bind(), 0
    change = sa.update(NAMES).where(NAMES.c.id == sa.bindparam("row")).values(name_key=sa.bindparam("key"))
    query = sa.select(NAMES.c.id, NAMES.c.name).order_by(NAMES.c.id).limit(BATCH)
    while rows := connection.execute(query.where(NAMES.c.id > after)).all():
        connection.execute(change, [{"row": row.id, "key": name_key(row.name)} for row in rows])
        after = rows[-1].id


def upgrade() -> None:
    """Verify the enterprises of which staff logged a ticket; other names stand for their tickets alone, codes as given."""
    _columns()
    _keys()
    for statement in (VERIFY, SET_APART, MARK_ALIKE):
        op.execute(statement)
    _indexes()


def downgrade() -> None:
    """Tickets go to the enterprise that they show; of those that were given one code from outside the first keeps it."""
    for table in ("tickets", "contacts"):
        op.execute(HEADS_OF.format(table=table))
    op.execute(FIRST_OF_CODE)
    op.drop_index("ix_enterprises_named_alike", "enterprises")
    for column in ("part_of_id", "name_key", "head_id", "given_code"):
        op.drop_index(f"ix_enterprises_{column}", "enterprises")
    with op.batch_alter_table("enterprises") as table:
        for column in ("part_of_id", "head_id"):
            table.drop_constraint(f"fk_enterprises_{column}", type_="foreignkey")
        for column in NEW:
            table.drop_column(column)
