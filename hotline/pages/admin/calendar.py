"""The working calendar, for the administrator: a year as it stands; a change is shown first and made only when confirmed."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from hotline.casework.deadlines import calendar as calendar_deeds
from hotline.context import Context
from hotline.pages.frame import parse_form
from hotline.pages.sent import NOTHING, Sent
from hotline.queries.deadlines import calendar
from hotline.rules.deadlines.calendar_change import Change
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.refusals import BadFile, ConditionUnmet, InvalidInput, Refusal
from hotline.rules.vocabulary import Role
from hotline.schemas.base import load
from hotline.schemas.deadlines.calendar import LONGEST_FILE, DayForm, YearForm, YearQuery
from hotline.settings.config_files import utf8_text
from hotline.web.access import app_context, roles_required, snapshot, transaction

pages = Blueprint("calendar", __name__, url_prefix="/admin/calendar")
FIRST, LAST = calendar_deeds.FIRST_YEAR, calendar_deeds.LAST_YEAR


@pages.get("")
@roles_required(Role.ADMINISTRATOR)
def show() -> Any:
    typed = parse_form(request.args)
    try:
        return _year_page(load(YearQuery(), typed).get("year"))
    except InvalidInput as refusal:
        return _year_page(None, Sent(refusal=refusal))


def _year_page(year: int | None, sent: Sent = NOTHING) -> Any:
    with snapshot() as ctx:
        year = year or local(ctx.now).year
        body = render_template(
            "admin/calendar.html",
            found=calendar.year_of(ctx.rules.calendar, year),
            imports=calendar.imports(ctx.session, year),
            waiting=calendar.provisional_years(ctx, ctx.rules.calendar),
            today=local(ctx.now).date().isoformat(),
            before=year - 1 if year > FIRST else None,
            after=year + 1 if year < LAST else None,
            weekdays=calendar.WEEKDAYS,
            typed=sent.typed,
            refusal=sent.refusal,
        )
    return body, sent.status


def _typed() -> dict[str, Any]:
    """The fields of the day, or the text of the file: as a file, or as the preview has kept it."""
    typed = parse_form(request.form)
    file = request.files.get("file")
    if file is not None and file.filename:
        typed["document"] = _text(file.read(LONGEST_FILE + 1))
    return typed


def _text(content: bytes) -> str:
    if len(content) > LONGEST_FILE:
        raise BadFile(f"文件不能超过{LONGEST_FILE}字节")
    try:
        return utf8_text(content)
    except ValueError as error:
        raise BadFile(str(error)) from None


def _change(ctx: Context, typed: dict[str, Any]) -> Change:
    if "on" in typed:
        return calendar_deeds.day_change(load(DayForm(), typed), rulebook=ctx.rules)
    if "document" not in typed:
        raise InvalidInput({"/file": "请选择文件"})
    return calendar_deeds.read_year_file(load(YearForm(), typed)["document"].encode())


@pages.post("/preview")
@roles_required(Role.ADMINISTRATOR)
def preview() -> Any:
    """What the change would move; nothing is written."""
    typed: dict[str, Any] = {}
    try:
        typed = _typed()
        with snapshot() as ctx:
            change = _change(ctx, typed)
            found = calendar_deeds.preview(ctx, change, base=app_context().rulebook)
            return render_template(
                "admin/calendar_preview.html",
                found=calendar.foreseen(found),
                change=calendar.stated(change, ctx.rules.calendar),
                typed=typed,
                seen=ctx.rules.calendar.version,
            )
    except Refusal as refusal:
        return _year_page(None, Sent(typed, refusal))


@pages.post("/confirm")
@roles_required(Role.ADMINISTRATOR)
def confirm() -> Any:
    """Makes the change that was shown; refused when the calendar has been changed since (`seen`: its version then)."""
    typed: dict[str, Any] = {}
    try:
        typed = _typed()
        seen = typed.pop("seen", None)
        with transaction() as ctx:
            if seen != ctx.rules.calendar.version:
                raise ConditionUnmet("日历在预览之后又有变动，请重新预览")
            change = _change(ctx, typed)
            calendar_deeds.apply(ctx, change, base=app_context().rulebook)
    except Refusal as refusal:
        return _year_page(None, Sent(typed, refusal))
    return redirect(f"/admin/calendar?year={change.year}#imports")
