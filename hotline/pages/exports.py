"""The list that somebody sees, as a file."""

from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import IO, Any

from flask import Blueprint, request, send_file

from hotline.context import Context
from hotline.pages.frame import EXPORTERS, parse_form
from hotline.pages.replica_reads import replica_read
from hotline.transfer.export_lists import write_list
from hotline.web.access import roles_required
from hotline.web.downloads import XLSX

pages = Blueprint("exports", __name__)
TYPES = {"csv": "text/csv", "xlsx": XLSX}
OF_THE_PAGE = ("cursor", "limit", "figure")
MOST = 50_000
"""Who waits for a file occupies a worker of the site meanwhile: for more there is the command."""


@pages.get("/exports/<any(tickets,overdue,statistics):what>/<any(csv,xlsx):kind>")
@roles_required(*EXPORTERS)
def export(what: str, kind: str) -> Any:
    asked = parse_form(request.args)
    query = {name: value for name, value in asked.items() if name not in OF_THE_PAGE}

    def written(ctx: Context) -> IO[bytes]:
        with ExitStack() as unless_written:
            file = unless_written.enter_context(TemporaryFile())
            write_list(ctx, what, query, file, kind=kind, most=MOST)
            unless_written.pop_all()
        return file

    file = replica_read(written)
    size = file.tell()
    file.seek(0)
    answer = send_file(file, TYPES[kind], as_attachment=True, download_name=f"{what}.{kind}")
    answer.content_length = size
    return answer
