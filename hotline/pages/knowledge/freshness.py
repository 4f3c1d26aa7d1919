"""How fresh the articles are, and the queues behind it: policies without an article, reviews, expiries, reported errors."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request

from hotline.casework.knowledge import article_errors, policies
from hotline.pages.frame import parse_form
from hotline.pages.sent import NOTHING, Sent
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
from hotline.web.access import actor, login_required, roles_required, snapshot, status_of, transaction

pages = Blueprint("freshness", __name__)
ID = "<int(max=9223372036854775807):{}>"


@pages.get("/freshness")
@roles_required(*WATCH_ARTICLES)
def show() -> Any:
    with snapshot() as ctx:
        found = freshness.by_unit(ctx)
        clocks = article_queue.by_kind(ctx)
        return render_template("knowledge/freshness.html", found=found, clocks=clocks, piles=list(Pile))


@pages.get("/freshness/queue")
@roles_required(*WATCH_ARTICLES)
def queue() -> Any:
    typed = parse_form(request.args)
    asked = load(QueueQuery(), typed)
    with snapshot() as ctx:
        page = article_queue.queue_page(ctx, **asked)
        return render_template("knowledge/article_queue.html", page=page, asked=asked["filters"], typed=typed)


@pages.get("/freshness/articles")
@roles_required(*WATCH_ARTICLES)
def pile() -> Any:
    typed = parse_form(request.args)
    asked = load(PileQuery(), typed)
    with snapshot() as ctx:
        page = freshness.pile_page(ctx, **asked)
        return render_template("knowledge/freshness_articles.html", page=page, asked=asked["filters"], typed=typed)


@pages.get("/new-policies")
@roles_required(*WATCH_ARTICLES)
def new_policies() -> Any:
    return _policies_page(NOTHING)


def _policies_page(sent: Sent) -> Any:
    address = parse_form(request.args)
    asked = load(PoliciesQuery(), address)
    with snapshot() as ctx:
        page = policy_lists.policy_page(ctx, **asked)
        units = desk.units(ctx.session)
    body = render_template(
        "knowledge/new_policies.html",
        page=page,
        typed=sent.typed,
        refusal=sent.refusal,
        units=units,
        states=list(PolicyState),
        may_register=Role.EDITOR in actor().roles,
        asked=asked["filters"],
        address=address,
    )
    return body, sent.status


def _policy_deed(form: type[Form], does: Callable[..., Any], *subject: int) -> Any:
    """What is refused stands on the page, and what was typed is kept."""
    typed = parse_form(request.form)
    try:
        payload = load(form(), typed)
        with transaction() as ctx:
            does(ctx, *subject, payload)
    except Refusal as refusal:
        return _policies_page(Sent(typed, refusal))
    return redirect("/new-policies")


@pages.post("/new-policies")
@roles_required(Role.EDITOR)
def register() -> Any:
    return _policy_deed(PolicyForm, policies.register)


@pages.post(f"/new-policies/{ID.format('policy_id')}/link")
@roles_required(Role.EDITOR)
def link(policy_id: int) -> Any:
    return _policy_deed(LinkForm, policies.link, policy_id)


@pages.post(f"/new-policies/{ID.format('policy_id')}/set-aside")
@roles_required(Role.EDITOR)
def set_aside(policy_id: int) -> Any:
    return _policy_deed(NotNeededForm, policies.set_aside, policy_id)


@pages.get("/article-errors")
@login_required
def errors() -> Any:
    """Those that are open; whoever does not keep the knowledge base sees what they reported themselves."""
    return _errors_page(None)


def _errors_page(refusal: Refusal | None) -> Any:
    typed = parse_form(request.args)
    asked = load(ErrorsQuery(), typed)
    with snapshot() as ctx:
        page = error_lists.error_page(ctx, **asked)
    body = render_template(
        "knowledge/article_errors.html",
        page=page,
        refusal=refusal,
        typed=typed,
        watches=bool(actor().roles & WATCH_ARTICLES),
        states=list(ErrorState),
        asked=asked["filters"],
    )
    return body, status_of(refusal) if refusal else 200


@pages.post(f"/article-errors/{ID.format('error_id')}/decide")
@roles_required(Role.EDITOR)
def decide(error_id: int) -> Any:
    try:
        finding = load(FindingForm(), parse_form(request.form))
        with transaction() as ctx:
            article_errors.decide(ctx, error_id, finding)
    except Refusal as refusal:
        return _errors_page(refusal)
    return redirect(f"/article-errors#error-{error_id}")
