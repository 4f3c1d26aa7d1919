"""What the OpenAPI says of every operation alike: how one signs in, and how a refusal looks."""

import re
from typing import Any

from apiflask import APIFlask

Responses = dict[int | str, dict[str, str | dict[str, dict[str, Any]]]]
TEXT = {"type": "string"}
REFUSAL = {
    "type": "object",
    "description": "RFC 9457. `code` is stable, `detail` one Chinese sentence for people.",
    "required": ["type", "code", "title", "status", "detail"],
    "properties": {
        "type": TEXT,
        "code": TEXT,
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": TEXT,
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {"pointer": TEXT, "detail": TEXT},
            },
        },
        "allowed_actions": {"type": "array", "items": TEXT},
        "allowed_deeds": {"type": "array", "items": TEXT},
    },
}
REFUSED = {
    "description": "Refused, and nothing is done",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Refusal"}}},
}
A_FILE: Responses = {
    200: {"description": "The file", "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}
}
NOTHING: Responses = {204: {"description": "Done; there is nothing to say"}}


PLACE = re.compile(r"<(?:[^<>:]+:)?([^<>:]+)>")


def install_description(app: APIFlask) -> None:
    """Completes the description that the routes give of themselves."""

    @app.spec_processor
    def completed(spec: Any) -> Any:
        spec["components"]["schemas"]["Refusal"] = REFUSAL
        spec["components"]["schemas"].pop("ValidationError", None)
        spec["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        # A tag is named once, however many files its operations lie in.
        spec["tags"] = [{"name": name} for name in dict.fromkeys(tag["name"] for tag in spec["tags"])]
        open_to_all = _open_to_all(app)
        for path, operations in spec["paths"].items():
            for method in operations.keys() & {"get", "post", "delete"}:
                _complete(operations[method], (path, method.upper()) in open_to_all)
        return spec


def _open_to_all(app: APIFlask) -> set[tuple[str, str]]:
    return {
        (PLACE.sub(r"{\1}", rule.rule), method)
        for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], "access", None) == "all"
        for method in rule.methods or ()
    }


def _complete(operation: dict[str, Any], open_to_all: bool) -> None:
    operation["responses"].pop("422", None)
    operation["responses"]["4XX"] = REFUSED
    if not open_to_all:
        operation["security"] = [{"token": []}]
