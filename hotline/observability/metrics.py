"""What each process counts of the requests it answers; several processes of one machine count together, in one folder."""

import os
import tempfile

from prometheus_client import Counter, Histogram

SHARED = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_took = Histogram("hotline_request_seconds", "How long requests took", ["route"], buckets=SECONDS)
_answered = Counter("hotline_requests", "Requests by status", ["method", "route", "status"])
_refused = Counter("hotline_refusals", "Refusals by code", ["code"])


def is_shared() -> bool:
    """Whether the processes of this machine count together."""
    return SHARED in os.environ


def share() -> None:
    """Before the first of several processes starts: the folder in which all of them count."""
    os.environ.setdefault(SHARED, tempfile.mkdtemp(prefix="hotline-figures-"))


def count(method: str, route: str, status: int, seconds: float, refused: str | None) -> None:
    """A request was answered, with the code of its refusal where it was refused."""
    _took.labels(route).observe(seconds)
    _answered.labels(method, route, str(status)).inc()
    if refused is not None:
        _refused.labels(refused).inc()
