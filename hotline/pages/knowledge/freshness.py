"""How fresh the articles are, and the queues behind it: policies without an article, reviews, expiries, reported errors."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request

from hotline.casework.knowledge import article_errors, policies
from hotline.pages.frame import nested
from hotline.queries.dashboards import desk
from hotline.queries.knowledge import article_errors as error_lists
from hotline.queries.knowledge import article_queue, freshness
from hotline.queries.knowledge import policies as policy_lists
from hotline.rules.knowledge.freshness import WATCH_ARTICLES, ErrorState, Pile, PolicyState
from hotline.rules.refusals import Refusal
from hotline.rules.vocabulary import Role
from hotline.schemas.base import Form, load
from hotline.schemas.knowledge.freshness import (
    ErrorsQuery,
    FindingForm,
    LinkForm,
    NotNeededForm,
    PileQuery,
    PoliciesQuery,
    PolicyForm,
    QueueQuery,
)
from hotline.web.access import actor, office, roles_only, staff_only, status_of

pages = Blueprint("freshness", __name__)
ID = "<int(max=9223372036854775807):{}>"


@pages.get("/freshness")
@roles_only(*WATCH_ARTICLES)
def show() -> Any:
    with office().reading() as work:
        found = freshness.by_unit(work.session, actor(), now=work.now, rulebook=work.rulebook)
        clocks = article_queue.by_kind(work.session, actor(), now=work.now)
        return render_template("knowledge/freshness.html", found=found, clocks=clocks, piles=list(Pile))


@pages.get("/freshness/queue")
@roles_only(*WATCH_ARTICLES)
def queue() -> Any:
    typed = nested(request.args)
    asked = load(QueueQuery(), typed)
    with office().reading() as work:
        page = article_queue.queue_page(work.session, actor(), now=work.now, **asked)
        return render_template("knowledge/article_queue.html", page=page, asked=asked, typed=typed)


@pages.get("/freshness/articles")
@roles_only(*WATCH_ARTICLES)
def pile() -> Any:
    typed = nested(request.args)
    asked = load(PileQuery(), typed)
    with office().reading() as work:
        page = freshness.pile_page(work.session, actor(), now=work.now, rulebook=work.rulebook, **asked)
        return render_template("knowledge/freshness_articles.html", page=page, asked=asked, typed=typed)


@pages.get("/new-policies")
@roles_only(*WATCH_ARTICLES)
def new_policies() -> Any:
    return _policies_page({}, None)


def _policies_page(typed: dict[str, Any], refusal: Refusal | None) -> Any:
    address = nested(request.args)
    asked = load(PoliciesQuery(), address)
    with office().reading() as work:
        page = policy_lists.policy_page(work.session, now=work.now, **asked)
        known = {"units": desk.units(work.session), "states": list(PolicyState)}
    known |= {"may_register": Role.EDITOR in actor().roles, "asked": asked, "address": address}
    body = render_template("knowledge/new_policies.html", page=page, typed=typed, refusal=refusal, **known)
    return body, status_of(refusal) if refusal else 200


def _policy_deed(form: type[Form], does: Callable[..., Any], *subject: int) -> Any:
    """What is refused stands on the page, and what was typed is kept."""
    typed = nested(request.form)
    try:
        given = load(form(), typed)
        with office().deed() as work:
            does(work.session, *subject, given, actor=actor(), now=work.now, rulebook=work.rulebook)
    except Refusal as refusal:
        return _policies_page(typed, refusal)
    return redirect("/new-policies")


@pages.post("/new-policies")
@roles_only(Role.EDITOR)
def register() -> Any:
    return _policy_deed(PolicyForm, policies.register)


@pages.post(f"/new-policies/{ID.format('policy_id')}/link")
@roles_only(Role.EDITOR)
def link(policy_id: int) -> Any:
    return _policy_deed(LinkForm, policies.link, policy_id)


@pages.post(f"/new-policies/{ID.format('policy_id')}/set-aside")
@roles_only(Role.EDITOR)
def set_aside(policy_id: int) -> Any:
    return _policy_deed(NotNeededForm, policies.set_aside, policy_id)


@pages.get("/article-errors")
@staff_only
def errors() -> Any:
    """Those that are open; whoever does not keep the knowledge base sees what they reported themselves."""
    return _errors_page(None)


def _errors_page(refusal: Refusal | None) -> Any:
    typed = nested(request.args)
    asked = load(ErrorsQuery(), typed)
    with office().reading() as work:
        page = error_lists.error_page(work.session, actor(), now=work.now, **asked)
    known = {"watches": bool(actor().roles & WATCH_ARTICLES), "states": list(ErrorState), "asked": asked}
    body = render_template("knowledge/article_errors.html", page=page, refusal=refusal, typed=typed, **known)
    return body, status_of(refusal) if refusal else 200


@pages.post(f"/article-errors/{ID.format('error_id')}/decide")
@roles_only(Role.EDITOR)
def decide(error_id: int) -> Any:
    try:
        given = load(FindingForm(), nested(request.form))
        with office().deed() as work:
            known: dict[str, Any] = {"actor": actor(), "now": work.now, "rulebook": work.rulebook}
            article_errors.decide(work.session, error_id, given, **known)
    except Refusal as refusal:
        return _errors_page(refusal)
    return redirect(f"/article-errors#error-{error_id}")
