"""How fresh the articles are: policies without one, reviews, expiries, reported errors, and the numbers of each unit."""

from collections.abc import Callable
from typing import Any

from apiflask import APIBlueprint

from hotline.api.knowledge.knowledge import done_by_the_rules
from hotline.api.parsing import body, query
from hotline.casework.knowledge import article_errors, policies
from hotline.casework.knowledge import freshness as deeds
from hotline.queries.knowledge import article_errors as error_lists
from hotline.queries.knowledge import article_queue
from hotline.queries.knowledge import freshness as figures
from hotline.queries.knowledge import policies as policy_lists
from hotline.rules.knowledge.freshness import WATCH_ARTICLES
from hotline.rules.vocabulary import Role
from hotline.schemas.knowledge.freshness import (
    ConfirmationForm,
    ErrorsQuery,
    FindingForm,
    LinkForm,
    NotNeededForm,
    PileQuery,
    PoliciesQuery,
    PolicyForm,
    QueueQuery,
    ReportForm,
)
from hotline.web.access import login_required, roles_required, snapshot, transaction

freshness = APIBlueprint("api_freshness", __name__, url_prefix="/api/v1/knowledge", tag="Knowledge")
POLICY = "/policies/<int(max=9223372036854775807):policy_id>"
ERROR = "/errors/<int(max=9223372036854775807):error_id>"


@freshness.get("/freshness")
@roles_required(*WATCH_ARTICLES)
@freshness.doc(summary="How fresh each unit's articles are, and what runs late")
def by_unit() -> dict[str, Any]:
    with snapshot() as ctx:
        found = figures.by_unit(ctx)
        return {**found, "clocks": article_queue.by_kind(ctx)}


@freshness.get("/freshness/queue")
@roles_required(*WATCH_ARTICLES)
@query(freshness, QueueQuery)
@freshness.doc(summary="What the knowledge base owes now, the nearest due first")
def queue(asked: dict[str, Any]) -> dict[str, Any]:
    with snapshot() as ctx:
        return article_queue.queue_page(ctx, **asked)


@freshness.get("/freshness/articles")
@roles_required(*WATCH_ARTICLES)
@query(freshness, PileQuery)
@freshness.doc(summary="The articles that one of these numbers counts")
def pile(asked: dict[str, Any]) -> dict[str, Any]:
    with snapshot() as ctx:
        return figures.pile_page(ctx, **asked)


@freshness.get("/policies")
@roles_required(*WATCH_ARTICLES)
@query(freshness, PoliciesQuery)
@freshness.doc(summary="Registered policies; without a state those that have no article yet")
def list_policies(asked: dict[str, Any]) -> dict[str, Any]:
    with snapshot() as ctx:
        return policy_lists.policy_page(ctx, **asked)


@freshness.post("/policies")
@roles_required(Role.EDITOR)
@body(freshness, PolicyForm)
@freshness.doc(summary="Register a policy: within one working day there is an article", responses={201: "The policy"})
def register(given: policies.NewPolicy) -> tuple[dict[str, Any], int]:
    with transaction() as ctx:
        policy = policies.register(ctx, given)
        return policy_lists.policy_line(ctx, policy.id), 201


@freshness.post(f"{POLICY}/actions/link")
@roles_required(Role.EDITOR)
@body(freshness, LinkForm)
@freshness.doc(summary="This article answers from the policy")
def link(policy_id: int, given: policies.Link) -> dict[str, Any]:
    return _settled(policies.link, policy_id, given)


@freshness.post(f"{POLICY}/actions/set_aside")
@roles_required(Role.EDITOR)
@body(freshness, NotNeededForm)
@freshness.doc(summary="No article is needed, and why")
def set_aside(policy_id: int, given: policies.NotNeeded) -> dict[str, Any]:
    return _settled(policies.set_aside, policy_id, given)


def _settled(deed: Callable[..., Any], policy_id: int, given: Any) -> dict[str, Any]:
    with transaction() as ctx:
        deed(ctx, policy_id, given)
        return policy_lists.policy_line(ctx, policy_id)


@freshness.get("/errors")
@login_required
@query(freshness, ErrorsQuery)
@freshness.doc(summary="Reported errors: those that are open, or one's own")
def list_errors(asked: dict[str, Any]) -> dict[str, Any]:
    with snapshot() as ctx:
        return error_lists.error_page(ctx, **asked)


@freshness.post("/articles/<code>/errors")
@login_required
@body(freshness, ReportForm)
@freshness.doc(summary="Report an error; one of high risk takes the article down at once", responses={201: "The error"})
def report(code: str, given: article_errors.Reported) -> tuple[dict[str, Any], int]:
    with transaction() as ctx:
        error = article_errors.report(ctx, code, given)
        return error_lists.error_line(ctx, error.id), 201


@freshness.post(f"{ERROR}/actions/decide")
@roles_required(Role.EDITOR)
@body(freshness, FindingForm)
@freshness.doc(summary="Find a report true, or not")
def decide(error_id: int, given: article_errors.Finding) -> dict[str, Any]:
    with transaction() as ctx:
        article_errors.decide(ctx, error_id, given)
        return error_lists.error_line(ctx, error_id)


@freshness.post("/articles/<code>/actions/confirm")
@roles_required(Role.EDITOR)
@body(freshness, ConfirmationForm)
@freshness.doc(summary="Looked through and found right, until the next review")
def confirm(code: str, given: deeds.Confirmation) -> dict[str, Any]:
    return done_by_the_rules(code, deeds.confirm, given)
