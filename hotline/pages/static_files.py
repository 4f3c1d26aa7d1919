"""Styles, scripts and pictures: addressed by what they hold, so a browser keeps them a year and never mixes two releases."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, send_file

from hotline.web.access import public

pages = Blueprint("static_files", __name__)
FILES = {path.name: path for path in sorted((Path(__file__).parent / "static").rglob("*.*"))}
"""By name, whichever folder they lie in: an address holds no folder, so scripts import each other as `./other.js`."""
A_YEAR = 365 * 24 * 3600


@lru_cache
def digest() -> str:
    """The first eight hexadecimal digits of the digest of all static files."""
    held = sha256()
    for name, file in sorted(FILES.items()):
        held.update(name.encode() + file.read_bytes())
    return held.hexdigest()[:8]


def address(name: str) -> str:
    """Where a static file is found; a module that imports `./other.js` finds it beside itself."""
    return f"/static/{digest()}/{name}"


@pages.get("/static/<release>/<name>")
@public
def static_file(release: str, name: str) -> Any:
    """Of another release, what this one holds, kept for no longer than this answer."""
    if name not in FILES:
        abort(404)
    answer = send_file(FILES[name])
    answer.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable" if release == digest() else "no-cache"
    return answer
