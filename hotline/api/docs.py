"""OpenAPI 3.1, and a page that reads it to people without any outside address."""

from typing import Any

from apiflask import APIBlueprint
from flask import current_app, render_template

from hotline.web.access import public

docs = APIBlueprint("api_docs", __name__, url_prefix="/api/v1", enable_openapi=False)


@docs.get("/openapi.json")
@public
def openapi() -> dict[str, Any]:
    spec: dict[str, Any] = current_app.spec  # type: ignore[attr-defined]
    return spec


@docs.get("/docs")
@public
def read() -> str:
    return render_template("shared/api_docs.html", spec=current_app.spec)  # type: ignore[attr-defined]
