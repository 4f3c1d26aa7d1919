"""The office: the database with its keys and the rules as they stand, opened for a deed or for reading."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

import structlog
from sqlalchemy.orm import Session

from hotline import clock
from hotline.casework.deadlines.calendar import rulebook_of
from hotline.casework.intake import look_up
from hotline.channels.settings import channels_from
from hotline.models.database.replica import FAILED, Replica, has_replayed
from hotline.models.database.session import Database
from hotline.queries.public.public_sections import shelves_from
from hotline.rules.actors import Actor
from hotline.rules.refusals import LookUpRefused
from hotline.rules.rulebook import Rulebook
from hotline.security.keys import Keys
from hotline.settings.environment import Settings
from hotline.settings.rulebook import rulebook_from
from hotline.storage.file_store import FileStore, Scanner
from hotline.text.lexicon import lexicon_from

log = structlog.get_logger()
Found = TypeVar("Found")


class Work:
    """One transaction: its session, the instant at which it happens, and the rules with the imported calendar."""

    def __init__(self, session: Session, now: datetime, base: Rulebook) -> None:
        self.session, self.now, self._base = session, now, base
        self._rulebook: Rulebook | None = None

    @property
    def rulebook(self) -> Rulebook:
        """Asked for once in a transaction, and only where a rule is needed.

        No `cached_property`: in Python 3.11 that holds one lock for all threads, while this one may wait for the database.
        """
        if self._rulebook is None:
            self._rulebook = rulebook_of(self.session, self._base)
        return self._rulebook


class Office:
    """What every edge needs; there is one in a process, and it keeps nothing that another process would have to know."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.rulebook = rulebook_from(settings.config)
        self.channels = channels_from(settings.config)
        self.shelves = shelves_from(settings.config)
        self.store = FileStore(settings.data / "attachments")
        self.scanner = Scanner(settings.clamd) if settings.clamd else None
        self.keys = Keys(settings.secret_key, settings.data_key)
        self.database = Database(settings.database_url, self.keys, lexicon_from(settings.config))
        self.replica = Replica(settings.replica_url, self.database) if settings.replica_url else None

    @contextmanager
    def deed(self, now: datetime | None = None) -> Iterator[Work]:
        """A transaction that is kept whole when the block ends, and not at all when it raises."""
        with self.database.transaction() as session:
            yield Work(session, now or clock.now(), self.rulebook)

    @contextmanager
    def reading(self, now: datetime | None = None) -> Iterator[Work]:
        """A snapshot for reading."""
        with self.database.snapshot() as session:
            yield Work(session, now or clock.now(), self.rulebook)

    def listing(self, read: Callable[[Work], Found], after: int = 0) -> Found:
        """What `read` makes of a snapshot for lists and figures, which may be some seconds old where there is a replica.

        All that was written up to the position `after` is in it. `read` changes nothing: where the replica fails half-way, it is
        done again on the primary.
        """
        if self.replica is not None and self.replica.standing().fault is None:
            try:
                with self.replica.database.snapshot() as session:
                    if has_replayed(session, after):
                        return read(Work(session, clock.now(), self.rulebook))
            except FAILED as error:
                self.replica.leave()
                log.warning("replica failed", error=type(error).__name__, cause=type(error.__cause__).__name__)
        with self.reading() as work:
            return read(work)

    @contextmanager
    def at_the_door(self, number: str, code: str, address: str) -> Iterator[tuple[Work, Actor]]:
        """A snapshot with the enterprise that proves a ticket by its query code.

        A wrong guess is refused (`LookUpRefused`) and counted all the same.
        """
        try:
            with self.reading() as work:
                yield work, look_up.enterprise_of(work.session, number, code, address, now=work.now)
        except LookUpRefused:
            with self.deed() as work:
                look_up.count_failure(work.session, number, address, now=work.now)
            raise
