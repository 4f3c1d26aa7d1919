"""Did it help, what is used, and what people search for in vain."""

from typing import Any

from apiflask import APIBlueprint
from flask import request

from hotline.api.describing import NOTHING
from hotline.api.parsing import body, query
from hotline.casework.knowledge import article_use, empty_searches
from hotline.casework.knowledge.drafting import NewArticle
from hotline.queries.knowledge import article_use as reading
from hotline.queries.knowledge.articles import desk_of
from hotline.rules.actors import VISITOR, Actor
from hotline.rules.vocabulary import Role
from hotline.schemas.knowledge.article_use import UseQuery, VoteForm
from hotline.schemas.knowledge.articles import NewArticleForm
from hotline.schemas.queries import PageQuery
from hotline.web.access import actor, login_required, public, roles_required, snapshot, transaction

use = APIBlueprint("api_article_use", __name__, url_prefix="/api/v1", tag="Knowledge")
SEARCH = "/knowledge/searches/<int(max=9223372036854775807):search_id>/actions"


@use.post("/public/knowledge/articles/<code>/votes")
@public
@body(use, VoteForm)
@use.doc(
    summary="Whether an article helped; one vote for an address, article and day",
    responses={201: "The vote as it counts"},
)
def vote(code: str, given: dict[str, bool]) -> tuple[dict[str, bool], int]:
    return _vote(code, given, VISITOR, f"address:{request.remote_addr or ''}")


@use.post("/knowledge/articles/<code>/votes")
@login_required
@body(use, VoteForm)
@use.doc(
    summary="Whether an article helped; one vote for a person, article and day",
    responses={201: "The vote as it counts"},
)
def staff_vote(code: str, given: dict[str, bool]) -> tuple[dict[str, bool], int]:
    return _vote(code, given, actor(), f"staff:{actor().staff_id}")


def _vote(code: str, given: dict[str, bool], who: Actor, visitor: str) -> tuple[dict[str, bool], int]:
    with transaction() as ctx:
        article_use.vote(ctx.by(who), code, given["solved"], visitor=visitor)
    return given, 201


@use.get("/knowledge/use")
@roles_required(Role.EDITOR)
@query(use, UseQuery)
@use.doc(summary="Shown, opened, cited, solved, not solved; what does not help comes first")
def show(asked: dict[str, Any]) -> dict[str, Any]:
    with snapshot() as ctx:
        return reading.use_page(ctx, **asked)


@use.get("/knowledge/searches")
@roles_required(Role.EDITOR)
@query(use, PageQuery)
@use.doc(summary="Searches that found nothing, those asked most often first")
def searches(asked: dict[str, Any]) -> dict[str, Any]:
    with snapshot() as ctx:
        return reading.empty_search_page(ctx.session, **asked)


@use.post(f"{SEARCH}/dismiss")
@roles_required(Role.EDITOR)
@use.doc(summary="A search that needs no article", responses=NOTHING)
def dismiss(search_id: int) -> tuple[str, int]:
    with transaction() as ctx:
        empty_searches.dismiss(ctx, search_id)
    return "", 204


@use.post(f"{SEARCH}/write")
@roles_required(Role.EDITOR)
@body(use, NewArticleForm)
@use.doc(summary="A new article that answers a search, as a draft", responses={201: "The new article"})
def write(search_id: int, given: NewArticle) -> tuple[dict[str, Any], int]:
    with transaction() as ctx:
        empty_searches.write(ctx, search_id, given)
        return desk_of(ctx, given.code), 201
