"""Files as downloads: the whole knowledge base, and workbooks written for one request."""

from collections.abc import Callable
from io import BytesIO
from typing import IO

from flask import Response, send_file

from hotline.transfer import export_articles
from hotline.web.access import snapshot

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS: dict[str, tuple[Callable[..., None], str]] = {
    "zip": (export_articles.write_zip, "application/zip"),
    "xlsx": (export_articles.write_sheet, XLSX),
}


def whole_base(kind: str) -> Response:
    """Every article that was ever published, as a zip of Markdown or a sheet."""
    write, media_type = KINDS[kind]
    with snapshot() as ctx:
        return _sent(lambda file: write(ctx.session, file), media_type, f"knowledge.{kind}")


def workbook(write: Callable[[IO[bytes]], object], name: str) -> Response:
    """Return the workbook that `write` puts into the file given, to be saved under this name."""
    return _sent(write, XLSX, name)


def _sent(write: Callable[[IO[bytes]], object], media_type: str, name: str) -> Response:
    file = BytesIO()
    write(file)
    file.seek(0)
    return send_file(file, media_type, as_attachment=True, download_name=name)
