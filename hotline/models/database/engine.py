"""How PostgreSQL is connected to, so that a host which is cut off is noticed, by itself and by the server, within seconds.

What vanishes in a network is answered by nobody: without limits a request waits for a quarter of an hour, and locks of the lost
are held for two hours.
"""

import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import InvalidatePoolError, OperationalError

OURS: dict[str, str | int] = {
    "connect_timeout": 5,
    "tcp_user_timeout": 15_000,
    "keepalives_idle": 5,
    "keepalives_interval": 5,
}
"""libpq's. Seconds until a host that does not answer is given up; milliseconds until what was sent and not confirmed is; and
seconds after which whoever waits for an answer looks whether the other is still there."""

THEIRS: dict[str, str] = {
    "tcp_user_timeout": "15s",
    "tcp_keepalives_idle": "5s",
    "tcp_keepalives_interval": "5s",
    "idle_in_transaction_session_timeout": "60s",
}
"""The server's, for our sessions. The last is for a process that stands still on a host that is there; a virus scanner, which
is waited for with a ticket locked, has thirty seconds."""

REST, TRIED_AFTER = 2.0, 1.0


def options_for(url: URL, more: Mapping[str, str | int] = MappingProxyType({})) -> dict[str, str | int]:
    """What the driver is given beside the URL: ours, with `more` before them. A parameter of the URL wins, also in `options`."""
    ours = {name: value for name, value in {**OURS, **more}.items() if name not in url.query}
    theirs = [f"-c {name}={value}" for name, value in THEIRS.items()]
    return {**ours, "options": " ".join([*theirs, *url.normalized_query.get("options", ())])}


def map_internal_errors(engine: Engine) -> None:
    """What fails inside the server itself (class XX, as a write to its log) is no fault of a request: the database is silent."""

    def map_error(context: ExceptionContext) -> None:
        failed = context.original_exception
        if str(getattr(failed, "sqlstate", None)).startswith("XX"):
            raise OperationalError(context.statement, {}, failed, hide_parameters=True) from failed

    event.listen(engine, "handle_error", map_error)


def connect_backoff(engine: Engine) -> None:
    """When no connection could be made, none is tried for two seconds: who waits in the queue behind is told at once."""
    tries_again_at = 0.0

    def connect(dialect: Any, record: Any, arguments: Any, options: Any) -> Any:
        nonlocal tries_again_at
        failure = dialect.loaded_dbapi.OperationalError
        if time.monotonic() < tries_again_at:
            raise failure("not tried: there was no connection a moment ago")
        try:
            return dialect.connect(*arguments, **options)
        except failure:
            tries_again_at = time.monotonic() + REST
            raise

    event.listen(engine, "do_connect", connect)


def ping_idle(engine: Engine) -> None:
    """A connection that nobody used for a second is tried first; where it is gone, all are made anew.

    Not before each use: beside a transaction's begin, its one statement and its end it would be one way to the server in four.
    """

    def rests(connection: Any, record: Any) -> None:
        record.info["rests_since"] = time.monotonic()

    def wakes(connection: Any, record: Any, proxy: Any) -> None:
        if time.monotonic() - record.info.get("rests_since", time.monotonic()) < TRIED_AFTER:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error:
            raise InvalidatePoolError() from None

    event.listen(engine, "checkin", rests)
    event.listen(engine, "checkout", wakes)


def no_timeouts(connection: Connection) -> None:
    """For the rest of this transaction, whose rows pass through a file: neither a slow disk here nor there ends it."""
    for name in ("tcp_user_timeout", "idle_in_transaction_session_timeout"):
        connection.execute(text(f"SET LOCAL {name} = 0"))
