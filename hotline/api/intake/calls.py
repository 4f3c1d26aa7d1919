"""Calls at the line: begun, ended without a ticket, looked up by the number that called."""

from typing import Any

from apiflask import APIBlueprint

from hotline.api.parsing import body, query
from hotline.casework.intake import calls as deeds
from hotline.queries.intake import calls as reading
from hotline.rules.vocabulary import Role
from hotline.schemas.intake.calls import CallBegunForm, CallEndedForm, CallsQuery
from hotline.web.access import roles_required, snapshot, transaction

calls = APIBlueprint("api_calls", __name__, url_prefix="/api/v1", tag="Calls")
AT_THE_LINE = (Role.OPERATOR, Role.OUTSOURCED_OPERATOR)


@calls.post("/calls")
@roles_required(*AT_THE_LINE)
@body(calls, CallBegunForm)
@calls.doc(summary="A call begins; the same number again is the same call", responses={201: "The call"})
def begin(given: deeds.CallBegun) -> tuple[dict[str, Any], int]:
    with transaction() as ctx:
        return reading.shown(ctx.session, deeds.begin(ctx, given)), 201


@calls.post("/calls/<int(max=9223372036854775807):call_id>/actions/end")
@roles_required(*AT_THE_LINE)
@body(calls, CallEndedForm)
@calls.doc(summary="A call ends without a ticket (logging one with `call_id` ends it by itself)")
def end(call_id: int, given: deeds.CallEnded) -> dict[str, Any]:
    with transaction() as ctx:
        return reading.shown(ctx.session, deeds.end(ctx, call_id, given))


@calls.get("/calls")
@roles_required(*AT_THE_LINE, Role.REVIEWER, Role.SUPERVISOR)
@query(calls, CallsQuery)
@calls.doc(summary="Calls, the latest first")
def list_calls(asked: dict[str, Any]) -> dict[str, Any]:
    with snapshot() as ctx:
        return reading.call_page(ctx, **asked)
