"""The list that somebody sees, as a file."""

from io import BytesIO
from typing import Any

from flask import Blueprint, request, send_file

from hotline.doors import actor, office, roles_only
from hotline.list_files import write_list
from hotline.pages.frame import EXPORTERS, nested

pages = Blueprint("exports", __name__)
TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@pages.get("/exports/<any(tickets,overdue,statistics):what>/<any(csv,xlsx):kind>")
@roles_only(*EXPORTERS)
def export(what: str, kind: str) -> Any:
    file, asked = BytesIO(), nested(request.args)
    query = {name: value for name, value in asked.items() if name not in ("cursor", "limit", "figure")}
    with office().reading() as work:
        write_list(work, actor(), what, query, file, kind=kind)
    file.seek(0)
    return send_file(file, TYPES[kind], as_attachment=True, download_name=f"{what}.{kind}")
