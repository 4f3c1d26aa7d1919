"""The printed code of a rated body, and a new one."""

from typing import Any

import segno
from flask import Blueprint, redirect, render_template, request
from markupsafe import Markup

from hotline.casework.ratings import body_rating, rated_bodies, rating_links
from hotline.pages.centre.rated_bodies import PRINTERS
from hotline.rules.vocabulary import Role
from hotline.web.access import app_context, roles_required, snapshot, transaction

pages = Blueprint("rating_sheet", __name__)


@pages.get("/rated-bodies/<code>/sheet")
@roles_required(*PRINTERS)
def sheet(code: str) -> Any:
    """To be printed and put up: the code of this body that holds now."""
    with snapshot() as ctx:
        body = body_rating.body_of(ctx.session, code)
        token = rating_links.for_sheet(app_context().keys, body)
        address = f"{app_context().settings.public_url or request.url_root.rstrip('/')}/r/{token}"
        drawn = Markup(segno.make(address, error="m").svg_inline(omitsize=True, title=f"评价{body.name}"))
        return render_template("shared/sheet.html", body=body, drawn=drawn, address=address)


@pages.post("/rated-bodies/<code>/renew")
@roles_required(Role.SUPERVISOR)
def renew(code: str) -> Any:
    with transaction() as ctx:
        rated_bodies.renew_sheet(ctx, code)
    return redirect(f"/rated-bodies/{code}/sheet")
