"""Accounts as the administrator sees them: who works where in which seats, and when somebody last signed in with it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from hotline.context import Context
from hotline.models.accounts.logins import SecondFactor
from hotline.models.accounts.staff import SignIn, Staff, StaffRole
from hotline.models.accounts.units import Unit
from hotline.queries import paging
from hotline.queries.formatting import instant, labelled
from hotline.rules.refusals import UnknownThing
from hotline.rules.vocabulary import Role


@dataclass(frozen=True, slots=True)
class PeopleFilters:
    """`q`: part of a name or of an account; `unit` with what lies below it; `active`: None for all; `unused`: see `unused`."""

    q: str | None = None
    unit: str | None = None
    role: Role | None = None
    active: bool | None = None
    unused: bool = False


def unused(ctx: Context) -> ColumnElement[bool]:
    """Active accounts that nobody signed in with for so many days, that hold no token, and that were not added lately."""
    since = ctx.now - timedelta(days=ctx.rules.administration.unused_days)
    holds = select(SignIn.staff_id).where(SignIn.revoked_at.is_(None), SignIn.expires_at > ctx.now)
    last_seen = func.coalesce(Staff.last_signed_in_at, Staff.added_at)
    return Staff.disabled_at.is_(None) & or_(last_seen.is_(None), last_seen < since) & Staff.id.not_in(holds)


def people_page(ctx: Context, filters: PeopleFilters, page: paging.Page) -> dict[str, Any]:
    """In the order of the accounts: `items` and `next_cursor`, which is the last account of the page."""
    query = select(Staff).where(*_conditions(ctx, filters))
    if page.cursor:
        query = query.where(Staff.username > page.cursor)
    rows = ctx.session.scalars(query.order_by(Staff.username).limit(page.limit + 1)).all()
    return {
        "items": [_line(row) for row in rows[: page.limit]],
        "next_cursor": rows[page.limit - 1].username if len(rows) > page.limit else None,
    }


def _conditions(ctx: Context, filters: PeopleFilters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.q is not None:
        found.append(
            Staff.username.contains(filters.q, autoescape=True) | Staff.name.contains(filters.q, autoescape=True)
        )
    if filters.unit is not None:
        above = select(Unit.path).where(Unit.code == filters.unit).scalar_subquery()
        found.append(Staff.unit_id.in_(select(Unit.id).where(Unit.path.startswith(above))))
    if filters.role is not None:
        found.append(Staff.id.in_(select(StaffRole.staff_id).where(StaffRole.role == filters.role)))
    if filters.active is not None:
        found.append(Staff.disabled_at.is_(None) if filters.active else Staff.disabled_at.is_not(None))
    if filters.unused:
        found.append(unused(ctx))
    return found


def _line(row: Staff) -> dict[str, Any]:
    return {
        "username": row.username,
        "name": row.name,
        "unit": row.unit.code,
        "unit_name": row.unit.name,
        "roles": [
            {**labelled("role", role.role), "over": role.unit.code, "over_name": role.unit.name, "own": _own(row, role)}
            for role in sorted(row.roles, key=lambda role: (list(Role).index(role.role), role.unit_id))
        ],
        "disabled_at": instant(row.disabled_at),
        "added_at": instant(row.added_at),
        "last_signed_in_at": instant(row.last_signed_in_at),
    }


def _own(row: Staff, role: StaffRole) -> bool:
    return role.unit_id == row.unit_id


def person(ctx: Context, username: str) -> dict[str, Any]:
    """One account with its addresses and how often it is signed in now; refuses `UnknownThing`."""
    row = ctx.session.scalar(select(Staff).where(Staff.username == username))
    if row is None:
        raise UnknownThing(f"账号“{username}”")
    alive = (SignIn.staff_id == row.id, SignIn.revoked_at.is_(None), SignIn.expires_at > ctx.now)
    sessions = ctx.session.scalar(select(func.count()).select_from(SignIn).where(*alive))
    factor = ctx.session.get(SecondFactor, row.id)
    second = factor is not None and factor.switched_on_at is not None
    return {
        **_line(row),
        "id": row.id,
        "email": row.email,
        "phone": row.phone,
        "sessions": sessions,
        "second_factor": second,
    }
