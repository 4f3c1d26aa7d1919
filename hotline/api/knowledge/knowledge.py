"""Articles for staff, and their life for those who keep the knowledge base."""

from collections.abc import Callable
from typing import Any

from apiflask import APIBlueprint

from hotline.api.parsing import body, query
from hotline.casework.knowledge import drafting
from hotline.queries.knowledge import articles as reading
from hotline.queries.knowledge import knowledge_search
from hotline.rules.knowledge.article import ArticleStep
from hotline.rules.vocabulary import Role
from hotline.schemas.knowledge.articles import NewArticleForm, SavingForm, VerdictForm, WhyForm
from hotline.schemas.queries import ArticlesQuery, DifferencesQuery, OnQuery
from hotline.web.access import login_required, roles_required, snapshot, transaction

knowledge = APIBlueprint("api_knowledge", __name__, url_prefix="/api/v1/knowledge", tag="Knowledge")
ARTICLE = "/articles/<code>"


@knowledge.get("/articles")
@login_required
@query(knowledge, ArticlesQuery)
@knowledge.doc(summary="Find articles; those in force first")
def find(asked: dict[str, Any]) -> dict[str, Any]:
    with snapshot() as ctx:
        text = asked.pop("q")
        return {"items": knowledge_search.search(ctx, text, **asked)}


@knowledge.get(ARTICLE)
@login_required
@query(knowledge, OnQuery)
@knowledge.doc(summary="The current version of an article, or the one that was read on a day")
def read(code: str, asked: dict[str, Any]) -> dict[str, Any]:
    with snapshot() as ctx:
        if "on" not in asked:
            return knowledge_search.article_by_code(ctx, code)
        version = reading.version_on(ctx, code, asked["on"])
        return knowledge_search.in_full(version.article, version, asked["on"])


@knowledge.get(f"{ARTICLE}/versions")
@login_required
@knowledge.doc(summary="Every publication of an article")
def versions(code: str) -> dict[str, Any]:
    with snapshot() as ctx:
        return {"items": knowledge_search.versions_of(ctx, code)}


@knowledge.get(f"{ARTICLE}/differences")
@login_required
@query(knowledge, DifferencesQuery)
@knowledge.doc(summary="What a later version says otherwise, line by line")
def differences(code: str, asked: dict[str, Any]) -> dict[str, Any]:
    with snapshot() as ctx:
        return {"lines": reading.differences(ctx, code, asked["from_"], asked["to"])}


@knowledge.get("/drafts")
@roles_required(Role.EDITOR)
@knowledge.doc(summary="What is being written, the latest first")
def drafts() -> dict[str, Any]:
    with snapshot() as ctx:
        return reading.drafts(ctx).answer()


@knowledge.get(f"{ARTICLE}/desk")
@roles_required(Role.EDITOR)
@knowledge.doc(summary="An article for its keepers: state, draft, versions, what was done")
def desk(code: str) -> dict[str, Any]:
    with snapshot() as ctx:
        return reading.desk_of(ctx, code)


def _done(code: str, deed: Callable[..., Any], *given: Any) -> dict[str, Any]:
    with transaction() as ctx:
        deed(ctx, *given)
        return reading.desk_of(ctx, code)


def done_by_the_rules(code: str, deed: Callable[..., Any], *given: Any) -> dict[str, Any]:
    """A deed to an article that needs the rulebook; answers the article as its keepers see it."""
    with transaction() as ctx:
        deed(ctx, code, *given)
        return reading.desk_of(ctx, code)


@knowledge.post("/articles")
@roles_required(Role.EDITOR)
@body(knowledge, NewArticleForm)
@knowledge.doc(summary="A new article, as a draft", responses={201: "The draft"})
def create(given: drafting.NewArticle) -> tuple[dict[str, Any], int]:
    return _done(given.code, drafting.create, given), 201


@knowledge.post(f"{ARTICLE}/actions/revise")
@roles_required(Role.EDITOR)
@knowledge.doc(summary="A draft beside what is published")
def revise(code: str) -> dict[str, Any]:
    return _done(code, drafting.revise, code)


@knowledge.post(f"{ARTICLE}/actions/save")
@roles_required(Role.EDITOR)
@body(knowledge, SavingForm)
@knowledge.doc(summary="Save the draft; `version` guards it")
def save(code: str, given: drafting.Saving) -> dict[str, Any]:
    return _done(code, drafting.save, code, given)


@knowledge.post(f"{ARTICLE}/actions/submit")
@roles_required(Role.EDITOR)
@knowledge.doc(summary="To be reviewed by another person")
def submit(code: str) -> dict[str, Any]:
    return _done(code, drafting.submit, code)


@knowledge.post(f"{ARTICLE}/actions/decide")
@roles_required(Role.EDITOR)
@body(knowledge, VerdictForm)
@knowledge.doc(summary="Publish the draft, or send it back")
def decide(code: str, given: drafting.Verdict) -> dict[str, Any]:
    return done_by_the_rules(code, drafting.decide, given)


def _add_step(taken: ArticleStep) -> None:
    def act(code: str, given: drafting.Why) -> dict[str, Any]:
        return done_by_the_rules(code, drafting.take, taken, given)

    act.__name__ = f"article_{taken.value}"
    view = knowledge.doc(summary=taken.label)(body(knowledge, WhyForm)(roles_required(Role.EDITOR)(act)))
    knowledge.post(f"{ARTICLE}/actions/{taken.value}")(view)


for _taken in ArticleStep:
    _add_step(_taken)
