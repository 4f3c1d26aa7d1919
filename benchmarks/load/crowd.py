"""Everybody who works in the day, hired with one password; the enterprises come without."""

from sqlalchemy import select

from hotline.office import Office
from hotline.records.staff import Staff, StaffRole
from hotline.records.units import Unit
from hotline.rules.vocabulary import Role
from hotline.secrets import hash_password
from tests.cast import PASSWORD

CENTRE = "hotline-centre"
COUNTS = {"operator": 300, "dispatcher": 20, "reviewer": 40, "supervisor": 10, "clerk": 1000}
ONE_LEADER_IN = 3


def names_of(role: str) -> list[str]:
    """The accounts of those who work as this."""
    return [f"load-{role}-{n}" for n in range(COUNTS[role])]


def hire_crowd(office: Office) -> None:
    """Once. Clerks over the departments, every third may answer for the unit; one hash serves all, being slow by design."""
    with office.deed() as work:
        session = work.session
        if session.scalar(select(Staff.id).where(Staff.username == names_of("clerk")[0])) is not None:
            return
        departments = list(session.scalars(select(Unit).where(Unit.kind == "department").order_by(Unit.id)))
        centre = session.scalars(select(Unit).where(Unit.code == CENTRE)).one()
        hashed = hash_password(PASSWORD)
        for role in COUNTS:
            for n, name in enumerate(names_of(role)):
                unit = departments[n % len(departments)] if role == "clerk" else centre
                leads = role == "clerk" and n // len(departments) % ONE_LEADER_IN == 0
                held = [Role.HANDLER, *([Role.LEADER] if leads else [])] if role == "clerk" else [Role(role)]
                roles = [StaffRole(role=one, unit_id=unit.id) for one in held]
                row = Staff(username=name, name=f"人员{name[5:]}", unit_id=unit.id, roles=roles)
                row.password_hash = hashed
                session.add(row)
