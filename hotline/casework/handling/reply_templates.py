"""Templates of replies: written, changed and removed by those who answer for the unit, and used by nobody else."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.models.handling.reply_templates import ReplyTemplate
from hotline.rules.actors import Actor
from hotline.rules.handling.reply_template import MOST, WRITERS, check_places
from hotline.rules.refusals import ConditionUnmet, InvalidInput, RoleMissing, UnknownThing
from hotline.rules.rulebook import Rulebook
from hotline.rules.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Writing:
    name: str
    text: str


def add(
    session: Session, unit_id: int, given: Writing, *, actor: Actor, now: datetime, rulebook: Rulebook
) -> ReplyTemplate:
    """A new template of the actor's unit; refuses a name that is taken, a place that nothing is known for, and too many."""
    _check_writer(actor, unit_id)
    count = session.scalar(select(func.count()).where(ReplyTemplate.unit_id == unit_id)) or 0
    if count >= MOST:
        raise ConditionUnmet(f"本单位已有{MOST}个模板，请先删去不用的")
    row = ReplyTemplate(unit_id=unit_id)
    _write(session, row, given, actor=actor, now=now)
    session.add(row)
    session.flush()
    return row


def change(
    session: Session, template_id: int, given: Writing, *, actor: Actor, now: datetime, rulebook: Rulebook
) -> ReplyTemplate:
    """Replies that were written with it stay as they are."""
    row = _found(session, template_id, actor)
    _write(session, row, given, actor=actor, now=now)
    session.flush()
    return row


def remove(session: Session, template_id: int, *, actor: Actor, now: datetime, rulebook: Rulebook) -> None:
    """Nothing refers to a template: what was inserted is the text of the reply."""
    session.delete(_found(session, template_id, actor))
    session.flush()


def _check_writer(actor: Actor, unit_id: int) -> None:
    if actor.unit_id != unit_id or not actor.roles & WRITERS:
        raise RoleMissing("编写答复模板", f"本单位的{'、'.join(role.label for role in Role if role in WRITERS)}")


def _found(session: Session, template_id: int, actor: Actor) -> ReplyTemplate:
    """Of the actor's own unit; those of others are not there."""
    row = session.get(ReplyTemplate, template_id)
    if row is None or row.unit_id != actor.unit_id:
        raise UnknownThing("这个模板")
    _check_writer(actor, row.unit_id)
    return row


def _write(session: Session, row: ReplyTemplate, given: Writing, *, actor: Actor, now: datetime) -> None:
    check_places(given.text)
    same = select(ReplyTemplate.id).where(ReplyTemplate.unit_id == row.unit_id, ReplyTemplate.name == given.name)
    if session.scalar(same.where(ReplyTemplate.id != (row.id or 0))) is not None:
        raise InvalidInput({"/name": "已经有同名的模板"})
    assert actor.staff_id is not None
    row.name, row.text = given.name, given.text
    row.written_by, row.written_at = actor.staff_id, now
