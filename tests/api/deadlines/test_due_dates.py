"""Due dates over HTTP: dates that are none, years that nobody has announced, and why a clock is due then."""

import pytest

from hotline import clock
from hotline.rules.vocabulary import ClockKind
from tests.support.build import Builder
from tests.support.calls import Calls

FAR = (
    "9999-12-31T10:00:00%2B08:00",
    "0001-01-01T00:00:00%2B14:00",
    "3000-01-01T00:00:00Z",
    "2999-12-31T10:00:00%2B08:00",
)


@pytest.mark.parametrize("start", FAR)
def test_a_date_with_which_nobody_reckons_is_refused(call: Calls, start: str) -> None:
    problem = call.refused("operator", "GET", f"/deadlines?start={start}&days=5", 422)
    assert problem["code"] in ("invalid-input", "date-out-of-range") and "1949年至2999年" in str(problem)


@pytest.mark.parametrize("path", ["/tickets?received_from={}", "/tickets?received_to={}"])
@pytest.mark.parametrize("start", FAR[:3])
def test_lists_refuse_them_as_well(call: Calls, path: str, start: str) -> None:
    call.refused("supervisor", "GET", path.format(start), 422)


def test_an_unannounced_year_rests_where_the_law_says(call: Calls) -> None:
    found = call.ok("operator", "GET", "/deadlines?start=2030-12-31T10:00:00%2B08:00&days=1")
    assert (found["due_at"][:16], found["provisional"]) == ("2031-01-02T17:30", True)
    assert [(day["on"], day["reason"]) for day in found["counted"]] == [
        ("2031-01-01", "元旦"),
        ("2031-01-02", "工作日"),
    ]


def test_a_clock_says_by_which_rules_it_began(call: Calls, build: Builder) -> None:
    number = build.ticket("handling", clock.now())
    clocks = call.ok("handler", "GET", f"/tickets/{number}")["clocks"]
    (handling,) = [line for line in clocks if line["kind"] == ClockKind.HANDLE]
    found = call.ok("handler", "GET", f"/clocks/{handling['id']}/explanation")
    assert found["rules"]["version"] == 1 and found["added"] == []
    assert [day["added"] for day in found["counted"]] == [None] * len(found["counted"])
