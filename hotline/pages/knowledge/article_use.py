"""Did it help? The two buttons beside an article; and for its keepers what is used, what does not help, what is missing."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from hotline.casework.knowledge import article_use, empty_searches
from hotline.pages.frame import nested
from hotline.queries.knowledge import article_use as reading
from hotline.rules.refusals import InvalidInput
from hotline.rules.vocabulary import Role
from hotline.schemas.base import load
from hotline.schemas.knowledge.article_use import UseQuery, VoteForm
from hotline.schemas.queries import PageQuery
from hotline.web.access import actor, office, open_to_all, roles_only, staff_only, status_of, visitor

pages = Blueprint("article_use", __name__)


@pages.post("/policies/<code>/votes")
@open_to_all
def vote(code: str) -> Any:
    """By everybody; one for an address and day."""
    return _vote(code, "/policies", None, f"address:{request.remote_addr or ''}")


@pages.post("/knowledge/<code>/votes")
@staff_only
def staff_vote(code: str) -> Any:
    return _vote(code, "/knowledge", visitor(), f"staff:{actor().staff_id}")


def _vote(code: str, base: str, who: Any, said_by: str) -> Any:
    solved = load(VoteForm(), nested(request.form))["solved"]
    with office().deed() as work:
        known: dict[str, Any] = {"visitor": said_by, "actor": who, "now": work.now, "rulebook": work.rulebook}
        article_use.vote(work.session, code, solved, **known)
    return render_template("public/article_voted.html", code=code, base=base, solved=solved)


@pages.get("/article-use")
@roles_only(Role.EDITOR)
def show() -> Any:
    typed, refusal = nested(request.args), None
    try:
        asked = load(UseQuery(), typed)
    except InvalidInput as error:
        asked, refusal = load(UseQuery(), {}), error
    with office().reading() as work:
        page = reading.use_page(work.session, now=work.now, **asked)
    body = render_template("knowledge/article_use.html", page=page, days=asked["days"], refusal=refusal)
    return body, status_of(refusal) if refusal else 200


@pages.get("/empty-searches")
@roles_only(Role.EDITOR)
def searches() -> Any:
    asked = load(PageQuery(), nested(request.args))
    with office().reading() as work:
        found = reading.empty_search_page(work.session, **asked)
        kept_days = work.rulebook.article_use.searches_kept_days
        return render_template("knowledge/empty_searches.html", page=found, kept_days=kept_days)


@pages.post("/empty-searches/<int(max=9223372036854775807):search_id>/dismiss")
@roles_only(Role.EDITOR)
def dismiss(search_id: int) -> Any:
    with office().deed() as work:
        empty_searches.dismiss(work.session, search_id, actor=actor(), now=work.now)
    return redirect("/empty-searches")
