"""Changes that staff make to an enterprise: rename it, merge two, and part two that were merged.

Nothing of it changes a ticket: who may see a ticket is asked of the ticket alone. The lines in the log name enterprises by their
ids, because administrators who read it see no tickets.
"""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import aliased

from hotline.casework.accounts import audit_log
from hotline.casework.tickets import enterprises
from hotline.casework.tickets.contacts import EnterpriseGiven
from hotline.context import Context
from hotline.models.intake.enterprises import Enterprise
from hotline.rules.accounts.administration import AdminDeed
from hotline.rules.intake.company_name import EnterpriseNamedOtherwise, NameChoice, NameKind
from hotline.rules.permissions import check_action
from hotline.rules.refusals import ConditionUnmet, InvalidInput, UnknownThing
from hotline.rules.vocabulary import Action


@dataclass(frozen=True, slots=True)
class Renaming:
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Joining:
    """`into` is the id of the enterprise that stays; `confirmed`: they are one although their codes differ."""

    into: int
    reason: str
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Parting:
    reason: str


def chosen(ctx: Context, given: EnterpriseGiven, choice: NameChoice | None, reason: str) -> Enterprise:
    """Return the row of an enterprise that staff name. Refuse `EnterpriseNamedOtherwise` where its code has another
    established name and nobody has said which of the two holds.
    """
    found = None
    if given.credit_code:
        found = ctx.session.scalar(select(Enterprise).where(Enterprise.credit_code == given.credit_code))
    if found is None or enterprises.named_so(ctx, found, given.name):
        return enterprises.enterprise_named(ctx, given, verified=True)
    head = enterprises.head_of(ctx, found.id)
    if choice is None:
        raise EnterpriseNamedOtherwise(given.credit_code or "", head.name, given.name)
    if choice is NameChoice.RENAME:
        rename(ctx, head.id, Renaming(given.name, reason))
    return found


def rename(ctx: Context, enterprise_id: int, given: Renaming) -> Enterprise:
    """All tickets of the enterprise show the new name; the old one stays as its former name, by which it is found."""
    row = _locked(ctx, enterprise_id, AdminDeed.RENAME_ENTERPRISE)
    if given.name == row.name:
        raise InvalidInput({"/name": "与现在的名称相同"})
    former = Enterprise(
        name=row.name,
        created_at=row.created_at,
        verified_at=row.verified_at,
        part_of_id=row.id,
        head_id=row.id,
        kind=NameKind.FORMER,
        joined_at=ctx.now,
    )
    ctx.session.add(former)
    row.name = given.name
    enterprises.note_alike(ctx, former.name_key, row.name_key)
    _log(ctx, AdminDeed.RENAME_ENTERPRISE, row, reason=given.reason)
    return row


def merge(ctx: Context, enterprise_id: int, given: Joining) -> Enterprise:
    """Return the enterprise that stays: the one that was named, or the only one that has a code.

    Refuses two with different codes unless that is confirmed.
    """
    deed = AdminDeed.MERGE_ENTERPRISES
    if enterprise_id == given.into:
        raise InvalidInput({"/into": "不能并入企业自己"})
    rows = {id: _locked(ctx, id, deed) for id in sorted({enterprise_id, given.into})}
    gone, kept = rows[enterprise_id], rows[given.into]
    if gone.credit_code and not kept.credit_code:
        gone, kept = kept, gone
    elif gone.credit_code and not given.confirmed:
        codes = f"{gone.credit_code}、{kept.credit_code}"
        raise ConditionUnmet(
            f"两家企业的信用代码不同（{codes}），可能不是一家；确属一家的，请确认后再合并（confirmed）"
        )
    _join(ctx, gone, kept)
    enterprises.note_alike(ctx, gone.name_key, kept.name_key)
    _log(ctx, deed, gone, into=kept.id, reason=given.reason)
    return kept


def _join(ctx: Context, gone: Enterprise, kept: Enterprise) -> None:
    gone.part_of_id = gone.head_id = kept.id
    gone.kind, gone.joined_at = NameKind.MERGED, ctx.now
    ctx.session.flush()
    ctx.session.execute(update(Enterprise).where(Enterprise.head_id == gone.id).values(head_id=kept.id))


def split(ctx: Context, enterprise_id: int, given: Parting) -> Enterprise:
    """Undo a merge: the enterprise stands for itself again, with all names and tickets that were its own."""
    deed = AdminDeed.SPLIT_ENTERPRISE
    check_action(ctx.actor, Action.CONFIRM_ENTERPRISE)
    row = _row(ctx, enterprise_id)
    if row.kind is not NameKind.MERGED or row.part_of_id is None:
        raise ConditionUnmet("这家企业没有并入别的企业，没有可以撤销的合并")
    kept = row.part_of_id
    row.part_of_id = row.head_id = row.kind = row.joined_at = None
    ctx.session.flush()
    inner = select(Enterprise.id).where(Enterprise.part_of_id == row.id).cte(recursive=True)
    below = aliased(Enterprise)
    inner = inner.union_all(select(below.id).where(below.part_of_id == inner.c.id))
    ctx.session.execute(update(Enterprise).where(Enterprise.id.in_(select(inner.c.id))).values(head_id=row.id))
    enterprises.note_alike(ctx, row.name_key, enterprises.head_of(ctx, kept).name_key)
    _log(ctx, deed, row, out_of=kept, reason=given.reason)
    return row


def confirm_row(ctx: Context, row: Enterprise, established: Enterprise) -> None:
    """Join a name from outside to the enterprise that staff say it is."""
    head = enterprises.head_of(ctx, established.id)
    row.part_of_id = row.head_id = head.id
    row.kind, row.joined_at = NameKind.GIVEN, ctx.now
    ctx.session.flush()


def _row(ctx: Context, enterprise_id: int) -> Enterprise:
    """Refuse `UnknownThing` for an id that nobody has."""
    query = select(Enterprise).where(Enterprise.id == enterprise_id).with_for_update()
    row = ctx.session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise UnknownThing("这家企业")
    return row


def _locked(ctx: Context, enterprise_id: int, deed: AdminDeed) -> Enterprise:
    """Return an enterprise that staff have verified and that was joined to no other; refuse any other row."""
    check_action(ctx.actor, Action.CONFIRM_ENTERPRISE)
    row = _row(ctx, enterprise_id)
    if row.head_id is not None:
        raise ConditionUnmet(f"“{row.name}”已并入别的企业，不能再{deed.label}")
    if row.verified_at is None:
        raise ConditionUnmet(f"“{row.name}”尚未核实，请先在它的工单上核实")
    return row


def _log(ctx: Context, deed: AdminDeed, row: Enterprise, **data: object) -> None:
    audit_log.record(ctx, deed, f"enterprise-{row.id}", f"企业{row.id}", **data)
