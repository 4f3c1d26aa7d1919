"""The knowledge base as staff read it."""

from typing import Any

from flask import Blueprint, render_template, request

from hotline.doors import actor, office, staff_only
from hotline.forms.base import load
from hotline.forms.queries import DifferencesQuery
from hotline.pages import counting
from hotline.pages.frame import nested
from hotline.reading import articles, knowledge_search
from hotline.rules.article_use import Use

pages = Blueprint("knowledge", __name__)


@pages.get("/knowledge")
@staff_only
def find() -> Any:
    text, section = request.args.get("q", "")[:200], request.args.get("section") or None
    with office().reading() as work:
        found = knowledge_search.search(work.session, text, actor(), now=work.now, section=section, limit=100)
        page = render_template("articles.html", items=found, q=text, base="/knowledge", section=section)
    counting.searched(text, found, filtered=section is not None)
    return page


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
