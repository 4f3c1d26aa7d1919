"""Where a file and the pages say different things: side by side, with two buttons; and the whole base as a download."""

from typing import Any

from flask import Blueprint, redirect, render_template

from hotline.casework.knowledge import article_conflicts as deeds
from hotline.queries.knowledge import article_conflicts as reading
from hotline.rules.refusals import ConditionUnmet, Refusal
from hotline.rules.vocabulary import Role
from hotline.web.access import roles_required, snapshot, status_of, transaction
from hotline.web.downloads import whole_base

pages = Blueprint("article_conflicts", __name__, url_prefix="/editing")
CONFLICT = "/<code>/conflicts/<int(max=9223372036854775807):conflict_id>"


@pages.get("/export.zip")
@roles_required(Role.EDITOR)
def export_zip() -> Any:
    return whole_base("zip")


@pages.get("/export.xlsx")
@roles_required(Role.EDITOR)
def export_xlsx() -> Any:
    return whole_base("xlsx")


@pages.get(CONFLICT)
@roles_required(Role.EDITOR)
def read(code: str, conflict_id: int) -> Any:
    return _page(code, conflict_id, None)


def _page(code: str, conflict_id: int, refusal: Refusal | None) -> Any:
    with snapshot() as ctx:
        found = reading.conflict_of(ctx.session, code, conflict_id)
        body = render_template("knowledge/article_conflict.html", conflict=found, refusal=refusal)
    return body, status_of(refusal) if refusal else 200


@pages.post(f"{CONFLICT}/keep_ours")
@roles_required(Role.EDITOR)
def keep_ours(code: str, conflict_id: int) -> Any:
    with transaction() as ctx:
        deeds.keep_ours(ctx, code, conflict_id)
    return redirect("/editing")


@pages.post(f"{CONFLICT}/take_theirs")
@roles_required(Role.EDITOR)
def take_theirs(code: str, conflict_id: int) -> Any:
    """With the draft open for whoever took it; a refusal stands beside the difference."""
    try:
        with transaction() as ctx:
            deeds.take_theirs(ctx, code, conflict_id)
    except ConditionUnmet as refusal:
        return _page(code, conflict_id, refusal)
    return redirect(f"/editing/{code}")
