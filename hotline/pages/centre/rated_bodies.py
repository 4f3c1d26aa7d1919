"""The bodies that are rated."""

from typing import Any

from flask import Blueprint, render_template

from hotline.queries.ratings import ratings as rating_lists
from hotline.rules.vocabulary import Role
from hotline.web.access import roles_required, snapshot

pages = Blueprint("rated_bodies", __name__)
PRINTERS = (Role.SUPERVISOR, Role.REVIEWER, Role.ADMINISTRATOR)


@pages.get("/rated-bodies")
@roles_required(*PRINTERS)
def bodies() -> Any:
    with snapshot() as ctx:
        return render_template("centre/rated_bodies.html", items=rating_lists.bodies(ctx.session))
