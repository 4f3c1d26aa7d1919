"""What the administrator has changed, as it lies in the database."""

from sqlalchemy import select

from hotline.app_context import Office
from hotline.models.accounts.audit_log import AdministrationEntry
from hotline.models.accounts.staff import Staff
from hotline.models.accounts.units import Unit


def deeds(office: Office) -> list[tuple[str, str, str]]:
    with office.reading() as work:
        rows = work.session.scalars(select(AdministrationEntry).order_by(AdministrationEntry.id))
        return [(str(row.deed), row.subject, row.actor) for row in rows]


def staff_of(office: Office, username: str) -> Staff:
    with office.reading() as work:
        found = work.session.scalars(select(Staff).where(Staff.username == username)).one()
        return found


def unit_of(office: Office, code: str) -> Unit:
    with office.reading() as work:
        return work.session.scalars(select(Unit).where(Unit.code == code)).one()
