"""The holders of roles over units: people with an active account, each over the whole subtree of the role."""

from collections.abc import Iterable

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from hotline.models.accounts.staff import Staff, StaffRole
from hotline.models.accounts.units import Unit
from hotline.rules.vocabulary import Role


def holders(roles: Iterable[Role]) -> Select[int, int]:
    """Return (staff, unit) for every unit over which somebody holds one of these roles."""
    top = aliased(Unit)
    query = select(StaffRole.staff_id, Unit.id.label("unit_id")).join(Staff, Staff.id == StaffRole.staff_id)
    query = query.join(top, top.id == StaffRole.unit_id).join(Unit, Unit.path.startswith(top.path))
    return query.where(Staff.disabled_at.is_(None), StaffRole.role.in_(list(roles)))


def units_held(session: Session, roles: Iterable[Role]) -> set[int]:
    """Return the units over which somebody holds one of these roles."""
    return set(session.scalars(select(holders(roles).subquery().c.unit_id).distinct()))


def is_held(session: Session, roles: Iterable[Role], unit_id: int) -> bool:
    """Return whether somebody holds one of these roles over this unit."""
    return session.scalar(holders(roles).where(Unit.id == unit_id).limit(1)) is not None
