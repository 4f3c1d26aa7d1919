"""The knowledge base as staff read it."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from hotline.casework.knowledge import article_errors
from hotline.pages import usage
from hotline.pages.frame import parse_form, text_in
from hotline.pages.sent import NOTHING, Sent
from hotline.queries.dashboards import desk
from hotline.queries.knowledge import articles, knowledge_search
from hotline.rules.knowledge.article import Level
from hotline.rules.knowledge.article_use import Use
from hotline.rules.knowledge.freshness import ErrorKind
from hotline.rules.refusals import InvalidInput, Refusal, UnknownThing
from hotline.schemas.base import load
from hotline.schemas.knowledge.freshness import ReportForm
from hotline.schemas.queries import ArticlesQuery, DifferencesQuery
from hotline.web.access import login_required, snapshot, status_of, transaction

pages = Blueprint("knowledge", __name__)
MOST = 50


@pages.get("/knowledge")
@login_required
def find() -> Any:
    """What cannot be asked for is said beside its field, and nothing is found."""
    typed, refusal, found = parse_form(request.args), None, []
    typed["q"] = text_in(typed, "q")[:200]
    with snapshot() as ctx:
        try:
            asked = load(ArticlesQuery(), typed)
            text = asked.pop("q")
            found = knowledge_search.search(ctx, text, **{**asked, "limit": MOST})
        except InvalidInput as refused:
            refusal = refused
        page = render_template(
            "knowledge/articles.html",
            items=found,
            q=typed["q"],
            base="/knowledge",
            typed=typed,
            refusal=refusal,
            units=desk.units(ctx.session),
            levels=list(Level),
            section=typed.get("section"),
        )
    if refusal is None:
        usage.searched(typed["q"], found, filtered=len(typed) > 1)
    return page, status_of(refusal) if refusal else 200


@pages.get("/knowledge/<code>")
@login_required
def read(code: str) -> Any:
    return _article_page(code, NOTHING)


def _article_page(code: str, sent: Sent) -> Any:
    with snapshot() as ctx:
        article = knowledge_search.article_by_code(ctx, code)
    if sent.refusal is None:
        usage.used(Use.OPENED, [code])
    page = render_template(
        "knowledge/article.html",
        article=article,
        base="/knowledge",
        error_kinds=list(ErrorKind),
        typed=sent.typed,
        refusal=sent.refusal,
    )
    return page, sent.status


@pages.post("/knowledge/<code>/errors")
@login_required
def report(code: str) -> Any:
    """One of high risk takes the article down: what came of it stands among one's own reports."""
    typed = parse_form(request.form)
    try:
        reported = load(ReportForm(), typed)
        with transaction() as ctx:
            article_errors.report(ctx, code, reported)
    except UnknownThing:
        raise
    except Refusal as refusal:
        return _article_page(code, Sent(typed, refusal))
    return redirect("/article-errors?mine=true")


@pages.get("/knowledge/<code>/differences")
@login_required
def differences(code: str) -> Any:
    """What a later version says otherwise, for whoever reads the article."""
    asked = load(DifferencesQuery(), parse_form(request.args))
    between = {"before": asked["from_"], "after": asked["to"]}
    with snapshot() as ctx:
        lines = articles.differences(ctx, code, **between)
        return render_template("knowledge/article_differences.html", back=f"/knowledge/{code}", lines=lines, **between)
