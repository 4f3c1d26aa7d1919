"""The enterprises behind a call, with their latest tickets."""

from typing import Any

from apiflask import APIBlueprint

from hotline.api.parsing import body, query
from hotline.casework.intake import enterprise_changes
from hotline.queries.intake import suggestions as suggesting
from hotline.queries.intake.enterprise_file import enterprise_file, merge_proposals
from hotline.queries.intake.who_calls import Caller
from hotline.rules.vocabulary import CENTRE_ROLES, Role
from hotline.schemas.intake.enterprise_changes import JoiningForm, PartingForm, ProposalsQuery, RenamingForm
from hotline.schemas.queries import EnterprisesQuery
from hotline.web import view_log
from hotline.web.access import (
    roles_required,
    snapshot,
    transaction,
)

blueprint = APIBlueprint("api_enterprises", __name__, url_prefix="/api/v1", tag="Centre")
KEEPERS = tuple(sorted(CENTRE_ROLES))
AT_THE_PHONE = (Role.OPERATOR, Role.OUTSOURCED_OPERATOR, Role.DISPATCHER, Role.REVIEWER, Role.SUPERVISOR)


@blueprint.get("/enterprises")
@roles_required(*AT_THE_PHONE)
@query(blueprint, EnterprisesQuery)
@blueprint.doc(summary="Who is calling, with their latest tickets")
def who_calls(asked: Caller) -> dict[str, Any]:
    with snapshot() as ctx:
        found = suggesting.enterprises(ctx, asked)
    view_log.looked_up(asked.phone)
    return {"items": found}


@blueprint.get("/enterprises/proposals")
@roles_required(*KEEPERS)
@query(blueprint, ProposalsQuery)
@blueprint.doc(summary="Verified enterprises of the same name, which may be one")
def list_proposals(asked: dict[str, Any]) -> dict[str, Any]:
    with snapshot() as ctx:
        return merge_proposals(ctx, **asked)


@blueprint.get("/enterprises/<int(max=9223372036854775807):enterprise_id>")
@roles_required(*KEEPERS)
@blueprint.doc(summary="An enterprise: its names, its latest tickets, others of the same name")
def read_enterprise(enterprise_id: int) -> dict[str, Any]:
    with snapshot() as ctx:
        return enterprise_file(ctx, enterprise_id)


@blueprint.post("/enterprises/<int(max=9223372036854775807):enterprise_id>/actions/rename")
@roles_required(*KEEPERS)
@body(blueprint, RenamingForm)
@blueprint.doc(summary="Another name; the old one stays as its former name")
def rename(enterprise_id: int, given: enterprise_changes.Renaming) -> dict[str, Any]:
    with transaction() as ctx:
        return enterprise_file(ctx, enterprise_changes.rename(ctx, enterprise_id, given).id)


@blueprint.post("/enterprises/<int(max=9223372036854775807):enterprise_id>/actions/merge")
@roles_required(*KEEPERS)
@body(blueprint, JoiningForm)
@blueprint.doc(summary="One enterprise with another; answers the one that stays")
def merge(enterprise_id: int, given: enterprise_changes.Joining) -> dict[str, Any]:
    with transaction() as ctx:
        return enterprise_file(ctx, enterprise_changes.merge(ctx, enterprise_id, given).id)


@blueprint.post("/enterprises/<int(max=9223372036854775807):enterprise_id>/actions/split")
@roles_required(*KEEPERS)
@body(blueprint, PartingForm)
@blueprint.doc(summary="Undo a merge: this one stands for itself again")
def split(enterprise_id: int, given: enterprise_changes.Parting) -> dict[str, Any]:
    with transaction() as ctx:
        return enterprise_file(ctx, enterprise_changes.split(ctx, enterprise_id, given).id)
