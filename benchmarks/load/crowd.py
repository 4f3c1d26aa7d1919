"""Everybody who works in the day, hired with one password; the enterprises come without."""

from sqlalchemy import select

from hotline.app_context import AppContext
from hotline.models.accounts.staff import Staff, StaffRole
from hotline.models.accounts.units import Unit
from hotline.rules.vocabulary import Role
from hotline.security.keys import hash_password
from tests.support.cast import PASSWORD

CENTRE = "hotline-centre"
COUNTS = {"operator": 300, "dispatcher": 20, "reviewer": 40, "supervisor": 7, "wall": 3, "clerk": 1000}
HELD = {"wall": Role.SUPERVISOR, "clerk": Role.HANDLER}
"""What they hold whose work has another name."""
ONE_LEADER_IN = 3


def names_of(ctx: str) -> list[str]:
    """The accounts of those who do this."""
    return [f"load-{ctx}-{n}" for n in range(COUNTS[ctx])]


def hire_crowd(app_context: AppContext) -> None:
    """Who is not there yet; clerks over the departments, every third may answer for the unit. One hash serves all: it is slow."""
    hashed = hash_password(PASSWORD)
    with app_context.transaction() as ctx:
        session = ctx.session
        there = set(session.scalars(select(Staff.username)))
        departments = list(session.scalars(select(Unit.id).where(Unit.kind == "department").order_by(Unit.id)))
        centre = session.scalars(select(Unit.id).where(Unit.code == CENTRE)).one()
        for doing in COUNTS:
            for n, name in enumerate(names_of(doing)):
                if name not in there:
                    unit = departments[n % len(departments)] if doing == "clerk" else centre
                    leads = doing == "clerk" and n // len(departments) % ONE_LEADER_IN == 0
                    held = [HELD.get(doing) or Role(doing), *([Role.LEADER] if leads else [])]
                    session.add(_account(name, unit, held, hashed))


def _account(name: str, unit_id: int, held: list[Role], hashed: str) -> Staff:
    row = Staff(username=name, name=f"人员{name[5:]}", unit_id=unit_id)
    row.roles = [StaffRole(role=role, unit_id=unit_id) for role in held]
    row.password_hash = hashed
    return row
