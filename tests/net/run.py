"""One run: the parts that do not depend on data, and everything for one engine."""

import logging
import tempfile
import time
from pathlib import Path

import structlog
from flask import Flask

from hotline.app import create_app
from tests.net import data as building
from tests.net.frozen import frozen
from tests.net.keeping import send_and_keep
from tests.net.outside import write_outside
from tests.net.posting import try_everything
from tests.net.reading import read_everything
from tests.net.rows import rows_of
from tests.net.schema import schema_of
from tests.net.values import values_of
from tests.net.writing import write


def run_outside(out: Path) -> None:
    """Write what does not depend on data."""
    _say_nothing()
    with tempfile.TemporaryDirectory(prefix="hotline-net-") as folder, frozen():
        write_outside(app_for("sqlite://", Path(folder)), out)


def _say_nothing() -> None:
    """The service's own log is not for the outside."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def app_for(url: str, folder: Path) -> Flask:
    """Return the application as it is served."""
    return create_app(building.settings_for(url, folder))


def run_engine(engine: str, url: str, folder: Path, out: Path) -> None:
    """Build the data, then read and try everything."""
    told = Told(engine)
    _say_nothing()
    with frozen():
        data = building.build(url, folder)
        write(out, f"schema-{engine}.txt", schema_of(url))
        before = _rows(out, f"{engine}/rows", url, data, {})
        told("data built")
        app, values = app_for(url, folder), values_of(url, data)
        told(f"{read_everything(app, data, values, out / engine)} answers read")
        before = _rows(out, f"{engine}/rows-after-reading", url, data, before)
        told(f"{try_everything(app, data, values, out / engine)} bodies tried")
        told(f"{send_and_keep(app, data, values, out / engine)} sent and kept")
        _rows(out, f"{engine}/rows-after-sending", url, data, before)
        data.app_context.database.dispose()


def _rows(out: Path, place: str, url: str, data: building.Data, before: dict[str, str]) -> dict[str, str]:
    """Write the tables that are not as before."""
    found = rows_of(url, data.app_context.keys)
    for name, text in found.items():
        if before.get(name) != text:
            write(out, f"{place}/{name}.txt", text)
    return found


class Told:
    """Says how far the run has come; the clock that is frozen is not asked."""

    def __init__(self, engine: str) -> None:
        self.engine, self.clock = engine, time.perf_counter
        self.began = self.clock()

    def __call__(self, what: str) -> None:
        print(f"{self.engine}: {what} after {self.clock() - self.began:.0f} s", flush=True)
