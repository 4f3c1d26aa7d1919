"""Did it help? The two buttons beside an article; and for its keepers what is used, what does not help, what is missing."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from hotline.casework.knowledge import article_use, empty_searches
from hotline.pages.frame import parse_form
from hotline.queries.knowledge import article_use as reading
from hotline.rules.actors import VISITOR, Actor
from hotline.rules.refusals import InvalidInput
from hotline.rules.vocabulary import Role
from hotline.schemas.base import load
from hotline.schemas.knowledge.article_use import UseQuery, VoteForm
from hotline.schemas.queries import PageQuery
from hotline.web.access import (
    actor,
    login_required,
    public,
    roles_required,
    snapshot,
    status_of,
    transaction,
)

pages = Blueprint("article_use", __name__)


@pages.post("/policies/<code>/votes")
@public
def vote(code: str) -> Any:
    """By everybody; one for an address and day."""
    return _vote(code, "/policies", VISITOR, f"address:{request.remote_addr or ''}")


@pages.post("/knowledge/<code>/votes")
@login_required
def staff_vote(code: str) -> Any:
    return _vote(code, "/knowledge", actor(), f"staff:{actor().staff_id}")


def _vote(code: str, base: str, who: Actor, said_by: str) -> Any:
    solved = load(VoteForm(), parse_form(request.form))["solved"]
    with transaction() as ctx:
        article_use.vote(ctx.by(who), code, solved, visitor=said_by)
    return render_template("public/article_voted.html", code=code, base=base, solved=solved)


@pages.get("/article-use")
@roles_required(Role.EDITOR)
def show() -> Any:
    typed, refusal = parse_form(request.args), None
    try:
        asked = load(UseQuery(), typed)
    except InvalidInput as error:
        asked, refusal = load(UseQuery(), {}), error
    with snapshot() as ctx:
        page = reading.use_page(ctx, **asked)
    body = render_template("knowledge/article_use.html", page=page, days=asked["days"], refusal=refusal)
    return body, status_of(refusal) if refusal else 200


@pages.get("/empty-searches")
@roles_required(Role.EDITOR)
def searches() -> Any:
    asked = load(PageQuery(), parse_form(request.args))
    with snapshot() as ctx:
        found = reading.empty_search_page(ctx.session, **asked)
        kept_days = ctx.rules.article_use.searches_kept_days
        return render_template("knowledge/empty_searches.html", page=found, kept_days=kept_days)


@pages.post("/empty-searches/<int(max=9223372036854775807):search_id>/dismiss")
@roles_required(Role.EDITOR)
def dismiss(search_id: int) -> Any:
    with transaction() as ctx:
        empty_searches.dismiss(ctx, search_id)
    return redirect("/empty-searches")
