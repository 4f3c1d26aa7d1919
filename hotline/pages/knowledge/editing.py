"""The desk of the knowledge base: what is being written, what waits for another person's review, what was published."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from hotline.casework.knowledge import drafting, empty_searches, freshness
from hotline.context import Context
from hotline.pages.frame import parse_form, text_in
from hotline.pages.sent import NOTHING, Sent
from hotline.queries.dashboards import desk
from hotline.queries.knowledge import article_errors, articles, policies
from hotline.queries.knowledge.article_conflicts import conflicts
from hotline.queries.knowledge.article_use import empty_search
from hotline.queries.messages.notices import notices_for
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.knowledge.article import ArticleStep, Visibility
from hotline.rules.refusals import Refusal, UnknownThing
from hotline.rules.vocabulary import Role
from hotline.schemas.base import load
from hotline.schemas.knowledge.articles import NewArticleForm, SavingForm, VerdictForm, WhyForm
from hotline.schemas.knowledge.freshness import ConfirmationForm
from hotline.schemas.queries import DifferencesQuery
from hotline.web.access import roles_required, snapshot, transaction

pages = Blueprint("editing", __name__, url_prefix="/editing")


def _typed() -> dict[str, Any]:
    """Questions and keywords are written a line each; "preview" is what the button says."""
    typed = parse_form(request.form)
    for name in ("questions", "keywords"):
        if isinstance(typed.get(name), str):
            typed[name] = [line.strip() for line in typed[name].splitlines() if line.strip()]
    return typed


def _choices(ctx: Context) -> dict[str, Any]:
    today = local(ctx.now).date()
    return {
        "units": desk.units(ctx.session),
        "categories": [c for c in desk.categories(ctx.session) if c["parent"]],
        "visibilities": list(Visibility),
        "today": today.isoformat(),
        "in_a_year": ctx.rules.freshness.usual_review(today).isoformat(),
    }


@pages.get("")
@roles_required(Role.EDITOR)
def show() -> Any:
    """A new article begins with a policy that has none (`policy`), or with what somebody searched for in vain (`search`)."""
    policy, search = (_number(request.args.get(name, "")) for name in ("policy", "search"))
    typed: dict[str, Any] = {}
    with snapshot() as ctx:
        if policy is not None:
            typed = policies.beginning(ctx, policy)
        elif search is not None and (text := empty_search(ctx.session, search)):
            typed = {"search": str(search), "title": text, "questions": [text]}
    return _list_page(Sent(typed))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _list_page(sent: Sent) -> Any:
    with snapshot() as ctx:
        body = render_template(
            "knowledge/editing.html",
            drafts=articles.drafts(ctx),
            conflicts=conflicts(ctx.session),
            notices=notices_for(ctx),
            typed=sent.typed,
            refusal=sent.refusal,
            **_choices(ctx),
        )
    return body, sent.status


@pages.post("")
@roles_required(Role.EDITOR)
def create() -> Any:
    typed = _typed()
    try:
        search = _number(text_in(typed, "search"))
        new_article = load(NewArticleForm(), {name: value for name, value in typed.items() if name != "search"})
        with transaction() as ctx:
            if search is not None:
                empty_searches.write(ctx, search, new_article)
            else:
                drafting.create(ctx, new_article)
    except Refusal as refusal:
        return _list_page(Sent(typed, refusal))
    return redirect(f"/editing/{new_article.code}")


@pages.get("/<code>")
@roles_required(Role.EDITOR)
def read(code: str) -> Any:
    return _desk_page(code, NOTHING)


def _desk_page(code: str, sent: Sent) -> Any:
    with snapshot() as ctx:
        found = articles.desk_of(ctx, code)
        content = sent.typed or (found["draft"] or {}).get("content", {})
        errors = article_errors.error_page(ctx, article_errors.ErrorFilters(article=code))["items"]
        body = render_template(
            "knowledge/article_desk.html",
            article=found,
            errors=errors,
            typed=content,
            refusal=sent.refusal,
            **_choices(ctx),
        )
    return body, sent.status


@pages.post("/<code>/<step>")
@roles_required(Role.EDITOR)
def act(code: str, step: str) -> Any:
    """What is refused stands on the desk, and what was typed is kept; a preview keeps it and saves nothing."""
    typed = _typed()
    if step == "preview":
        return _desk_page(code, Sent(typed))
    try:
        with transaction() as ctx:
            _take(ctx, code, step, typed)
    except UnknownThing:
        raise
    except Refusal as refusal:
        return _desk_page(code, Sent(typed if step == "save" else {}, refusal))
    return redirect(f"/editing/{code}")


def _take(ctx: Context, code: str, step: str, typed: dict[str, Any]) -> None:
    if step == "save":
        drafting.save(ctx, code, load(SavingForm(), typed))
    elif step == "decide":
        drafting.decide(ctx, code, load(VerdictForm(), typed))
    elif step in ("revise", "submit"):
        {"revise": drafting.revise, "submit": drafting.submit}[step](ctx, code)
    elif step == "confirm":
        freshness.confirm(ctx, code, load(ConfirmationForm(), typed))
    elif step in set(ArticleStep):
        drafting.take(ctx, code, ArticleStep(step), load(WhyForm(), typed))
    else:
        raise UnknownThing("这个操作")


@pages.get("/<code>/differences")
@roles_required(Role.EDITOR)
def differences(code: str) -> Any:
    asked = load(DifferencesQuery(), parse_form(request.args))
    with snapshot() as ctx:
        before, after = asked["from_"], asked["to"]
        lines, back = articles.differences(ctx, code, before, after), f"/editing/{code}"
        return render_template("knowledge/article_differences.html", back=back, lines=lines, before=before, after=after)
