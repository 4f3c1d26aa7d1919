"""Suggestions while a call is logged."""

from typing import Any

from apiflask import APIBlueprint

from hotline.api.intake.enterprises import AT_THE_PHONE
from hotline.api.parsing import query
from hotline.queries.intake import suggestions as suggesting
from hotline.schemas.queries import SuggestionsQuery
from hotline.web.access import (
    roles_required,
    snapshot,
)

blueprint = APIBlueprint("api_suggestions", __name__, url_prefix="/api/v1", tag="Centre")


@blueprint.get("/suggestions")
@roles_required(*AT_THE_PHONE)
@query(blueprint, SuggestionsQuery)
@blueprint.doc(summary="Articles, likely categories and units, open tickets of the caller")
def suggest(asked: dict[str, Any]) -> dict[str, Any]:
    with snapshot() as ctx:
        return suggesting.suggestions(ctx, **asked)
