"""Loads units and categories from `config/`: idempotent, and it says what it added, changed and left."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.models.accounts.units import Category, Unit

Report = Counter[str]
ADDED, CHANGED, LEFT = "added", "changed", "left"


def quietly(done: int) -> None:
    """Tells nobody how many entries have been dealt with."""


class BadSource(Exception):
    """An entry of `config/` or `knowledge_base/` that cannot be loaded; the sentence names it."""


def apply_changes(row: Any, values: Mapping[str, Any], report: Report) -> None:
    """Writes what differs, and counts it."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    report[CHANGED if changed else LEFT] += 1


def load_units(session: Session, entries: Sequence[Mapping[str, Any]]) -> Report:
    """Units by code, parents before children; a unit that is no longer listed stays (history keeps its name).

    The duty phone is taken when a unit is new; afterwards the administrator keeps it, and loading leaves it alone.
    """
    report: Report = Counter()
    units_by_code = {unit.code: unit for unit in session.scalars(select(Unit))}
    for entry in entries:
        parent = units_by_code.get(entry.get("parent", ""))
        if entry.get("parent") and parent is None:
            raise BadSource(f"units.toml：单位“{entry['code']}”的上级“{entry['parent']}”不存在或排在它后面。")
        values = {
            "name": entry["name"],
            "kind": entry["kind"],
            "parent_id": parent.id if parent else None,
            "aliases": " ".join(entry.get("aliases", ())),
        }
        unit = units_by_code.get(entry["code"])
        if unit is None:
            unit = units_by_code[entry["code"]] = Unit(code=entry["code"], duty_phone=entry.get("duty_phone"), **values)
            session.add(unit)
            session.flush()
            unit.path = f"{parent.path if parent else '/'}{unit.id}/"
            report[ADDED] += 1
        else:
            apply_changes(unit, values, report)
    session.flush()
    return report


def load_categories(session: Session, entries: Sequence[Mapping[str, Any]]) -> Report:
    """Categories by code, each with the unit that it suggests."""
    report: Report = Counter()
    units = dict(session.execute(select(Unit.code, Unit.id)).all())
    categories_by_code = {category.code: category for category in session.scalars(select(Category))}
    for position, entry in enumerate(entries):
        lead = entry.get("lead_unit")
        if lead is not None and lead not in units:
            raise BadSource(f"categories.toml：类别“{entry['code']}”的牵头单位“{lead}”不存在。")
        values = {
            "name": entry["name"],
            "parent_code": entry.get("parent"),
            "lead_unit_id": units[lead] if lead else None,
            "keywords": " ".join(entry.get("keywords", ())),
            "policy_item": entry.get("policy_item"),
            "position": position,
        }
        category = categories_by_code.get(entry["code"])
        if category is None:
            session.add(Category(code=entry["code"], **values))
            report[ADDED] += 1
        else:
            apply_changes(category, values, report)
    session.flush()
    return report
