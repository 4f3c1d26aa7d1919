"""Notices: what people are told is a row first. One event reaches one person once, whoever writes it and however often."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.models.accounts.staff import Staff, StaffRole
from hotline.models.accounts.units import Unit
from hotline.models.database.upsert import insert
from hotline.models.messages.notices import Notice
from hotline.rules.accounts.sign_in import AccountChange
from hotline.rules.vocabulary import UNIT_ROLES, Role


@dataclass(frozen=True)
class Directory:
    """Who holds which role over which subtree, as it stands now."""

    seats: tuple[tuple[int, Role, str], ...]

    @classmethod
    def read(cls, session: Session) -> "Directory":
        query = select(StaffRole.staff_id, StaffRole.role, Unit.path).join(Unit, Unit.id == StaffRole.unit_id)
        query = query.join(Staff, Staff.id == StaffRole.staff_id).where(Staff.disabled_at.is_(None))
        return cls(tuple((staff_id, role, path) for staff_id, role, path in session.execute(query)))

    def people(self, roles: Iterable[Role], desk_path: str | None) -> set[int]:
        """The people of these roles: a role of a unit counts where its subtree holds the desk."""
        wanted = frozenset(roles)
        return {
            staff_id
            for staff_id, role, path in self.seats
            if role in wanted and (role not in UNIT_ROLES or (desk_path is not None and desk_path.startswith(path)))
        }


@dataclass(frozen=True, slots=True)
class Event:
    """What people are told of. By its key it reaches each of them once."""

    key: str
    kind: str
    at: datetime
    data: dict[str, Any]

    def row(self, not_before: datetime) -> dict[str, Any]:
        """The columns that all its notices share; none is shown before this instant."""
        return {"event": self.key, "kind": self.kind, "data": self.data, "at": self.at, "not_before": not_before}


def build_rows(ctx: Context, people: Iterable[int], ticket: Any, event: Event) -> list[dict[str, Any]]:
    """The rows of one event. In quiet hours they wait for the opening of business, unless the matter is urgent."""
    shown = ctx.now if ticket.urgency.is_urgent else ctx.rules.calendar.next_opening(ctx.now)
    row = {**event.row(shown), "ticket_id": ticket.id}
    return [{**row, "staff_id": staff_id} for staff_id in sorted(people)]


def of_task(ctx: Context, people: Iterable[int], task: Any, event: Event) -> list[dict[str, Any]]:
    """The rows of one event of the knowledge base; in quiet hours they wait for the opening of business."""
    row = {**event.row(ctx.rules.calendar.next_opening(ctx.now)), "task_id": task.id}
    return [{**row, "staff_id": staff_id} for staff_id in sorted(people)]


def enqueue(session: Session, rows: list[dict[str, Any]]) -> None:
    """Puts the rows of members of staff into the outbox; what is there already stays as it is."""
    _post(session, rows, "staff_id")


def _post(session: Session, rows: list[dict[str, Any]], recipient: str) -> None:
    if rows:
        session.execute(insert(session, Notice).on_conflict_do_nothing(index_elements=["event", recipient]), rows)


def notify(
    ctx: Context,
    ticket: Any,
    event: str,
    kind: str,
    roles: Iterable[Role],
    **data: Any,
) -> None:
    """Tells the people who hold these roles for the desk on which the ticket lies."""
    people = Directory.read(ctx.session).people(roles, ticket.desk_path)
    enqueue(ctx.session, build_rows(ctx, people, ticket, Event(event, kind, ctx.now, data)))


def tell_enterprise(ctx: Context, ticket: Any, event: str, kind: str, **data: Any) -> None:
    """Tells the person who spoke for the enterprise, where one left an address."""
    if ticket.contact_id is None:
        return
    shown = ctx.rules.calendar.next_opening(ctx.now)
    row = Event(event, kind, ctx.now, {"number": ticket.number, **data}).row(shown)
    _post(ctx.session, [{**row, "ticket_id": ticket.id, "contact_id": ticket.contact_id}], "contact_id")


def of_account(ctx: Context, staff_id: int, what: AccountChange) -> None:
    """Tells somebody at any hour that what they sign in by was changed: if it was somebody else, the hour matters."""
    event = f"account:{staff_id}:{what}:{ctx.now.isoformat()}"
    row = {"event": event, "kind": "account_changed", "data": {"what": what}, "at": ctx.now, "not_before": ctx.now}
    enqueue(ctx.session, [{**row, "staff_id": staff_id}])


@dataclass(frozen=True, slots=True)
class Seen:
    """The notices that somebody has seen: these, or all up to the one that is named `last`."""

    ids: tuple[int, ...] = ()
    last: int | None = None


def mark_read(ctx: Context, seen: Seen) -> None:
    """Mark as read the notices that this person has seen; those not shown, or written meanwhile, stay."""
    mine = (Notice.staff_id == ctx.actor.staff_id, Notice.read_at.is_(None), Notice.not_before <= ctx.now)
    these = Notice.id.in_(seen.ids) if seen.last is None else or_(Notice.id <= seen.last, Notice.id.in_(seen.ids))
    ctx.session.execute(update(Notice).where(*mine, these).values(read_at=ctx.now))
