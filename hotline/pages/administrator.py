"""The administrator's page: messages that could not be sent, and sending them again."""

from typing import Any

from flask import Blueprint, redirect, render_template

from hotline.casework import delivery
from hotline.doors import actor, office, roles_only
from hotline.reading import deliveries
from hotline.rules.vocabulary import Role

pages = Blueprint("administrator", __name__)


@pages.get("/admin")
@roles_only(Role.ADMINISTRATOR)
def show() -> Any:
    with office().reading() as work:
        rows, counts = deliveries.dead_letters(work.session), deliveries.counts(work.session)
    return render_template("admin.html", rows=rows, counts=counts)


@pages.post("/admin/deliveries/<int(max=9223372036854775807):delivery_id>/resend")
@roles_only(Role.ADMINISTRATOR)
def resend(delivery_id: int) -> Any:
    with office().deed() as work:
        delivery.resend(work.session, delivery_id, actor=actor(), now=work.now)
    return redirect("/admin")
