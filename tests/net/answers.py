"""An answer as text: its status, its headers, and its body in a form that can be compared line by line."""

import json
import re
from io import BytesIO
from zipfile import ZipFile

from openpyxl import load_workbook
from werkzeug.test import TestResponse

from tests.net.pages import page_lines

# Of chance, or told by the body already.
NOT_TOLD = {"content-length", "date", "x-request-id", "etag", "last-modified"}
BRIEFLY = {"content-type", "location", "retry-after"}
# What the process itself measures: how long, how much.
MEASURED = re.compile(r"^(python|process)_|^hotline_(requests?|refusals)_")
COOKIE = re.compile(r"^([^=]+)=[^;]*")
OF_CHANCE = r"\1=<of chance>"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def told(answer: TestResponse, *, brief: bool = False) -> str:
    """Return the whole answer; in brief, without the headers that say how browsers are to treat it."""
    lines = [str(answer.status_code)]
    for name, value in sorted((name.lower(), value) for name, value in answer.headers):
        if name == "set-cookie":
            lines.append(f"{name}: {COOKIE.sub(OF_CHANCE, value)}")
        elif name in BRIEFLY or not (brief or name in NOT_TOLD):
            lines.append(f"{name}: {value}")
    return "\n".join([*lines, "", body_of(answer)])


def body_of(answer: TestResponse) -> str:
    """Return the body by what it is said to be."""
    kind, data = answer.mimetype, answer.get_data()
    if "json" in kind and data:
        return json.dumps(json.loads(data), ensure_ascii=False, indent=1, sort_keys=True)
    if kind == SHEET:
        return _sheets(data)
    if kind == "application/zip":
        with ZipFile(BytesIO(data)) as packed:
            files = sorted(packed.namelist())
            return "\n".join(f"== {name}\n{packed.read(name).decode()}" for name in files)
    if kind == "text/html":
        return page_lines(data.decode())
    text = data.decode("utf-8", "replace")
    return _figures(text) if "# HELP" in text else text


def _sheets(data: bytes) -> str:
    lines = []
    for sheet in load_workbook(BytesIO(data)).worksheets:
        lines.append(f"== {sheet.title}")
        lines += ["\t".join("" if cell is None else repr(cell) for cell in row) for row in sheet.values]
    return "\n".join(lines)


def _figures(text: str) -> str:
    """Return the figures; of what is measured only the names."""
    lines = [line.split("{")[0].split(" ")[0] if MEASURED.search(line) else line for line in text.splitlines()]
    return "\n".join(sorted(set(lines)))
