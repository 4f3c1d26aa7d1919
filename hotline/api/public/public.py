"""Without sign-in: submit, look up and rate with number and query code, read what is public."""

from typing import Any

from apiflask import APIBlueprint
from flask import request

from hotline.api.parsing import body, idempotent, query
from hotline.casework.intake import intake
from hotline.casework.public import public_submission
from hotline.casework.ratings import rating as rating_deeds
from hotline.queries.formatting import labelled
from hotline.queries.knowledge import knowledge_search
from hotline.queries.public.public import public_ticket
from hotline.queries.ratings.published import published
from hotline.schemas.intake.intake import WebCallForm
from hotline.schemas.public.public import PUBLIC_ACTIONS, PublicAction
from hotline.schemas.queries import ArticlesQuery, CodeQuery, MonthQuery
from hotline.schemas.ratings.rating import PublicRatingForm
from hotline.web import uploads
from hotline.web.access import app_context, enterprise, enterprise_access, public, snapshot, transaction
from hotline.web.uploads import takes_files

public_api = APIBlueprint("api_public", __name__, url_prefix="/api/v1/public", tag="Public")


def address() -> str:
    """Where the request comes from."""
    return request.remote_addr or ""


@public_api.post("/tickets")
@public
@body(public_api, WebCallForm)
@public_api.doc(summary="Submit a matter", responses={201: "Number and query code, shown this once"})
def submit(given: intake.NewCall) -> tuple[dict[str, Any], int]:
    return submitted(given), 201


def submitted(given: intake.NewCall) -> dict[str, Any]:
    """Logs what came from outside, once for each `Idempotency-Key`; number and query code."""
    with transaction() as ctx:

        def make() -> dict[str, Any]:
            logged = public_submission.submit(ctx, given, address())
            return {"number": logged.ticket.number, "query_code": logged.query_code}

        owner = f"address:{app_context().keys.digest('address', address())[:32]}"
        return idempotent(ctx, owner, make)


@public_api.get("/tickets/<number>")
@public
@query(public_api, CodeQuery)
@public_api.doc(summary="Look up a ticket with its query code")
def look_up(number: str, asked: dict[str, str]) -> dict[str, Any]:
    with enterprise_access(number, asked["code"]) as ctx:
        return public_ticket(ctx, ctx.actor)


@public_api.post("/tickets/<number>/ratings")
@public
@body(public_api, PublicRatingForm)
@public_api.doc(summary="Rate a ticket with its query code", responses={201: "The rating"})
def rate(number: str, given: dict[str, Any]) -> tuple[dict[str, Any], int]:
    proved = enterprise(number, given.pop("code"))
    with transaction(proved) as ctx:
        said = rating_deeds.RatingGiven(**given)
        ticket = rating_deeds.rate(ctx, number, said)
        return {**labelled("level", said.level), "round": ticket.round}, 201


def _add_action(name: str, action: PublicAction) -> None:
    def act(number: str, given: dict[str, str]) -> dict[str, Any]:
        proved = enterprise(number, given["code"])
        taken = action.given(given["code"], given["text"])
        with transaction(proved) as ctx:
            action.does(ctx, number, taken)
            return public_ticket(ctx, ctx.actor)

    act.__name__ = f"public_{name}"
    view = body(public_api, action.form)(public(act))
    public_api.post(f"/tickets/<number>/actions/{name}")(public_api.doc(summary=action.label)(view))


@public_api.post("/tickets/<number>/attachments")
@public
@takes_files
@public_api.doc(summary="Hand in a file (multipart: `code`, `file`)", responses={201: "The file that was kept"})
def add_attachment(number: str) -> tuple[dict[str, Any], int]:
    proved = enterprise(number, request.form.get("code", "")[:12])
    row = uploads.take(number, proved)
    return {"name": row.name, "media_type": row.media_type, "size": row.size}, 201


for _name, _action in PUBLIC_ACTIONS.items():
    _add_action(_name, _action)


@public_api.get("/ratings")
@public
@query(public_api, MonthQuery)
@public_api.doc(summary="Ratings of a month by unit, small cells hidden, and the loop without names")
def published_ratings(asked: dict[str, Any]) -> dict[str, Any]:
    with snapshot() as ctx:
        return published(ctx, **asked)


@public_api.get("/knowledge/articles")
@public
@query(public_api, ArticlesQuery)
@public_api.doc(summary="Find public articles")
def articles(asked: dict[str, Any]) -> dict[str, Any]:
    with snapshot() as ctx:
        text = asked.pop("q")
        return {"items": knowledge_search.search(ctx, text, **asked)}
