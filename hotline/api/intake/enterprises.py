"""The enterprises behind a call, with their latest tickets."""

from typing import Any

from apiflask import APIBlueprint

from hotline.api.parsing import query
from hotline.queries.intake import suggestions as suggesting
from hotline.queries.intake.who_calls import Caller
from hotline.rules.vocabulary import Role
from hotline.schemas.queries import EnterprisesQuery
from hotline.web import view_log
from hotline.web.access import (
    roles_required,
    snapshot,
)

blueprint = APIBlueprint("api_enterprises", __name__, url_prefix="/api/v1", tag="Centre")
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
