"""Ratings from halls, terminals and applications by their channel's token, and what the centre does about unverified ones."""

from typing import Any

from apiflask import APIBlueprint
from flask import request

from hotline.api.parsing import body, query
from hotline.casework.ratings import body_rating, rated_bodies, rating_links
from hotline.casework.ratings.body_rating import BodyRating, Check
from hotline.casework.ratings.rating import RatingGiven
from hotline.casework.tickets.contacts import ContactGiven
from hotline.queries.formatting import instant, labelled
from hotline.queries.ratings import figures
from hotline.queries.ratings import ratings as reading
from hotline.rules.vocabulary import Role
from hotline.schemas.queries import FiguresQuery, UncheckedQuery
from hotline.schemas.ratings.rating import ChannelRatingForm, CheckForm, SlipForm
from hotline.web.access import (
    app_context,
    channel_required,
    login_required,
    replica_read,
    roles_required,
    sender,
    snapshot,
    transaction,
)

ratings = APIBlueprint("api_ratings", __name__, url_prefix="/api/v1", tag="Ratings")


@ratings.post("/ratings")
@channel_required
@body(ratings, ChannelRatingForm)
@ratings.doc(
    summary="Rate a body (a channel's token); the same one again changes nothing",
    responses={200: "It was there already", 201: "Kept for the first time"},
)
def rate(given: dict[str, Any]) -> tuple[dict[str, Any], int]:
    channel = sender()
    rating = RatingGiven(given["level"], given.get("reasons", ()), given["remark"])
    with transaction() as ctx:
        kept = body_rating.rate_body(
            ctx,
            BodyRating(
                body=rated_bodies.body_for(ctx.session, channel, given["body"]),
                occasion=given["occasion"],
                rater=given["rater"],
                channel=channel.code,
                given=rating,
                verified=channel.signed_in,
                contact=ContactGiven(phone=given["phone"]),
            ),
        )
        followed = {"number": kept.number, "query_code": kept.query_code} if kept.number else {}
        level = labelled("level", kept.rating.level)
        return {**level, "verified": kept.rating.verified, "first": kept.first, **followed}, 201 if kept.first else 200


@ratings.post("/ratings/links")
@channel_required
@body(ratings, SlipForm)
@ratings.doc(
    summary="A link for one visit, to be printed on the slip or shown as a QR code", responses={201: "The link"}
)
def make_link(given: dict[str, Any]) -> tuple[dict[str, Any], int]:
    channel = sender()
    with snapshot() as ctx:
        rated_bodies.body_for(ctx.session, channel, given["body"])
        token, until = rating_links.for_visit(
            app_context().keys, given["body"], given["occasion"], channel.code, now=ctx.now, days=given["days"]
        )
    address = app_context().settings.public_url or request.url_root.rstrip("/")
    return {"url": f"{address}/r/{token}", "expires_at": instant(until)}, 201


@ratings.get("/rated-bodies")
@login_required
@ratings.doc(summary="What is rated beside tickets")
def list_bodies() -> dict[str, Any]:
    with snapshot() as ctx:
        return {"items": reading.bodies(ctx.session)}


@ratings.get("/statistics")
@login_required
@query(ratings, FiguresQuery)
@ratings.doc(summary="The figures of a period, by unit, channel, matter or month")
def statistics(asked: dict[str, Any]) -> dict[str, Any]:
    period = {"begin": asked["from_"], "end": asked["to"], "by": asked["by"], "unit": asked.get("unit")}
    return replica_read(lambda ctx: figures.figures(ctx, **period))


@ratings.get("/ratings/unverified")
@roles_required(Role.REVIEWER, Role.SUPERVISOR)
@query(ratings, UncheckedQuery)
@ratings.doc(summary="Unverified ratings of a day, or those that wait for a call")
def list_unverified(asked: dict[str, Any]) -> dict[str, Any]:
    with snapshot() as ctx:
        return reading.unverified(ctx, **asked)


@ratings.post("/ratings/<int(max=9223372036854775807):rating_id>/actions/check")
@roles_required(Role.REVIEWER)
@body(ratings, CheckForm)
@ratings.doc(summary="What the call about an unverified rating has shown")
def check(rating_id: int, given: Check) -> dict[str, Any]:
    with transaction() as ctx:
        rating = body_rating.check_rating(ctx, rating_id, given)
        return {"id": rating.id, "verified": rating.verified}
