"""The whole knowledge base as a download."""

from collections.abc import Callable
from io import BytesIO

from flask import Response, send_file

from hotline.transfer import export_articles
from hotline.web.access import snapshot

KINDS: dict[str, tuple[Callable[..., None], str]] = {
    "zip": (export_articles.write_zip, "application/zip"),
    "xlsx": (export_articles.write_sheet, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def whole_base(kind: str) -> Response:
    """Every article that was ever published, as a zip of Markdown or a sheet."""
    write, media_type = KINDS[kind]
    file = BytesIO()
    with snapshot() as ctx:
        write(ctx.session, file)
    file.seek(0)
    return send_file(file, media_type, as_attachment=True, download_name=f"knowledge.{kind}")
