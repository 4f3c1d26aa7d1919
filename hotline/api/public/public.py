"""Without sign-in: submit, look up and rate with number and query code, read what is public."""

from typing import Any

from apiflask import APIBlueprint
from flask import request

from hotline.api.parsing import body, made_once, query
from hotline.casework.intake import intake, public_submission
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
from hotline.web.access import office, open_to_all
from hotline.web.uploads import takes_files

public = APIBlueprint("api_public", __name__, url_prefix="/api/v1/public", tag="Public")


def address() -> str:
    """Where the request comes from."""
    return request.remote_addr or ""


@public.post("/tickets")
@open_to_all
@body(public, WebCallForm)
@public.doc(summary="Submit a matter", responses={201: "Number and query code, shown this once"})
def submit(given: intake.NewCall) -> tuple[dict[str, Any], int]:
    return submitted(given), 201


def submitted(given: intake.NewCall) -> dict[str, Any]:
    """Logs what came from outside, once for each `Idempotency-Key`; number and query code."""
    with office().deed() as work:

        def make() -> dict[str, Any]:
            logged = public_submission.submit(work.session, given, address(), now=work.now, rulebook=work.rulebook)
            return {"number": logged.ticket.number, "query_code": logged.query_code}

        owner = f"address:{office().keys.digest('address', address())[:32]}"
        return made_once(work, owner, make)


@public.get("/tickets/<number>")
@open_to_all
@query(public, CodeQuery)
@public.doc(summary="Look up a ticket with its query code")
def look_up(number: str, asked: dict[str, str]) -> dict[str, Any]:
    with office().at_the_door(number, asked["code"], address()) as (work, enterprise):
        return public_ticket(work.session, enterprise, now=work.now, rulebook=work.rulebook)


@public.post("/tickets/<number>/ratings")
@open_to_all
@body(public, PublicRatingForm)
@public.doc(summary="Rate a ticket with its query code", responses={201: "The rating"})
def rate(number: str, given: dict[str, Any]) -> tuple[dict[str, Any], int]:
    with office().at_the_door(number, given.pop("code"), address()) as (_, enterprise):
        pass
    with office().deed() as work:
        said = rating_deeds.RatingGiven(**given)
        known: dict[str, Any] = {"actor": enterprise, "now": work.now, "rulebook": work.rulebook}
        ticket = rating_deeds.rate(work.session, number, said, **known)
        return {**labelled("level", said.level), "round": ticket.round}, 201


def _add_action(name: str, action: PublicAction) -> None:
    def act(number: str, given: dict[str, str]) -> dict[str, Any]:
        with office().at_the_door(number, given["code"], address()) as (_, enterprise):
            pass
        taken = action.given(given["code"], given["text"])
        with office().deed() as work:
            action.does(work.session, number, taken, actor=enterprise, now=work.now, rulebook=work.rulebook)
            return public_ticket(work.session, enterprise, now=work.now, rulebook=work.rulebook)

    act.__name__ = f"public_{name}"
    view = body(public, action.form)(open_to_all(act))
    public.post(f"/tickets/<number>/actions/{name}")(public.doc(summary=action.label)(view))


@public.post("/tickets/<number>/attachments")
@open_to_all
@takes_files
@public.doc(summary="Hand in a file (multipart: `code`, `file`)", responses={201: "The file that was kept"})
def add_attachment(number: str) -> tuple[dict[str, Any], int]:
    with office().at_the_door(number, request.form.get("code", "")[:12], address()) as (_, enterprise):
        pass
    row = uploads.take(number, enterprise)
    return {"name": row.name, "media_type": row.media_type, "size": row.size}, 201


for _name, _action in PUBLIC_ACTIONS.items():
    _add_action(_name, _action)


@public.get("/ratings")
@open_to_all
@query(public, MonthQuery)
@public.doc(summary="Ratings of a month by unit, small cells hidden, and the loop without names")
def published_ratings(asked: dict[str, Any]) -> dict[str, Any]:
    with office().reading() as work:
        return published(work.session, now=work.now, rulebook=work.rulebook, **asked)


@public.get("/knowledge/articles")
@open_to_all
@query(public, ArticlesQuery)
@public.doc(summary="Find public articles")
def articles(asked: dict[str, Any]) -> dict[str, Any]:
    with office().reading() as work:
        text = asked.pop("q")
        return {"items": knowledge_search.search(work.session, text, None, now=work.now, **asked)}
