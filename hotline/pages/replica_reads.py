"""Lists and figures that may be some seconds old, read from the replica where there is one. Nobody misses their own deed there.

After each post of somebody signed in, the browser keeps how far the primary had written; a list is read from the replica once
that is as far. Where no replica is set, nothing is asked and nothing is kept.
"""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, Response, request
from flask import session as browser

from hotline.context import Context
from hotline.web import access
from hotline.web.access import API, app_context, visitor

WRITTEN = "written"
Found = TypeVar("Found")


def replica_read(read: Callable[[Context], Found]) -> Found:
    """What this makes of a snapshot that may be some seconds old; it may be done twice, and changes nothing."""
    return access.replica_read(read, after=browser.get(WRITTEN, 0))


def keep_position() -> None:
    """What is written by now will be in every list that this browser asks for."""
    replica = app_context().replica
    if replica is not None:
        browser[WRITTEN] = replica.position()


def install_replica_reads(app: Flask) -> None:
    """Positions are kept from now on."""
    app.after_request(_posted)


def _posted(answer: Response) -> Response:
    """Refused posts as well: of several things asked for at once some may have been done."""
    if request.method == "POST" and visitor() is not None and not request.path.startswith(API):
        keep_position()
    return answer
