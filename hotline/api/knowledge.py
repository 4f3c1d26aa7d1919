"""Articles for staff."""

from typing import Any

from apiflask import APIBlueprint

from hotline.api.parsing import query
from hotline.doors import actor, office, staff_only
from hotline.forms.queries import ArticlesQuery
from hotline.reading import knowledge_search

knowledge = APIBlueprint("api_knowledge", __name__, url_prefix="/api/v1/knowledge", tag="Knowledge")


@knowledge.get("/articles")
@staff_only
@query(knowledge, ArticlesQuery)
@knowledge.doc(summary="Find articles; those in force first")
def find(asked: dict[str, Any]) -> dict[str, Any]:
    with office().reading() as work:
        text = asked.pop("q")
        return {"items": knowledge_search.search(work.session, text, actor(), now=work.now, **asked)}


@knowledge.get("/articles/<code>")
@staff_only
@knowledge.doc(summary="The current version of an article")
def read(code: str) -> dict[str, Any]:
    with office().reading() as work:
        return knowledge_search.article_by_code(work.session, code, actor(), now=work.now)


@knowledge.get("/articles/<code>/versions")
@staff_only
@knowledge.doc(summary="Every publication of an article")
def versions(code: str) -> dict[str, Any]:
    with office().reading() as work:
        return {"items": knowledge_search.versions_of(work.session, code, actor())}
