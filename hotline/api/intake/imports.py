"""Imports of files: uploaded as drafts, explained, started; the job takes the rows in."""

from functools import partial
from typing import Any

from apiflask import APIBlueprint
from flask import Response

from hotline.api.describing import A_FILE
from hotline.api.parsing import body, query
from hotline.casework.intake import imports
from hotline.casework.intake.imports import ImportFile
from hotline.queries.intake.imports import import_file, import_page
from hotline.rules.vocabulary import Role
from hotline.schemas.intake.imports import ImportChoicesForm, ImportsQuery
from hotline.transfer import stored_imports
from hotline.transfer.import_mapping import ImportChoices
from hotline.transfer.import_template import write_template_xlsx
from hotline.web.access import app_context, roles_required, snapshot, transaction
from hotline.web.downloads import workbook
from hotline.web.uploads import takes_files, upload_sent

blueprint = APIBlueprint("api_imports", __name__, url_prefix="/api/v1", tag="Imports")
ONE = "/imports/<int(max=9223372036854775807):import_id>"


@blueprint.get("/imports")
@roles_required(Role.SUPERVISOR)
@query(blueprint, ImportsQuery)
@blueprint.doc(summary="Imports, the newest first")
def list_imports(asked: dict[str, Any]) -> dict[str, Any]:
    with snapshot() as ctx:
        return import_page(ctx, **asked)


@blueprint.post("/imports")
@roles_required(Role.SUPERVISOR)
@takes_files
@blueprint.doc(
    summary="Upload a file of matters (multipart, `file`): a draft with its preview, nothing is taken in yet",
    responses={201: "The draft"},
)
def upload_import() -> tuple[dict[str, Any], int]:
    sent = upload_sent()
    with transaction() as ctx:
        row = stored_imports.upload(ctx, ImportFile(sent.name, sent.content), app_context().import_files)
        return import_file(ctx, row.id), 201


@blueprint.get("/imports/template.xlsx")
@roles_required(Role.SUPERVISOR)
@blueprint.doc(summary="A workbook with the headings, an example and what belongs into each column", responses=A_FILE)
def import_template() -> Response:
    return workbook(write_template_xlsx, "import-template.xlsx")


@blueprint.get(ONE)
@roles_required(Role.SUPERVISOR)
@blueprint.doc(summary="One import: its preview or its progress, and the first rows that were not taken")
def show_import(import_id: int) -> dict[str, Any]:
    with snapshot() as ctx:
        return import_file(ctx, import_id)


@blueprint.get(f"{ONE}/bad-rows.xlsx")
@roles_required(Role.SUPERVISOR)
@blueprint.doc(summary="The rows that were not taken, with the reasons, to be mended and given again", responses=A_FILE)
def import_bad_rows(import_id: int) -> Response:
    with snapshot() as ctx:
        return workbook(partial(stored_imports.write_bad_rows, ctx, import_id), f"import-{import_id}-bad-rows.xlsx")


@blueprint.post(f"{ONE}/actions/choose")
@roles_required(Role.SUPERVISOR)
@body(blueprint, ImportChoicesForm)
@blueprint.doc(summary="Say what the columns and the words of satisfaction of a draft mean")
def choose_import(import_id: int, given: dict[str, Any]) -> dict[str, Any]:
    with transaction() as ctx:
        stored_imports.explain(ctx, import_id, ImportChoices.from_json(given), app_context().import_files)
        return import_file(ctx, import_id)


@blueprint.post(f"{ONE}/actions/start")
@roles_required(Role.SUPERVISOR)
@blueprint.doc(summary="Hand a draft to the job")
def start_import(import_id: int) -> dict[str, Any]:
    with transaction() as ctx:
        imports.start(ctx, import_id)
        return import_file(ctx, import_id)


@blueprint.post(f"{ONE}/actions/cancel")
@roles_required(Role.SUPERVISOR)
@blueprint.doc(summary="End an import that has not ended; the rows that are in stay")
def cancel_import(import_id: int) -> dict[str, Any]:
    with transaction() as ctx:
        imports.cancel(ctx, import_id)
        return import_file(ctx, import_id)
