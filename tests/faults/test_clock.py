"""The machine's clock set back two days and forward three, while servers and schedulers run (libfaketime)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hotline.app_context import AppContext
from tests.faults.holds import check_everything, owe_steps, steps_fired, steps_owed
from tests.faults.site import People, Site
from tests.faults.waiting import until
from tests.support.cast import Cast

OWING = 300
PLACES = (
    "usr/lib/*/faketime/libfaketime.so.1",
    "usr/lib/faketime/libfaketime.so.1",
    "usr/local/lib/faketime/libfaketime.so.1",
)


def moving(tmp_path: Path) -> tuple[dict[str, str], Callable[[str], object]]:
    """(the environment of processes whose clock can be set, how it is set: `-2d`, `+0`)."""
    found = [path for place in PLACES for path in Path("/").glob(place)]
    assert found, "libfaketime is missing: apt install faketime"
    file = tmp_path / "clock"
    file.write_text("+0")
    environment = {"LD_PRELOAD": str(found[0]), "FAKETIME_TIMESTAMP_FILE": str(file), "FAKETIME_NO_CACHE": "1"}
    return {**environment, "DONT_FAKE_MONOTONIC": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}, file.write_text


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_clock_that_jumps_loses_nothing_and_fires_nothing_twice(
    app_context: AppContext, cast: Cast, database_url: str, tmp_path: Path
) -> None:
    environment, set_clock = moving(tmp_path)
    owe_steps(app_context, OWING)
    with Site(database_url, tmp_path, environment) as site:
        webs = [site.web()]
        site.ready(webs)
        with People(cast, webs) as people:
            people.go_on(3)
            set_clock("-2d")
            scheduler = site.scheduler()
            people.go_on(3)
            until(lambda: steps_fired(app_context), "the scheduler has begun", scheduler.said)
            set_clock("+3d")
            people.go_on(3)
            set_clock("+0")
            people.go_on(3)
            site.scheduler()
            until(lambda: not steps_owed(app_context), "nothing is owed", lambda: steps_owed(app_context))
        assert set(people.statuses()) <= {200, 201}
    check_everything(app_context, cast, people, OWING)
