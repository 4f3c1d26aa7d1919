"""The list that somebody sees, as a file."""

from io import BytesIO
from typing import Any

from flask import Blueprint, request, send_file

from hotline.context import Context
from hotline.pages.frame import EXPORTERS, parse_form
from hotline.pages.replica_reads import replica_read
from hotline.transfer.export_lists import write_list
from hotline.web.access import actor, roles_required

pages = Blueprint("exports", __name__)
TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@pages.get("/exports/<any(tickets,overdue,statistics):what>/<any(csv,xlsx):kind>")
@roles_required(*EXPORTERS)
def export(what: str, kind: str) -> Any:
    asked = parse_form(request.args)
    query = {name: value for name, value in asked.items() if name not in ("cursor", "limit", "figure")}

    def written(ctx: Context) -> BytesIO:
        file = BytesIO()
        write_list(ctx, actor(), what, query, file, kind=kind)
        file.seek(0)
        return file

    return send_file(replica_read(written), TYPES[kind], as_attachment=True, download_name=f"{what}.{kind}")
