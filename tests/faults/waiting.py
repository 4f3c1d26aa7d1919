"""Waiting for a condition, not for a time."""

import time
from collections.abc import Callable

PATIENCE = 120.0


def until(holds: Callable[[], object], what: str, why: Callable[[], object] = str) -> None:
    """Returns as soon as it holds; after two minutes of waiting the test has failed, and `why` is shown."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"waited in vain until {what}: {why()}"
        time.sleep(0.02)
