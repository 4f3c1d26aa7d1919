"""The enterprise for which a row of a ticket stands, in SQL: what it is called, and which rows are the same one."""

from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from hotline.models.intake.enterprises import Enterprise
from hotline.rules.intake.company_name import name_key

_GIVEN, _HEAD = aliased(Enterprise), aliased(Enterprise)


def _of(enterprise_id: Any, column: Any) -> ColumnElement[Any]:
    joined = select(column).select_from(_GIVEN).join(_HEAD, _HEAD.id == func.coalesce(_GIVEN.head_id, _GIVEN.id))
    return joined.where(_GIVEN.id == enterprise_id).correlate_except(_GIVEN, _HEAD).scalar_subquery()


def shown_name(enterprise_id: Any) -> ColumnElement[Any]:
    """Return the name to show for the row of this column; null where there is none."""
    return _of(enterprise_id, _HEAD.name)


def caller_key(enterprise_id: Any) -> ColumnElement[Any]:
    """Return by what enterprises are told apart where they are counted: a code, or else the normal form of a name."""
    return _of(enterprise_id, func.coalesce(_HEAD.credit_code, _HEAD.given_code, _HEAD.name_key))


def is_verified(enterprise_id: Any) -> ColumnElement[Any]:
    """Return whether staff have established the enterprise of this column; null where there is none."""
    return _of(enterprise_id, _HEAD.verified_at.is_not(None))


def in_family(head_id: int) -> ColumnElement[bool]:
    """Return the condition of the rows that stand for this enterprise: itself, and all that was joined to it."""
    return (Enterprise.id == head_id) | (Enterprise.head_id == head_id)


def same_by_code(code: str) -> ColumnElement[bool]:
    """Return the condition of the rows that this code belongs to, or was given for on a ticket."""
    return _family_of((Enterprise.credit_code == code) | (Enterprise.given_code == code))


def same_by_name(name: str) -> ColumnElement[bool]:
    """Return the condition of the rows that have this name, in its normal form, or belong to an enterprise that has it."""
    return _family_of(Enterprise.name_key == name_key(name))


def _family_of(named: ColumnElement[bool]) -> ColumnElement[bool]:
    heads = select(func.coalesce(Enterprise.head_id, Enterprise.id)).where(named)
    other = aliased(Enterprise)
    members = select(other.id).where(other.head_id.in_(heads))
    return Enterprise.id.in_(heads.union_all(members))
