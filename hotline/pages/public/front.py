"""The public front: where a ticket is looked up and a matter begins."""

from typing import Any

from flask import Blueprint, render_template

from hotline.pages.sent import NOTHING, Sent
from hotline.web.access import app_context, public

pages = Blueprint("front", __name__)


@pages.get("/")
@public
def front() -> Any:
    return front_page(NOTHING)


def front_page(sent: Sent) -> Any:
    """Draw the front, with what was looked up in vain."""
    events = app_context().shelves.events
    page = render_template("public/front.html", typed=sent.typed, refusal=sent.refusal, events=events)
    return page, sent.status
