"""Templates of replies: written, changed and removed by those who answer for the unit, and used by nobody else."""

from dataclasses import dataclass

from sqlalchemy import func, select

from hotline.context import Context
from hotline.models.handling.reply_templates import ReplyTemplate
from hotline.rules.actors import Actor
from hotline.rules.handling.reply_template import MOST, WRITERS, check_places
from hotline.rules.refusals import ConditionUnmet, InvalidInput, RoleMissing, UnknownThing
from hotline.rules.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Writing:
    name: str
    text: str


def add(ctx: Context, unit_id: int, given: Writing) -> ReplyTemplate:
    """A new template of the actor's unit; refuses a name that is taken, a place that nothing is known for, and too many."""
    _check_writer(ctx.actor, unit_id)
    count = ctx.session.scalar(select(func.count()).where(ReplyTemplate.unit_id == unit_id)) or 0
    if count >= MOST:
        raise ConditionUnmet(f"本单位已有{MOST}个模板，请先删去不用的")
    row = ReplyTemplate(unit_id=unit_id)
    _write(ctx, row, given)
    ctx.session.add(row)
    ctx.session.flush()
    return row


def change(ctx: Context, template_id: int, given: Writing) -> ReplyTemplate:
    """Replies that were written with it stay as they are."""
    row = _found(ctx, template_id)
    _write(ctx, row, given)
    ctx.session.flush()
    return row


def remove(ctx: Context, template_id: int) -> None:
    """Nothing refers to a template: what was inserted is the text of the reply."""
    ctx.session.delete(_found(ctx, template_id))
    ctx.session.flush()


def _check_writer(actor: Actor, unit_id: int) -> None:
    if actor.unit_id != unit_id or not actor.roles & WRITERS:
        raise RoleMissing("编写答复模板", f"本单位的{'、'.join(role.label for role in Role if role in WRITERS)}")


def _found(ctx: Context, template_id: int) -> ReplyTemplate:
    """Of the actor's own unit; those of others are not there."""
    row = ctx.session.get(ReplyTemplate, template_id)
    if row is None or row.unit_id != ctx.actor.unit_id:
        raise UnknownThing("这个模板")
    _check_writer(ctx.actor, row.unit_id)
    return row


def _write(ctx: Context, row: ReplyTemplate, given: Writing) -> None:
    check_places(given.text)
    same = select(ReplyTemplate.id).where(ReplyTemplate.unit_id == row.unit_id, ReplyTemplate.name == given.name)
    if ctx.session.scalar(same.where(ReplyTemplate.id != (row.id or 0))) is not None:
        raise InvalidInput({"/name": "已经有同名的模板"})
    assert ctx.actor.staff_id is not None
    row.name, row.text = given.name, given.text
    row.written_by, row.written_at = ctx.actor.staff_id, ctx.now
