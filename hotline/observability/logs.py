"""The service's own log: one JSON object a line on standard error, with the id of the request it belongs to.

What people typed, who they are and the address they asked for are never in it: a line names the route, not the ticket.
"""

import json
import logging
import os
import re
import sys
import time
from typing import TextIO, cast
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request
from structlog.contextvars import bind_contextvars, clear_contextvars
from structlog.tracebacks import ExceptionDictTransformer

from hotline.observability import metrics

HEADER = "X-Request-Id"
LEVEL = "HOTLINE_LOG_LEVEL"
WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{1,64}")
# Asked for all day by browsers and by what watches the service.
QUIET = ("/static/", "/bootstrap/", "/healthz", "/readyz", "/metrics")
log = structlog.get_logger()


def configure() -> None:
    """For the processes that serve and that keep the time; `HOTLINE_LOG_LEVEL` is debug, info (the default), warning or error."""
    level = logging.getLevelNamesMapping()[os.environ.get(LEVEL, "info").upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # Without the values of variables, which may be what somebody typed.
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(cast(TextIO, LogFile(sys.stderr))),
    )


class LogFile:
    """A file for log lines that fails no request: where the disk is full, the work that was done is answered all the same.

    The first line that can be written again is followed by the number of those that found no room; what a buffer still held of
    them comes late.
    """

    def __init__(self, file: TextIO) -> None:
        self.file, self.lost = file, 0

    def write(self, line: str) -> None:
        """Write one line; count it where there is no room for it."""
        try:
            self.file.write(line)
            self.file.flush()
            if self.lost:
                self.file.write(
                    json.dumps({"event": "log lines late or lost", "count": self.lost, "level": "warning"}) + "\n"
                )
                self.file.flush()
        except OSError:
            self.lost += 1
        else:
            self.lost = 0

    def flush(self) -> None:
        """Do nothing: each line is flushed as it is written."""


def install(app: Flask) -> None:
    """An id for each request, the proxy's where it sent one; one line and one count when it is answered."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    sent_id = request.headers.get(HEADER, "")
    g.request_id = sent_id if WELL_FORMED.fullmatch(sent_id) else uuid4().hex
    g.began = time.perf_counter()
    clear_contextvars()
    bind_contextvars(request_id=g.request_id)


def _end(answer: Response) -> Response:
    answer.headers[HEADER] = g.request_id
    seconds, route, refused = time.perf_counter() - g.began, _route(), g.get("refused")
    metrics.count(request.method, route, answer.status_code, seconds, refused)
    say = log.debug if route.startswith(QUIET) else log.info
    more = {"refused": refused} if refused else {}
    say(
        "request",
        method=request.method,
        route=route,
        status=answer.status_code,
        milliseconds=round(seconds * 1000, 1),
        **more,
    )
    return answer


def _route() -> str:
    """The pattern that matched, never the address."""
    return request.url_rule.rule if request.url_rule else "none"
