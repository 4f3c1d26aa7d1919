"""The frozen instant, and chance that always falls alike: the system's random bytes come from a seed."""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from argon2 import PasswordHasher
from freezegun import freeze_time
from sqlalchemy.engine.default import DefaultDialect

from hotline.security import keys

NOW = datetime.fromisoformat("2026-11-24T10:30:00+08:00")
"""A Tuesday in working hours."""


_draw = random.Random()


def reseed(key: str) -> None:
    """Begin chance anew: what follows depends on the key alone, not on what was drawn before."""
    _draw.seed(key)


@contextmanager
def frozen() -> Iterator[None]:
    """Stop the clock at `NOW`, seed what is random, hash passwords cheaply."""
    reseed("the net")
    kept: tuple[Any, ...] = (os.urandom, random._urandom, keys._passwords)  # type: ignore[attr-defined]
    os.urandom = random._urandom = _draw.randbytes  # type: ignore[attr-defined]
    keys._passwords = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    try:
        with freeze_time(NOW):
            yield
    finally:
        os.urandom, random._urandom, keys._passwords = kept  # type: ignore[attr-defined]


@contextmanager
def nothing_kept() -> Iterator[None]:
    """Roll back wherever a transaction would be committed: what is tried inside leaves nothing behind."""
    kept = DefaultDialect.do_commit
    DefaultDialect.do_commit = lambda self, connection: connection.rollback()  # type: ignore[method-assign]
    try:
        yield
    finally:
        DefaultDialect.do_commit = kept  # type: ignore[method-assign]
