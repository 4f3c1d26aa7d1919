"""The form of a call: what stands in its fields, names that stand for codes, and what is wrong with it so far."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from hotline.casework.tickets import units
from hotline.context import Context
from hotline.pages.frame import parse_form
from hotline.queries.dashboards import desk
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.refusals import InvalidInput
from hotline.schemas.base import load
from hotline.schemas.intake.intake import NewCallForm
from hotline.schemas.queries import SuggestionsQuery
from hotline.text.words import readings

# What the page sends beside the call itself.
OF_THE_PAGE = ("once", "draft", "suggested", "only", "call_id")


def typed_of(form: Any) -> dict[str, Any]:
    """What stands in the fields, with what a pressed suggestion puts in.

    `take` holds it as an address does: `category=...&type%3F=consult`; a name with a question mark only fills an empty field.
    """
    fields = MultiDict(form)
    for name, value in parse_qsl(fields.pop("take", "")):
        field = name.removesuffix("?")
        if field == name or not fields.get(field, "").strip():
            fields[field] = value
    typed = parse_form(fields)
    return {name: value for name, value in typed.items() if name not in OF_THE_PAGE}


def inside(typed: dict[str, Any], place: str, name: str) -> Any:
    """A field within `enterprise`, `contact`, `answer` or `dispatch`; None where it was not sent in that shape."""
    part = typed.get(place)
    return part.get(name) if isinstance(part, dict) else None


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be chosen by typing its name; programs and old addresses send the code."""

    categories: list[dict[str, Any]]
    units: list[dict[str, Any]]

    @classmethod
    def of(cls, session: Session) -> "Choices":
        """Each with the first letters of its sound, so that it is found without an input method."""
        found = ([item for item in desk.categories(session) if item["parent"]], desk.units(session))
        return cls(*([{**item, "initials": readings(item["name"])[0][1]} for item in items] for items in found))

    def coded(self, typed: dict[str, Any]) -> dict[str, Any]:
        """With codes in the place of names, a unit's other names too; what is neither stays as it was typed, to be refused."""
        aliases = {alias: unit["code"] for unit in self.units for alias in unit["aliases"]}
        return self._replaced(typed, "name", "code", aliases)

    def named(self, typed: dict[str, Any]) -> dict[str, Any]:
        """With names in the place of codes, as people read them."""
        return self._replaced(typed, "code", "name")

    def _replaced(
        self, typed: dict[str, Any], one: str, other: str, more: Mapping[str, str] = MappingProxyType({})
    ) -> dict[str, Any]:
        categories = {item[one]: item[other] for item in self.categories}
        named_units = {**more, **{item[one]: item[other] for item in self.units}}
        found = dict(typed)
        for place, codes in (("category", categories), ("target_unit", named_units)):
            if isinstance(found.get(place), str):
                found[place] = codes.get(found[place].strip(), found[place])
        if isinstance(unit := inside(typed, "dispatch", "unit"), str):
            found["dispatch"] = {**typed["dispatch"], "unit": named_units.get(unit.strip(), unit)}
        return found


def answered(call: dict[str, Any]) -> dict[str, Any]:
    """What is cited is the article and the version that lay before the operator; without an answer nothing is cited."""
    found = {name: value for name, value in call.items() if name not in ("cite", "answer")}
    if "answer" not in call:
        return found
    code, _, version = str(call.get("cite", "")).partition(" ")
    cited = {"article": code, "article_version": version} if code else {}
    return {**found, "answer": {"reply": inside(call, "answer", "reply"), **cited}}


def wrong_so_far(ctx: Context, call: dict[str, Any]) -> dict[str, str]:
    """What logging it now would be refused for: JSON pointers, each with a sentence."""
    today, wrong = local(ctx.now).date(), dict[str, str]()
    dispatched = inside(call, "dispatch", "unit")
    checks: tuple[tuple[Callable[[], Any], Any], ...] = (
        (lambda: load(NewCallForm(), answered(call)), "whole"),
        (lambda: units.check_category(ctx.session, call["category"], "/category"), call.get("category")),
        (lambda: units.unit_by_code(ctx.session, call["target_unit"], "/target_unit", today), call.get("target_unit")),
        (lambda: units.unit_by_code(ctx.session, dispatched, "/unit", today), dispatched),
    )
    for check, value in checks:
        try:
            if value and isinstance(value, str):
                check()
        except InvalidInput as refusal:
            wrong |= dict(refusal.errors)
    return wrong


def asked_by(call: dict[str, Any]) -> dict[str, Any]:
    """What the suggestions are asked with; what is not well-formed yet counts as not typed."""
    parts = {
        "text": f"{call.get('title', '')} {call.get('content', '')}"[:5000],
        "category": call.get("category"),
        "credit_code": inside(call, "enterprise", "credit_code"),
        "phone": inside(call, "contact", "phone"),
        "name": inside(call, "enterprise", "name"),
    }
    form = SuggestionsQuery()
    found: dict[str, Any] = load(
        form, {n: value for n, value in parts.items() if value and not form.validate({n: value})}
    )
    return found
