"""No desk and no list reads a large table from end to end: the plans say so, on both engines."""

from collections.abc import Callable

import pytest
from flask import Flask

from benchmarks import city, pages
from hotline import clock
from hotline.office import Office
from tests.pages.test_pages import Browser
from tests.plans import analyse, scans

CLOSED, OPEN = 12_000, 60


@pytest.fixture
def filled(office: Office) -> Office:
    """Enough that a planner minds."""
    with office.deed() as work:
        for _ in city.fill(work.session, CLOSED, begun=OPEN, now=work.now, rulebook=work.rulebook):
            pass
    analyse(office.database)
    return office


def test_no_desk_and_no_list_reads_a_large_table_whole(app: Flask, filled: Office) -> None:
    browsers: dict[str, Browser] = {}
    database = app.extensions["hotline"].database
    found = {}
    for who, address in [*pages.pages(CLOSED), *((who, path) for who in ("supervisor",) for path in LISTS)]:
        browser = browsers.get(who) or browsers.setdefault(who, Browser(app, who))
        found[f"{who} {address}"] = scans(database, _asking(browser, address))
    assert {where: lines for where, lines in found.items() if lines} == {}


LISTS = (
    "/overdue",
    "/overdue?when=soon",
    "/decisions",
    "/decisions?what=request",
    "/tracked",
    "/sham-finishings",
    "/deliveries",
)


def _asking(browser: Browser, address: str) -> Callable[[], None]:
    def ask() -> None:
        assert browser.get(address).status_code == 200, address

    return ask


def test_the_check_sees_a_scan(filled: Office) -> None:
    """A statement that reads every ticket is named."""

    def ask() -> None:
        with filled.reading(clock.now()) as work:
            work.session.connection().exec_driver_sql("SELECT count(*) FROM tickets WHERE content LIKE '%受理%'")

    (line,) = scans(filled.database, ask)
    assert line.startswith("tickets: ")
