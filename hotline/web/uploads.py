"""How a file comes in and goes out over HTTP: larger bodies where a view takes files, and downloads that no browser runs."""

from collections.abc import Callable
from io import BytesIO
from typing import Any, TypeVar

from flask import Response, current_app, request, send_file

from hotline.casework.intake import attachments
from hotline.casework.intake.attachments import Upload
from hotline.casework.tickets.access import ticket_for
from hotline.models.tickets.attachments import Attachment
from hotline.rules.actors import Actor
from hotline.rules.handling.upload import LARGEST
from hotline.rules.refusals import InvalidInput, StorageSilent
from hotline.web.access import app_context, snapshot, transaction

BESIDE_THE_FILE = 64 * 1024
View = TypeVar("View", bound=Callable[..., Any])


def takes_files(view: View) -> View:
    """This view's body may be as large as a file."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def allow_uploads() -> None:
    """Before each request: raises the limit of the body for the views that take files."""
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "takes_files", False):
        request.max_content_length = LARGEST + BESIDE_THE_FILE


def upload_sent() -> Upload:
    """The file of this request; refuses `InvalidInput` when there is none."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise InvalidInput({"/file": "请选择文件"})
    return Upload(file.filename, file.read(), for_unit=request.form.get("for_unit") == "true")


def take(number: str, actor: Actor) -> Attachment:
    """Keeps the file of this request with the ticket; whoever may not see the ticket hears of nothing else."""
    with snapshot() as ctx:
        ticket_for(ctx.by(actor), number)
    upload = upload_sent()
    with transaction() as ctx:
        store, scanner = app_context().store, app_context().scanner
        return attachments.attach(ctx.by(actor), number, upload, store=store, scanner=scanner)


def send(number: str, attachment_id: int, actor: Actor) -> Response:
    """The file, to be saved and never shown in place. Refuses `StorageSilent` where the shared folder is not there."""
    with snapshot() as ctx:
        row = attachments.attachment_for(ctx.by(actor), number, attachment_id)
    try:
        content = BytesIO(app_context().store.read(row.content_hash))
    except OSError:
        raise StorageSilent() from None
    return send_file(content, mimetype=row.media_type, as_attachment=True, download_name=row.name)
