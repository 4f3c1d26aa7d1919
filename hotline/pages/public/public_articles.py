"""The policies for everybody: by section, by event in an enterprise's life, by search; each article at an address that stays."""

from typing import Any

from flask import Blueprint, render_template, request

from hotline.pages import usage
from hotline.pages.frame import nested
from hotline.queries.formatting import instant
from hotline.queries.knowledge import knowledge_search
from hotline.queries.public import public_articles
from hotline.queries.public.public_sections import LifeEvent, Section
from hotline.rules.knowledge.article_use import Use
from hotline.schemas.base import load
from hotline.schemas.queries import OnQuery, PageQuery
from hotline.web.access import office, open_to_all

pages = Blueprint("public_articles", __name__, url_prefix="/policies")
NEWEST = 8
MOST_FOUND = 20


@pages.get("")
@open_to_all
def find() -> Any:
    """The shelves; with `q` what was found, with `section` alone what lies there."""
    text, section = request.args.get("q", "")[:200].strip(), request.args.get("section") or None
    shelves = office().shelves
    if section and not text:
        return _shelf_page("sections", shelves.section(section))
    with office().reading() as work:
        if text:
            found = knowledge_search.search(work.session, text, None, now=work.now, section=section, limit=MOST_FOUND)
            page = render_template("public/policies_found.html", items=found, q=text, section=section, shelves=shelves)
        else:
            newest = public_articles.shelf_page(work.session, None, now=work.now, limit=NEWEST)["items"]
            page = render_template("public/policies.html", newest=newest, shelves=shelves)
    if text:
        usage.searched(text, found, filtered=section is not None)
    return page


@pages.get("/sections/<code>")
@open_to_all
def section(code: str) -> Any:
    return _shelf_page("sections", office().shelves.section(code))


@pages.get("/events/<code>")
@open_to_all
def life_event(code: str) -> Any:
    return _shelf_page("events", office().shelves.event(code))


def _shelf_page(kind: str, shelf: Section | LifeEvent) -> Any:
    asked = {name: value for name, value in nested(request.args).items() if name != "section"}
    with office().reading() as work:
        found = public_articles.shelf_page(work.session, shelf, now=work.now, **load(PageQuery(), asked))
        return render_template("public/shelf.html", shelf=shelf, kind=kind, found=found, shelves=office().shelves)


@pages.get("/<code>")
@open_to_all
def read(code: str) -> Any:
    """Now, or with `on` as it was read on that day."""
    asked = load(OnQuery(), nested(request.args))
    with office().reading() as work:
        article = public_articles.article_page(work.session, code, now=work.now, **asked)
        known = {
            "address": f"{office().settings.public_url or request.host_url.rstrip('/')}/policies/{code}",
            "section": next((s for s in office().shelves.sections if s.code == article["section"]), None),
            "printed_at": instant(work.now),
        }
        page = render_template("public/policy.html", article=article, **known)
    usage.used(Use.OPENED, [code])
    return page
