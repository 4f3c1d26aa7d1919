"""The desk of the knowledge base: what is being written, what waits for another person's review, what was published."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request

from hotline.app_context import Work
from hotline.casework.knowledge import drafting, empty_searches, freshness
from hotline.pages.frame import nested, text_in
from hotline.queries.dashboards import desk
from hotline.queries.knowledge import article_errors, articles, policies
from hotline.queries.knowledge.article_conflicts import conflicts
from hotline.queries.knowledge.article_use import empty_search
from hotline.rules.deadlines.working_calendar import local
from hotline.rules.knowledge.article import ArticleStep, Visibility
from hotline.rules.refusals import Refusal, UnknownThing
from hotline.rules.vocabulary import Role
from hotline.schemas.base import load
from hotline.schemas.knowledge.articles import NewArticleForm, SavingForm, VerdictForm, WhyForm
from hotline.schemas.knowledge.freshness import ConfirmationForm
from hotline.schemas.queries import DifferencesQuery
from hotline.web.access import actor, office, roles_only, status_of

pages = Blueprint("editing", __name__, url_prefix="/editing")


def _typed() -> dict[str, Any]:
    """Questions and keywords are written a line each; "preview" is what the button says."""
    typed = nested(request.form)
    for name in ("questions", "keywords"):
        if isinstance(typed.get(name), str):
            typed[name] = [line.strip() for line in typed[name].splitlines() if line.strip()]
    return typed


def _choices(work: Work) -> dict[str, Any]:
    today = local(work.now).date()
    return {
        "units": desk.units(work.session),
        "categories": [c for c in desk.categories(work.session) if c["parent"]],
        "visibilities": list(Visibility),
        "today": today.isoformat(),
        "in_a_year": (today + timedelta(days=365)).isoformat(),
    }


@pages.get("")
@roles_only(Role.EDITOR)
def show() -> Any:
    """A new article begins with a policy that has none (`policy`), or with what somebody searched for in vain (`search`)."""
    policy, search = (_number(request.args.get(name, "")) for name in ("policy", "search"))
    typed: dict[str, Any] = {}
    with office().reading() as work:
        if policy is not None:
            typed = policies.beginning(work.session, policy, now=work.now)
        elif search is not None and (text := empty_search(work.session, search)):
            typed = {"search": str(search), "title": text, "questions": [text]}
    return _list_page(typed, None)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _list_page(typed: dict[str, Any], refusal: Refusal | None) -> Any:
    with office().reading() as work:
        drafts = articles.drafts(work.session, actor())
        known: dict[str, Any] = {"drafts": drafts, "conflicts": conflicts(work.session), **_choices(work)}
        notices = desk.notices_for(work.session, actor(), now=work.now)
        body = render_template("knowledge/editing.html", notices=notices, typed=typed, refusal=refusal, **known)
    return body, status_of(refusal) if refusal else 200


@pages.post("")
@roles_only(Role.EDITOR)
def create() -> Any:
    typed = _typed()
    try:
        search = _number(text_in(typed, "search"))
        given = load(NewArticleForm(), {name: value for name, value in typed.items() if name != "search"})
        with office().deed() as work:
            if search is not None:
                empty_searches.write(work.session, search, given, actor=actor(), now=work.now)
            else:
                drafting.create(work.session, given, actor=actor(), now=work.now)
    except Refusal as refusal:
        return _list_page(typed, refusal)
    return redirect(f"/editing/{given.code}")


@pages.get("/<code>")
@roles_only(Role.EDITOR)
def read(code: str) -> Any:
    return _desk_page(code, None, None)


def _desk_page(code: str, typed: dict[str, Any] | None, refusal: Refusal | None) -> Any:
    with office().reading() as work:
        found = articles.desk_of(work.session, code, actor(), now=work.now)
        content = typed or (found["draft"] or {}).get("content", {})
        errors = article_errors.error_page(work.session, actor(), now=work.now, article=code)["items"]
        body = render_template(
            "knowledge/article_desk.html",
            article=found,
            errors=errors,
            typed=content,
            refusal=refusal,
            **_choices(work),
        )
    return body, status_of(refusal) if refusal else 200


@pages.post("/<code>/<step>")
@roles_only(Role.EDITOR)
def act(code: str, step: str) -> Any:
    """What is refused stands on the desk, and what was typed is kept; a preview keeps it and saves nothing."""
    typed = _typed()
    if step == "preview":
        return _desk_page(code, typed, None)
    try:
        with office().deed() as work:
            _take(work, code, step, typed)
    except UnknownThing:
        raise
    except Refusal as refusal:
        return _desk_page(code, typed if step == "save" else None, refusal)
    return redirect(f"/editing/{code}")


def _take(work: Work, code: str, step: str, typed: dict[str, Any]) -> None:
    known: dict[str, Any] = {"actor": actor(), "now": work.now}
    if step == "save":
        drafting.save(work.session, code, load(SavingForm(), typed), **known)
    elif step == "decide":
        drafting.decide(work.session, code, load(VerdictForm(), typed), rulebook=work.rulebook, **known)
    elif step in ("revise", "submit"):
        {"revise": drafting.revise, "submit": drafting.submit}[step](work.session, code, **known)
    elif step == "confirm":
        freshness.confirm(work.session, code, load(ConfirmationForm(), typed), rulebook=work.rulebook, **known)
    elif step in set(ArticleStep):
        drafting.take(work.session, code, ArticleStep(step), load(WhyForm(), typed), rulebook=work.rulebook, **known)
    else:
        raise UnknownThing("这个操作")


@pages.get("/<code>/differences")
@roles_only(Role.EDITOR)
def differences(code: str) -> Any:
    asked = load(DifferencesQuery(), nested(request.args))
    with office().reading() as work:
        lines = articles.differences(work.session, code, actor(), asked["from_"], asked["to"])
        known = {"before": asked["from_"], "after": asked["to"]}
        return render_template("knowledge/article_differences.html", back=f"/editing/{code}", lines=lines, **known)
