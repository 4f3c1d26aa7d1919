"""Enterprises: who is called the same, the file of one, another name, merging and parting."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request

from hotline.casework.intake import enterprise_changes
from hotline.pages.frame import parse_form
from hotline.pages.query_args import asked_for
from hotline.queries.intake.enterprise_file import enterprise_file, merge_proposals
from hotline.queries.intake.suggestions import enterprises
from hotline.rules.refusals import Refusal
from hotline.rules.vocabulary import CENTRE_ROLES
from hotline.schemas.base import load
from hotline.schemas.intake.enterprise_changes import JoiningForm, PartingForm, ProposalsQuery, RenamingForm
from hotline.schemas.queries import EnterprisesQuery
from hotline.web.access import roles_required, snapshot, status_of, transaction

pages = Blueprint("enterprises", __name__, url_prefix="/enterprises")
KEEPERS = tuple(sorted(CENTRE_ROLES))
CHANGES: dict[str, tuple[type, Any, str]] = {
    "rename": (RenamingForm, enterprise_changes.rename, "已更名"),
    "merge": (JoiningForm, enterprise_changes.merge, "已合并，这里是保留的企业"),
    "split": (PartingForm, enterprise_changes.split, "已撤销合并"),
}


@pages.get("")
@roles_required(*KEEPERS)
def proposals() -> Any:
    asked, typed, refusal = asked_for(ProposalsQuery)
    with snapshot() as ctx:
        body = render_template(
            "operator/enterprises.html", **merge_proposals(ctx, **asked), typed=typed, refusal=refusal
        )
    return body, status_of(refusal) if refusal else 200


@pages.get("/found")
@roles_required(*KEEPERS)
def find() -> Any:
    """By the name as it begins, or by the code."""
    asked: Any
    asked, typed, refusal = asked_for(EnterprisesQuery)
    with snapshot() as ctx:
        found = enterprises(ctx, asked)
        body = render_template("operator/enterprises.html", found=found, typed=typed, refusal=refusal)
    return body, status_of(refusal) if refusal else 200


def _file_page(enterprise_id: int, refusal: Refusal | None = None, typed: dict[str, Any] | None = None) -> Any:
    with snapshot() as ctx:
        body = render_template(
            "operator/enterprise.html", e=enterprise_file(ctx, enterprise_id), refusal=refusal, typed=typed or {}
        )
    return body, status_of(refusal) if refusal else 200


@pages.get("/<int(max=9223372036854775807):enterprise_id>")
@roles_required(*KEEPERS)
def read(enterprise_id: int) -> Any:
    return _file_page(enterprise_id)


@pages.post("/<int(max=9223372036854775807):enterprise_id>/<any(rename,merge,split):step>")
@roles_required(*KEEPERS)
def take(enterprise_id: int, step: str) -> Any:
    """Take the step; a refusal stands on the file."""
    typed = parse_form(request.form)
    (form, does, done) = CHANGES[step]
    try:
        payload = load(form(), typed)
        with transaction() as ctx:
            row_id = does(ctx, enterprise_id, payload).id
    except Refusal as refusal:
        return _file_page(enterprise_id, refusal, {**typed, "change": step})
    flash(f"{done}。", "done")
    return redirect(f"/enterprises/{row_id}")
