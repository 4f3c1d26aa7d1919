"""Where a file and the pages say different things, and the whole base in one file."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response

from hotline.api.describing import A_FILE
from hotline.casework.knowledge import article_conflicts as deeds
from hotline.queries.knowledge import article_conflicts as reading
from hotline.queries.knowledge.articles import desk_of
from hotline.rules.vocabulary import Role
from hotline.web.access import roles_required, snapshot, transaction
from hotline.web.downloads import whole_base

conflicts = APIBlueprint("api_article_conflicts", __name__, url_prefix="/api/v1/knowledge", tag="Knowledge")
CONFLICT = "/articles/<code>/conflicts/<int(max=9223372036854775807):conflict_id>"


@conflicts.get("/export.zip")
@roles_required(Role.EDITOR)
@conflicts.doc(summary="The whole base as a zip of Markdown", responses=A_FILE)
def export_zip() -> Response:
    return whole_base("zip")


@conflicts.get("/export.xlsx")
@roles_required(Role.EDITOR)
@conflicts.doc(summary="The whole base as a sheet", responses=A_FILE)
def export_xlsx() -> Response:
    return whole_base("xlsx")


@conflicts.get("/conflicts")
@roles_required(Role.EDITOR)
@conflicts.doc(summary="What was changed in a file and in the pages and waits to be settled")
def list_conflicts() -> dict[str, Any]:
    with snapshot() as ctx:
        return reading.conflicts(ctx.session).answer()


@conflicts.get(CONFLICT)
@roles_required(Role.EDITOR)
@conflicts.doc(summary="What file and pages say differently")
def read(code: str, conflict_id: int) -> dict[str, Any]:
    with snapshot() as ctx:
        return reading.conflict_of(ctx.session, code, conflict_id)


@conflicts.post(f"{CONFLICT}/actions/keep_ours")
@roles_required(Role.EDITOR)
@conflicts.doc(summary="The pages hold")
def keep_ours(code: str, conflict_id: int) -> dict[str, Any]:
    with transaction() as ctx:
        deeds.keep_ours(ctx, code, conflict_id)
        return desk_of(ctx, code)


@conflicts.post(f"{CONFLICT}/actions/take_theirs")
@roles_required(Role.EDITOR)
@conflicts.doc(summary="The file's words become a draft")
def take_theirs(code: str, conflict_id: int) -> dict[str, Any]:
    with transaction() as ctx:
        deeds.take_theirs(ctx, code, conflict_id)
        return desk_of(ctx, code)
