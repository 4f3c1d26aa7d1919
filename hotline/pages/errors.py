"""Refusals as pages: the sentence, and the way back."""

from typing import Any

from werkzeug.exceptions import HTTPException

from hotline.doors import status_of
from hotline.rules.refusals import Refusal


def refusal_answer(refusal: Refusal) -> Any:
    return refusal.sentence(), status_of(refusal)


def http_answer(error: HTTPException) -> Any:
    return "没有这个页面。", error.code or 500
