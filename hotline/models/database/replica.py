"""A standby of PostgreSQL that lists and figures are read from while it follows: what stands there was true seconds ago.

A position says how much the primary has ever written into its log; a standby is as far as it has replayed that.
"""

import time
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import Session

from hotline.models.database.session import Database

OLDEST = timedelta(seconds=5)
"""A standby that is further behind is not read from."""
TRUSTED = 1.0
"""Seconds for which a process believes what it has seen of a standby that follows."""
LEFT_ALONE = 10.0
"""Seconds for which a process does not ask one again that did not."""
UNREACHED = 2**63 - 1
"""The position that no standby ever comes to."""
FAILED = (DBAPIError, NoConnectionFree)
"""Whatever it was: the primary has the last word. A long read may be cancelled there for the sake of what is replayed."""
# A host that is gone is given up within seconds: while connecting, with a question on its way, and while it owes an answer.
_CONNECTING = {"connect_timeout": 2, "tcp_user_timeout": 5000, "keepalives_idle": 5, "keepalives_interval": 2}
# Where it is inserted, not up to where it is written out: with `synchronous_commit` off that may lie before a deed just done.
_POSITION = "pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"
_REPLAYED = "pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint"
# Both instants are of the primary's clock: commits carry it along.
_PRIMARY = text(
    f"SELECT {_POSITION} AS position, clock_timestamp() AS instant, system_identifier AS cluster FROM pg_control_system()"
)
_STANDBY = text(
    f"SELECT {_REPLAYED} AS position, pg_last_xact_replay_timestamp() AS instant, system_identifier AS cluster,"
    " pg_is_in_recovery() AS follows FROM pg_control_system()"
)


class Fault(StrEnum):
    """Why the standby is not read from."""

    SILENT = "silent"
    FOREIGN = "foreign"
    PROMOTED = "promoted"
    BEHIND = "behind"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of the standby; `behind` at most, where that is known."""

    fault: Fault | None
    behind: timedelta | None = None


class Replica:
    """The standby and what this process knows of it, which costs one question to each server in a second, or in ten."""

    def __init__(self, url: str, primary: Database) -> None:
        self.database = Database(url, **primary.info, connecting=_CONNECTING)
        self._primary = primary
        self._standing, self._until = Standing(Fault.SILENT), 0.0

    def standing(self) -> Standing:
        """Whether it may be read from."""
        if time.monotonic() >= self._until:
            self._know(self._look())
        return self._standing

    def leave(self) -> None:
        """It failed just now."""
        self._know(Standing(Fault.SILENT))

    def position(self) -> int:
        """How far the primary is: everything that was committed before lies behind it. Where it does not say, `UNREACHED`."""
        try:
            with self._primary.snapshot() as session:
                return int(session.execute(text(f"SELECT {_POSITION}")).scalar_one())
        except FAILED:
            return UNREACHED

    def _know(self, standing: Standing) -> None:
        self._standing = standing
        self._until = time.monotonic() + (TRUSTED if standing.fault is None else LEFT_ALONE)

    def _look(self) -> Standing:
        try:
            with self._primary.snapshot() as session:
                primary = session.execute(_PRIMARY).one()
            with self.database.snapshot() as session:
                return _standing(primary, session.execute(_STANDBY).one())
        except FAILED:
            return Standing(Fault.SILENT)


def _standing(primary: Any, standby: Any) -> Standing:
    """Compared with where the primary was an instant before: a standby that hears nothing any more is behind as well.

    Once promoted it is another primary, to which other things may have happened.
    """
    if standby.cluster != primary.cluster:
        return Standing(Fault.FOREIGN)
    if not standby.follows:
        return Standing(Fault.PROMOTED)
    if standby.position >= primary.position:
        return Standing(None, timedelta())
    if standby.instant is None:
        return Standing(Fault.BEHIND)
    behind = max(primary.instant - standby.instant, timedelta())
    return Standing(Fault.BEHIND if behind > OLDEST else None, behind)


def has_replayed(session: Session, position: int) -> bool:
    """Whether the standby of this session is as far as that."""
    return not position or bool(
        session.execute(text(f"SELECT {_REPLAYED} >= :position"), {"position": position}).scalar()
    )
