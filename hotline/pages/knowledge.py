"""The knowledge base as staff read it."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from hotline.casework import article_errors
from hotline.doors import actor, office, staff_only, status_of
from hotline.forms.base import load
from hotline.forms.freshness import ReportForm
from hotline.pages.frame import nested
from hotline.reading import knowledge_search
from hotline.rules.freshness import ErrorKind
from hotline.rules.refusals import Refusal, UnknownThing

pages = Blueprint("knowledge", __name__)


@pages.get("/knowledge")
@staff_only
def find() -> Any:
    text, section = request.args.get("q", "")[:200], request.args.get("section") or None
    with office().reading() as work:
        found = knowledge_search.search(work.session, text, actor(), now=work.now, section=section, limit=100)
        return render_template("articles.html", items=found, q=text, base="/knowledge", section=section)


@pages.get("/knowledge/<code>")
@staff_only
def read(code: str) -> Any:
    return _article_page(code, {}, None)


def _article_page(code: str, typed: dict[str, Any], refusal: Refusal | None) -> Any:
    with office().reading() as work:
        article = knowledge_search.article_by_code(work.session, code, actor(), now=work.now)
    known = {"base": "/knowledge", "error_kinds": list(ErrorKind), "typed": typed, "refusal": refusal}
    return render_template("article.html", article=article, **known), status_of(refusal) if refusal else 200


@pages.post("/knowledge/<code>/errors")
@staff_only
def report(code: str) -> Any:
    """One of high risk takes the article down: what came of it stands among one's own reports."""
    typed = nested(request.form)
    try:
        given = load(ReportForm(), typed)
        with office().deed() as work:
            known: dict[str, Any] = {"actor": actor(), "now": work.now, "rulebook": work.rulebook}
            article_errors.report(work.session, code, given, **known)
    except UnknownThing:
        raise
    except Refusal as refusal:
        return _article_page(code, typed, refusal)
    return redirect("/article-errors?mine=true")
