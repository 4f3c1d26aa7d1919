"""Refusals as `application/problem+json` (RFC 9457): a stable code, a Chinese title and sentence, pointers to what is wrong."""

from typing import Any

import orjson
from apiflask.exceptions import HTTPError
from flask import Response
from werkzeug.exceptions import HTTPException

from hotline.rules.refusals import InvalidInput, Refusal
from hotline.schemas.base import pointers
from hotline.web.access import status_of

TITLES = {
    400: ("malformed-request", "请求不能读取"),
    404: ("unknown-address", "没有这个地址"),
    405: ("method-not-allowed", "不能用这种方法访问"),
    413: ("too-large", "内容过大"),
    415: ("unsupported-media-type", "只接受JSON"),
}


def _response(status: int, code: str, title: str, detail: str, **more: Any) -> Response:
    body = {"type": f"urn:hotline:{code}", "code": code, "title": title, "status": status, "detail": detail, **more}
    answer = Response(orjson.dumps(body), status, content_type="application/problem+json")
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def refusal_answer(refusal: Refusal) -> Response:
    """A refusal with its status, its pointers, and what is allowed now where the state was wrong."""
    more: dict[str, Any] = {}
    if refusal.pointers():
        more["errors"] = [{"pointer": at, "detail": sentence} for at, sentence in refusal.pointers().items()]
    for allowed in ("allowed_actions", "allowed_deeds"):
        if hasattr(refusal, allowed):
            more[allowed] = [str(step) for step in getattr(refusal, allowed)]
    return _response(status_of(refusal), refusal.code, refusal.title, refusal.sentence(), **more)


def http_answer(error: HTTPException) -> Response:
    """What the framework itself refuses, in the same shape."""
    status = error.code or 500
    code, title = TITLES.get(status, ("http-error", "请求未能完成"))
    return _response(status, code, title, f"{title}。")


def input_answer(error: HTTPError) -> Response:
    """What the form refused before the view was reached."""
    detail = error.detail if isinstance(error.detail, dict) else {}
    wrong = {at: text for part in detail.values() for at, text in pointers(part).items()}
    return refusal_answer(InvalidInput(wrong or {"": "请求内容不是有效的JSON"}))
