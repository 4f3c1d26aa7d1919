"""What the administrator has changed, as it lies in the database."""

from sqlalchemy import select

from hotline.app_context import AppContext
from hotline.models.accounts.audit_log import AdministrationEntry
from hotline.models.accounts.staff import Staff
from hotline.models.accounts.units import Unit


def deeds(app_context: AppContext) -> list[tuple[str, str, str]]:
    with app_context.snapshot() as ctx:
        rows = ctx.session.scalars(select(AdministrationEntry).order_by(AdministrationEntry.id))
        return [(str(row.deed), row.subject, row.actor) for row in rows]


def staff_of(app_context: AppContext, username: str) -> Staff:
    with app_context.snapshot() as ctx:
        found = ctx.session.scalars(select(Staff).where(Staff.username == username)).one()
        return found


def unit_of(app_context: AppContext, code: str) -> Unit:
    with app_context.snapshot() as ctx:
        return ctx.session.scalars(select(Unit).where(Unit.code == code)).one()
