"""The knowledge base as staff read it."""

from typing import Any

from flask import Blueprint, render_template, request

from hotline.doors import actor, office, staff_only
from hotline.reading import knowledge_search

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
    with office().reading() as work:
        article = knowledge_search.article_by_code(work.session, code, actor(), now=work.now)
        return render_template("article.html", article=article, base="/knowledge")
