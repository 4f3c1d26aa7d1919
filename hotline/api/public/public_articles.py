"""The knowledge base for everybody: its shelves, what lies on them, one article with its versions."""

from dataclasses import asdict
from typing import Any

from apiflask import APIBlueprint

from hotline.api.parsing import query
from hotline.queries.public import public_articles as reading
from hotline.queries.public.public_sections import LifeEvent, Section
from hotline.schemas.queries import OnQuery, PageQuery
from hotline.web.access import app_context, public, snapshot

public_articles = APIBlueprint("api_public_articles", __name__, url_prefix="/api/v1/public/knowledge", tag="Public")


@public_articles.get("/sections")
@public
@public_articles.doc(summary="The sections of the public articles, in the order of the pages")
def sections() -> dict[str, Any]:
    return {"items": [asdict(section) for section in app_context().shelves.sections]}


@public_articles.get("/sections/<code>")
@public
@query(public_articles, PageQuery)
@public_articles.doc(summary="The articles in force of a section, the latest publication first")
def section(code: str, asked: dict[str, Any]) -> dict[str, Any]:
    return _shelf(app_context().shelves.section(code), asked)


@public_articles.get("/life-events")
@public
@public_articles.doc(
    summary="The events in an enterprise's life, each with the categories and articles that belong to it"
)
def life_events() -> dict[str, Any]:
    return {"items": [asdict(event) for event in app_context().shelves.events]}


@public_articles.get("/life-events/<code>")
@public
@query(public_articles, PageQuery)
@public_articles.doc(summary="The articles in force that belong to a life event, the latest publication first")
def life_event(code: str, asked: dict[str, Any]) -> dict[str, Any]:
    return _shelf(app_context().shelves.event(code), asked)


def _shelf(shelf: Section | LifeEvent, asked: dict[str, Any]) -> dict[str, Any]:
    with snapshot() as ctx:
        return {**asdict(shelf), **reading.shelf_page(ctx, shelf, **asked)}


@public_articles.get("/articles/<code>")
@public
@query(public_articles, OnQuery)
@public_articles.doc(summary="A public article with its versions: as it reads now, or was read on a day")
def article(code: str, asked: dict[str, Any]) -> dict[str, Any]:
    with snapshot() as ctx:
        return reading.article_page(ctx, code, **asked)
