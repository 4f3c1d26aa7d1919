"""The policies for everybody: by section, by event in an enterprise's life, by search; each article at an address that stays."""

from typing import Any

from flask import Blueprint, render_template, request

from hotline.pages import usage
from hotline.pages.frame import parse_form
from hotline.queries.formatting import instant
from hotline.queries.knowledge import knowledge_search
from hotline.queries.paging import Page
from hotline.queries.public import public_articles
from hotline.queries.public.public_sections import LifeEvent, Section
from hotline.rules.actors import VISITOR
from hotline.rules.knowledge.article_use import Use
from hotline.schemas.base import load
from hotline.schemas.queries import OnQuery, PageQuery
from hotline.web.access import app_context, public, snapshot

pages = Blueprint("public_articles", __name__, url_prefix="/policies")
NEWEST = 8
MOST_FOUND = 20


@pages.get("")
@public
def find() -> Any:
    """The shelves; with `q` what was found, with `section` alone what lies there."""
    text, section = request.args.get("q", "")[:200].strip(), request.args.get("section") or None
    shelves = app_context().shelves
    if section and not text:
        return _shelf_page("sections", shelves.section(section))
    with snapshot() as ctx:
        if text:
            found = knowledge_search.search(ctx.by(VISITOR), text, section=section, limit=MOST_FOUND)
            page = render_template("public/policies_found.html", items=found, q=text, section=section, shelves=shelves)
        else:
            newest = public_articles.shelf_page(ctx, None, Page(limit=NEWEST))["items"]
            page = render_template("public/policies.html", newest=newest, shelves=shelves)
    if text:
        usage.searched(text, found, filtered=section is not None)
    return page


@pages.get("/sections/<code>")
@public
def section(code: str) -> Any:
    return _shelf_page("sections", app_context().shelves.section(code))


@pages.get("/events/<code>")
@public
def life_event(code: str) -> Any:
    return _shelf_page("events", app_context().shelves.event(code))


def _shelf_page(kind: str, shelf: Section | LifeEvent) -> Any:
    asked = {name: value for name, value in parse_form(request.args).items() if name != "section"}
    with snapshot() as ctx:
        found = public_articles.shelf_page(ctx, shelf, **load(PageQuery(), asked))
        return render_template("public/shelf.html", shelf=shelf, kind=kind, found=found, shelves=app_context().shelves)


@pages.get("/<code>")
@public
def read(code: str) -> Any:
    """Now, or with `on` as it was read on that day."""
    asked = load(OnQuery(), parse_form(request.args))
    with snapshot() as ctx:
        article = public_articles.article_page(ctx, code, **asked)
        page = render_template(
            "public/policy.html",
            article=article,
            address=f"{app_context().settings.public_url or request.host_url.rstrip('/')}/policies/{code}",
            section=next((s for s in app_context().shelves.sections if s.code == article["section"]), None),
            printed_at=instant(ctx.now),
        )
    usage.used(Use.OPENED, [code])
    return page
