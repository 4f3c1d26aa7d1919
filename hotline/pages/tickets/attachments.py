"""Files of a ticket: added and read."""

from typing import Any

from flask import Blueprint, redirect

from hotline.pages.sent import Sent
from hotline.pages.tickets.ticket_page import file_page
from hotline.rules.refusals import Refusal
from hotline.web import uploads
from hotline.web.access import actor, login_required
from hotline.web.uploads import takes_files

pages = Blueprint("attachments", __name__)


@pages.post("/tickets/<number>/attachments")
@login_required
@takes_files
def attach(number: str) -> Any:
    try:
        uploads.take(number, actor())
    except Refusal as refusal:
        return file_page(number, Sent(refusal=refusal))
    return redirect(f"/tickets/{number}#attachments")


@pages.get("/tickets/<number>/attachments/<int(max=9223372036854775807):attachment_id>")
@login_required
def read_attachment(number: str, attachment_id: int) -> Any:
    return uploads.send(number, attachment_id, actor())
