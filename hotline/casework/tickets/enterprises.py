"""The enterprise behind a name. Staff establish who has a code; a name from outside stands on its ticket only."""

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import aliased

from hotline.casework.tickets.contacts import EnterpriseGiven
from hotline.context import Context
from hotline.models.intake.enterprise_family import in_family
from hotline.models.intake.enterprises import Enterprise
from hotline.rules.actors import Actor
from hotline.rules.intake.company_name import NameKind, name_key
from hotline.rules.permissions import may_take
from hotline.rules.vocabulary import Action


def confirms(actor: Actor) -> bool:
    """Return whether what this actor logs is confirmed by that: whoever may confirm an enterprise on a ticket."""
    return may_take(actor, Action.CONFIRM_ENTERPRISE)


def enterprise_named(ctx: Context, given: EnterpriseGiven, *, verified: bool) -> Enterprise:
    """Return the row for a ticket of the enterprise that is named so.

    Not `verified` (the web, an import, whoever may not confirm): a new row for this one ticket, found by nobody else.
    `verified`: the enterprise of that code or else of that name, added when staff have not established one; another name
    for an established code stays on the ticket as its name, and the ticket shows the established one.

    A batch adds the rows of its tickets by itself: `unverified_row` makes each, and two tickets never share one.
    """
    if not verified:
        row = Enterprise(**unverified_row(ctx, given))
        ctx.session.add(row)
        ctx.session.flush()
        return row
    if given.credit_code:
        return _of_code(ctx, given, given.credit_code)
    return _of_name(ctx, given.name) or _established(ctx, given)


def unverified_row(ctx: Context, given: EnterpriseGiven) -> dict[str, object]:
    """Return the columns of a name from outside, for one row or for an insert of many (`Enterprise.__table__`)."""
    return {
        "name": given.name,
        "name_key": name_key(given.name),
        "given_code": given.credit_code,
        "created_at": ctx.now,
        "named_alike": False,
    }


def _of_code(ctx: Context, given: EnterpriseGiven, code: str) -> Enterprise:
    found = ctx.session.scalar(select(Enterprise).where(Enterprise.credit_code == code))
    if found is not None:
        return found if named_so(ctx, found, given.name) else _another_name(ctx, found, given)
    found = _of_name(ctx, given.name, without_code=True)
    if found is None:
        return _established(ctx, given)
    found.credit_code = code
    ctx.session.flush()
    return found


def _of_name(ctx: Context, name: str, *, without_code: bool = False) -> Enterprise | None:
    """Return the verified enterprise of this name. Where several have it: the one without a code, or none."""
    key, head = name_key(name), aliased(Enterprise)
    query = select(head).join(Enterprise, head.id == func.coalesce(Enterprise.head_id, Enterprise.id))
    query = query.where(Enterprise.name_key == key, _is_own_name())
    heads = list(ctx.session.scalars(query.distinct().order_by(head.id)))
    without = [row for row in heads if row.credit_code is None]
    if len(heads) == 1 and not (without_code and not without):
        return heads[0]
    return without[0] if len(without) == 1 else None


def named_so(ctx: Context, row: Enterprise, name: str) -> bool:
    """Return whether the enterprise of this row has this name, now or by a name that was joined to it."""
    key, head_id = name_key(name), row.head_id or row.id
    query = select(Enterprise.id).where(Enterprise.name_key == key, in_family(head_id), _is_own_name())
    return ctx.session.scalar(query.limit(1)) is not None


def _is_own_name() -> ColumnElement[bool]:
    """A name that an enterprise has or had, not one that somebody gave it on a ticket."""
    return Enterprise.verified_at.is_not(None)


def _another_name(ctx: Context, found: Enterprise, given: EnterpriseGiven) -> Enterprise:
    """Return the row of the name that was given for an established code: it is kept, and shown beside the established one."""
    head_id = found.head_id or found.id
    same = (
        Enterprise.name_key == name_key(given.name),
        Enterprise.head_id == head_id,
        Enterprise.kind == NameKind.GIVEN,
    )
    row = ctx.session.scalars(select(Enterprise).where(*same).order_by(Enterprise.id).limit(1)).first()
    if row is None:
        joined = {"part_of_id": head_id, "head_id": head_id, "kind": NameKind.GIVEN, "joined_at": ctx.now}
        row = Enterprise(**unverified_row(ctx, given), **joined)
        ctx.session.add(row)
        ctx.session.flush()
    return row


def _established(ctx: Context, given: EnterpriseGiven) -> Enterprise:
    row = Enterprise(name=given.name, credit_code=given.credit_code, created_at=ctx.now, verified_at=ctx.now)
    ctx.session.add(row)
    note_alike(ctx, row.name_key)
    return row


def note_alike(ctx: Context, *keys: str) -> None:
    """Mark which verified enterprises share one of these names: what is proposed to be merged."""
    ctx.session.flush()
    for key in set(keys):
        own = (Enterprise.name_key == key, Enterprise.verified_at.is_not(None), Enterprise.head_id.is_(None))
        several = (ctx.session.scalar(select(func.count()).select_from(Enterprise).where(*own)) or 0) > 1
        marked = update(Enterprise).where(Enterprise.name_key == key, Enterprise.named_alike.is_(True))
        ctx.session.execute(marked.values(named_alike=False))
        if several:
            ctx.session.execute(update(Enterprise).where(*own).values(named_alike=True))


def head_of(ctx: Context, enterprise_id: int) -> Enterprise:
    """Return the enterprise for which this row stands."""
    row = ctx.session.get_one(Enterprise, enterprise_id)
    return ctx.session.get_one(Enterprise, row.head_id) if row.head_id else row
