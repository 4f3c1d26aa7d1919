"""Imports of files: uploaded, looked at before anything is written, started, followed, and what was not taken."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.datastructures import MultiDict

from hotline.casework.intake import imports
from hotline.casework.intake.imports import ImportFile
from hotline.context import Context
from hotline.pages.query_args import asked_for
from hotline.pages.sent import NOTHING, Sent
from hotline.queries.formatting import instant
from hotline.queries.intake.imports import import_file, import_page
from hotline.rules.handling.upload import LARGEST
from hotline.rules.intake.import_columns import FIELDS
from hotline.rules.refusals import Refusal
from hotline.rules.vocabulary import Role, Satisfaction
from hotline.schemas.intake.imports import ImportsQuery
from hotline.transfer import stored_imports
from hotline.transfer.import_mapping import UNRATED, How, ImportChoices
from hotline.transfer.import_template import write_template_xlsx
from hotline.web.access import app_context, roles_required, snapshot, transaction
from hotline.web.downloads import workbook
from hotline.web.uploads import takes_files, upload_sent

pages = Blueprint("imports", __name__, url_prefix="/imports")
ONE = "/<int(max=9223372036854775807):import_id>"
LEFT_OUT = "-"
LEVELS = [*((str(word), word.label) for word in Satisfaction), (UNRATED, "未评价")]


@pages.get("")
@roles_required(Role.SUPERVISOR)
def show_all() -> Any:
    return _list()


def _list(sent: Sent = NOTHING) -> Any:
    asked, typed, refusal = asked_for(ImportsQuery)
    sent = sent if sent.refusal or refusal is None else Sent(refusal=refusal)
    with snapshot() as ctx:
        page = import_page(ctx, **asked)
        body = render_template(
            "centre/imports.html",
            page=page,
            typed=typed,
            refusal=sent.refusal,
            largest=LARGEST // 1024**2,
            path="/imports",
        )
    return body, sent.status


@pages.post("")
@roles_required(Role.SUPERVISOR)
@takes_files
def upload() -> Any:
    try:
        sent = upload_sent()
        with transaction() as ctx:
            row = stored_imports.upload(ctx, ImportFile(sent.name, sent.content), app_context().import_files)
    except Refusal as refusal:
        return _list(Sent(refusal=refusal))
    return redirect(f"/imports/{row.id}")


@pages.get("/template.xlsx")
@roles_required(Role.SUPERVISOR)
def template() -> Any:
    return workbook(write_template_xlsx, "导入模板.xlsx")


@pages.get(ONE)
@roles_required(Role.SUPERVISOR)
def show(import_id: int) -> Any:
    return _page(import_id)


def _page(import_id: int, sent: Sent = NOTHING) -> Any:
    with snapshot() as ctx:
        body = render_template(
            "centre/import.html",
            found=import_file(ctx, import_id),
            at=instant(ctx.now),
            fields=list(FIELDS.items()),
            labels=FIELDS,
            levels=LEVELS,
            left_out=LEFT_OUT,
            refusal=sent.refusal,
        )
    return body, sent.status


@pages.post(f"{ONE}/choose")
@roles_required(Role.SUPERVISOR)
def choose(import_id: int) -> Any:
    try:
        with transaction() as ctx:
            seen = import_file(ctx, import_id)["preview"] or {"columns": []}
            choices = _chosen(seen["columns"], request.form)
            stored_imports.explain(ctx, import_id, choices, app_context().import_files)
    except Refusal as refusal:
        return _page(import_id, Sent(refusal=refusal))
    return redirect(f"/imports/{import_id}")


def _chosen(seen: list[dict[str, Any]], form: MultiDict[str, str]) -> ImportChoices:
    """`column.3` is what the fourth column is; `word.0` a word of satisfaction and `level.0` what it means.

    What the heading says by itself is no choice.
    """
    columns = {one["heading"]: form.get(f"column.{n}", "") for n, one in enumerate(seen)}
    named = {(one["heading"], one["field"]) for one in seen if one["how"] == How.NAMED}
    words = {form[name]: form.get(f"level.{name[5:]}", "") for name in form if name.startswith("word.")}
    return ImportChoices(
        columns={
            name: None if said == LEFT_OUT else said
            for name, said in columns.items()
            if said and (name, said) not in named
        },
        satisfaction={word: level for word, level in words.items() if level},
        sheet=form.get("sheet") or None,
        encoding=form.get("encoding") or None,
        drop_unknown="drop_unknown" in form,
    )


@pages.post(f"{ONE}/start")
@roles_required(Role.SUPERVISOR)
def start(import_id: int) -> Any:
    return _moved_on(import_id, imports.start)


@pages.post(f"{ONE}/cancel")
@roles_required(Role.SUPERVISOR)
def cancel(import_id: int) -> Any:
    return _moved_on(import_id, imports.cancel)


def _moved_on(import_id: int, step: Callable[[Context, int], object]) -> Any:
    try:
        with transaction() as ctx:
            step(ctx, import_id)
    except Refusal as refusal:
        return _page(import_id, Sent(refusal=refusal))
    return redirect(f"/imports/{import_id}")


@pages.get(f"{ONE}/bad-rows.xlsx")
@roles_required(Role.SUPERVISOR)
def bad_rows(import_id: int) -> Any:
    with snapshot() as ctx:
        return workbook(partial(stored_imports.write_bad_rows, ctx, import_id), f"导入{import_id}-未导入的行.xlsx")
