"""The filters of an export: those of the page, and none that the file would not keep to."""

from typing import Any
from urllib.parse import parse_qsl

from marshmallow import ValidationError
from sqlalchemy import select

from hotline.context import Context
from hotline.models.accounts.units import Category, Unit
from hotline.rules.messages.digest import CENTRE
from hotline.rules.refusals import InvalidInput
from hotline.schemas.base import Form, pointers

OF_THE_PAGE = frozenset({"cursor", "limit"})


def filters_of(text: str) -> dict[str, str]:
    """`state=handling&unit=tax` by name, empty ones as they are; refuses `InvalidInput` for what is none, or stands twice."""
    try:
        pairs = parse_qsl(text.strip().removeprefix("?"), True, bool(text.strip()), errors="strict")
    except ValueError:
        raise InvalidInput({"": f"“{text}”不是筛选条件，应写成“名称=值”，几个之间用“&”隔开"}) from None
    found = dict(pairs)
    for name, _ in pairs:
        if sum(name == other for other, _ in pairs) > 1:
            raise InvalidInput({f"/{name}": f"筛选条件“{name}”写了不止一次"})
    return found


def filters_asked(
    ctx: Context, form: Form, query: dict[str, str], otherwise: dict[str, str] | None = None
) -> dict[str, Any]:
    """Load the filters and their defaults by the form; refuse each wrong one by its name."""
    _check_names(form, query)
    given = {name: value for name, value in query.items() if value.strip()}
    try:
        asked: dict[str, Any] = form.load({**(otherwise or {}), **given})
    except ValidationError as error:
        wrong = pointers(error.messages)
        raise InvalidInput({at: f"筛选条件“{at.removeprefix('/')}”{text}" for at, text in wrong.items()}) from None
    _check_codes(ctx, given)
    if ctx.actor.staff_id is None and "mine" in given:
        raise InvalidInput({"/mine": "命令行没有登录的人，不能用筛选条件“mine”"})
    return asked


def _check_names(form: Form, query: dict[str, str]) -> None:
    names = {declared.data_key or name for name, declared in form.fields.items()} - OF_THE_PAGE
    for name in query:
        if name not in names:
            raise InvalidInput({f"/{name}": f"没有筛选条件“{name}”，可用的有{'、'.join(sorted(names))}"})


def _check_codes(ctx: Context, given: dict[str, str]) -> None:
    """A code that stands for nothing would find nothing, which looks like an answer."""
    homes: dict[str, tuple[Any, str]] = {"unit": (Unit.code, "单位"), "category": (Category.code, "事项类别")}
    for name, (column, label) in homes.items():
        code = given.get(name)
        if code is None or (name == "unit" and code == CENTRE):
            continue
        if ctx.session.scalar(select(column).where(column == code)) is None:
            raise InvalidInput({f"/{name}": f"没有代码为“{code}”的{label}"})
