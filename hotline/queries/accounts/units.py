"""Units as the administrator sees them: the tree, who sits in the seats, what lies there now. Numbers only, no matter."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from hotline.context import Context
from hotline.models.accounts.staff import Staff, StaffRole
from hotline.models.accounts.units import Category, Unit
from hotline.models.knowledge.articles import Article, ArticleVersion
from hotline.models.ratings.ratings import RatedBody
from hotline.models.tickets.tickets import IS_OPEN, Ticket
from hotline.queries.deadlines.overdue import overdue_by_unit
from hotline.queries.formatting import instant
from hotline.rules.accounts.administration import SEATS
from hotline.rules.actors import SYSTEM
from hotline.rules.refusals import UnknownThing
from hotline.rules.vocabulary import UNIT_ROLES

KINDS = {
    "centre": "热线中心",
    "department": "市直部门",
    "county": "县市区",
    "zone": "开发区",
    "utility": "公用企业",
    "court": "法院",
    "office": "下属机构",
    "organisation": "其他单位",
}


@dataclass(frozen=True, slots=True)
class UnitFilters:
    """`q`: part of a name; `without`: only active units whose work nobody has an account for; `closed`: only those."""

    q: str | None = None
    without: bool = False
    closed: bool = False


def tree(ctx: Context, filters: UnitFilters) -> list[dict[str, Any]]:
    """Parents before what lies below them, by the order of the file."""
    numbers = _Numbers.read(ctx)
    units = {unit.id: unit for unit in ctx.session.scalars(select(Unit).order_by(Unit.id))}
    rows = [numbers.line(unit) for unit in sorted(units.values(), key=lambda unit: _place(unit.path))]
    return [row for row in rows if _is_asked(row, filters)]


def _place(path: str) -> list[int]:
    return [int(step) for step in path.split("/") if step]


def _is_asked(row: dict[str, Any], filters: UnitFilters) -> bool:
    if filters.q and filters.q not in row["name"] + row["aliases"] + row["code"]:
        return False
    if filters.without and (row["closed_on"] or row["reached"]):
        return False
    return bool(row["closed_on"]) if filters.closed else True


@dataclass(frozen=True)
class _Numbers:
    """What is counted for all units at once: `seats` by (unit, role), `reached` the paths that somebody works over."""

    people: dict[int, int]
    held: dict[int | None, int]
    seats: dict[tuple[int, str], list[dict[str, str]]]
    reached: frozenset[str]
    late: dict[str, int]

    @classmethod
    def read(cls, ctx: Context) -> "_Numbers":
        active = Staff.disabled_at.is_(None)
        people = select(Staff.unit_id, func.count()).where(active).group_by(Staff.unit_id)
        held = select(Ticket.desk_unit_id, func.count()).where(IS_OPEN, Ticket.desk_unit_id.is_not(None))
        late: dict[str, int] = {}
        for row in overdue_by_unit(ctx.by(SYSTEM)):
            late[row["unit"]] = late.get(row["unit"], 0) + row["late"]
        seats, reached = _seats(ctx.session)
        lying = ctx.session.execute(held.group_by(Ticket.desk_unit_id)).all()
        return cls(dict(ctx.session.execute(people).all()), dict(lying), seats, reached, late)

    def line(self, unit: Unit) -> dict[str, Any]:
        return {
            "code": unit.code,
            "name": unit.name,
            "aliases": unit.aliases,
            "kind_label": KINDS.get(unit.kind, unit.kind),
            "depth": unit.path.count("/") - 2,
            "duty_phone": unit.duty_phone,
            "closed_on": unit.closed_on.isoformat() if unit.closed_on else None,
            "people": self.people.get(unit.id, 0),
            **{str(role): self.seats.get((unit.id, str(role)), []) for role in SEATS},
            "reached": unit.kind == "centre" or any(unit.path.startswith(path) for path in self.reached),
            "held": self.held.get(unit.id, 0),
            "late": self.late.get(unit.code, 0),
        }


def _seats(session: Session) -> tuple[dict[tuple[int, str], list[dict[str, str]]], frozenset[str]]:
    query = select(StaffRole.role, StaffRole.unit_id, Unit.path, Staff.username, Staff.name)
    query = query.join(Staff, Staff.id == StaffRole.staff_id).join(Unit, Unit.id == StaffRole.unit_id)
    query = query.where(Staff.disabled_at.is_(None), StaffRole.role.in_(UNIT_ROLES)).order_by(Staff.id)
    seats: dict[tuple[int, str], list[dict[str, str]]] = {}
    paths = set()
    for role, unit_id, path, username, name in session.execute(query):
        seats.setdefault((unit_id, str(role)), []).append({"username": username, "name": name})
        paths.add(path)
    return seats, frozenset(paths)


def unreached(session: Session) -> int:
    """How many active units there are, the centre aside, whose work nobody has an account for."""
    _, reached = _seats(session)
    paths = session.scalars(select(Unit.path).where(Unit.closed_on.is_(None), Unit.kind != "centre"))
    return sum(not any(path.startswith(seat) for seat in reached) for path in paths)


def unit_file(ctx: Context, code: str) -> dict[str, Any]:
    """One unit: what the file says of it, its people with their seats, what lies there and what names it; else `UnknownThing`."""
    above, successor = aliased(Unit), aliased(Unit)
    query = select(Unit, above, successor).outerjoin(above, above.id == Unit.parent_id)
    row = ctx.session.execute(
        query.outerjoin(successor, successor.id == Unit.successor_id).where(Unit.code == code)
    ).one_or_none()
    if row is None:
        raise UnknownThing(f"单位“{code}”")
    unit, parent, heir = row
    below = select(Unit).where(Unit.parent_id == unit.id).order_by(Unit.id)
    return {
        **_Numbers.read(ctx).line(unit),
        "parent": _named(parent),
        "successor": _named(heir),
        "below": [
            {**(_named(child) or {}), "closed": child.closed_on is not None} for child in ctx.session.scalars(below)
        ],
        "members": _members(ctx.session, unit),
        "named_by": _named_by(ctx.session, unit),
    }


def _named(unit: Unit | None) -> dict[str, str] | None:
    return {"code": unit.code, "name": unit.name} if unit else None


def _members(session: Session, unit: Unit) -> list[dict[str, Any]]:
    """Who works in the unit or sits in one of its seats, active accounts alone."""
    seated = select(StaffRole.staff_id).where(StaffRole.unit_id == unit.id, StaffRole.role.in_(SEATS))
    query = select(Staff).where(Staff.disabled_at.is_(None), (Staff.unit_id == unit.id) | Staff.id.in_(seated))
    return [
        {
            "username": row.username,
            "name": row.name,
            "of_the_unit": row.unit_id == unit.id,
            "email": row.email,
            "phone": row.phone,
            "roles": [str(role.role) for role in row.roles if role.unit_id == unit.id],
            "labels": [role.role.label for role in row.roles if role.unit_id == unit.id and role.role not in SEATS],
            "last_signed_in_at": instant(row.last_signed_in_at),
        }
        for row in session.scalars(query.order_by(Staff.id))
    ]


def _named_by(session: Session, unit: Unit) -> dict[str, int]:
    """How many subjects, rated bodies and articles name it: what has to be changed when its work goes elsewhere."""
    categories = select(func.count()).select_from(Category).where(Category.lead_unit_id == unit.id)
    bodies = (
        select(func.count()).select_from(RatedBody).where(RatedBody.unit_id == unit.id, RatedBody.closed_at.is_(None))
    )
    articles = (
        select(func.count()).select_from(Article).join(ArticleVersion, ArticleVersion.id == Article.current_version_id)
    )
    articles = articles.where(ArticleVersion.owner_unit == unit.code)
    asked = {"categories": categories, "bodies": bodies, "articles": articles}
    return {name: session.scalar(query) or 0 for name, query in asked.items()}
