"""The knowledge base as staff read it."""

from typing import Any

from flask import Blueprint, render_template, request

from hotline.doors import actor, office, staff_only, status_of
from hotline.forms.base import load
from hotline.forms.queries import ArticlesQuery, DifferencesQuery
from hotline.pages import counting
from hotline.pages.frame import nested
from hotline.reading import articles, desk, knowledge_search
from hotline.rules.article import Level
from hotline.rules.article_use import Use
from hotline.rules.refusals import InvalidInput

pages = Blueprint("knowledge", __name__)
MOST = 50


@pages.get("/knowledge")
@staff_only
def find() -> Any:
    """What cannot be asked for is said beside its field, and nothing is found."""
    typed, refusal, found = nested(request.args), None, []
    typed["q"] = typed.get("q", "")[:200]
    with office().reading() as work:
        try:
            asked = load(ArticlesQuery(), typed)
            text = asked.pop("q")
            found = knowledge_search.search(work.session, text, actor(), now=work.now, **{**asked, "limit": MOST})
        except InvalidInput as refused:
            refusal = refused
        known = {"units": desk.units(work.session), "levels": list(Level), "section": typed.get("section")}
        page = render_template(
            "articles.html", items=found, q=typed["q"], base="/knowledge", typed=typed, refusal=refusal, **known
        )
    if refusal is None:
        counting.searched(typed["q"], found, filtered=len(typed) > 1)
    return page, status_of(refusal) if refusal else 200


@pages.get("/knowledge/<code>")
@staff_only
def read(code: str) -> Any:
    with office().reading() as work:
        article = knowledge_search.article_by_code(work.session, code, actor(), now=work.now)
        page = render_template("article.html", article=article, base="/knowledge")
    counting.used(Use.OPENED, [code])
    return page


@pages.get("/knowledge/<code>/differences")
@staff_only
def differences(code: str) -> Any:
    """What a later version says otherwise, for whoever reads the article."""
    asked = load(DifferencesQuery(), nested(request.args))
    between = {"before": asked["from_"], "after": asked["to"]}
    with office().reading() as work:
        lines = articles.differences(work.session, code, actor(), **between)
        return render_template("article_differences.html", back=f"/knowledge/{code}", lines=lines, **between)
