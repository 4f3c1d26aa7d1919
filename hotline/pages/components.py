"""Every component of the pages in every state it can be in, for whoever builds the next page."""

from typing import Any

from flask import Blueprint, render_template

from hotline.doors import staff_only
from hotline.rules.refusals import InvalidInput

pages = Blueprint("components", __name__)
WRONG = {"/wrong": "这里写着错在哪里"}


@pages.get("/components")
@staff_only
def show() -> Any:
    return render_template("components.html", refusal=InvalidInput(WRONG), typed={})
