"""Units and categories by the codes that people and files use."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.models.accounts.units import Category, Unit
from hotline.rules.refusals import InvalidInput


def unit_by_code(session: Session, code: str, pointer: str, today: date) -> Unit:
    """The active unit of this code; refuses `InvalidInput` at `pointer` for an unknown or a closed one."""
    unit = session.scalar(select(Unit).where(Unit.code == code))
    if unit is None:
        raise InvalidInput({pointer: f"没有“{code}”这个单位"})
    if unit.closed_on is not None and unit.closed_on <= today:
        raise InvalidInput({pointer: f"单位“{unit.name}”已撤销或合并"})
    return unit


def check_category(session: Session, code: str, pointer: str) -> None:
    """Refuses `InvalidInput` at `pointer` for a category that does not exist."""
    if session.scalar(select(Category.id).where(Category.code == code)) is None:
        raise InvalidInput({pointer: f"没有“{code}”这个事项类别"})
