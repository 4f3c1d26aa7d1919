"""Rectifications opened by bad ratings: the list, and the steps on one."""

from typing import Any

from apiflask import APIBlueprint

from hotline.api.parsing import body, query
from hotline.queries.ratings import rectifications
from hotline.queries.tickets.ticket_file import ticket_file
from hotline.rules.vocabulary import Action
from hotline.schemas.actions import ACTIONS, CASE_STEPS
from hotline.schemas.queries import CasesQuery
from hotline.web.access import (
    login_required,
    snapshot,
    transaction,
)

blueprint = APIBlueprint("api_rectifications", __name__, url_prefix="/api/v1", tag="Centre")


@blueprint.get("/rectifications")
@login_required
@query(blueprint, CasesQuery)
@blueprint.doc(summary="Rectifications opened by bad ratings, the newest first")
def list_rectifications(asked: dict[str, Any]) -> dict[str, Any]:
    with snapshot() as ctx:
        return rectifications.case_page(ctx, **asked)


def _add_case_step(name: str, action: Action) -> None:
    form, does = ACTIONS[action]

    def act(number: str, given: Any) -> dict[str, Any]:
        with transaction() as ctx:
            ticket = does(ctx, number, given)
            return ticket_file(ctx, ticket)

    act.__name__ = f"case_{name}"
    view = blueprint.doc(summary=action.label)(body(blueprint, form)(login_required(act)))
    blueprint.post(f"/rectifications/<number>/actions/{name}")(view)


for _name, _action in CASE_STEPS.items():
    _add_case_step(_name, _action)
