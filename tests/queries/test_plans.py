"""No desk and no list reads a large table from end to end: the plans say so, on both engines."""

from collections.abc import Callable

import pytest
from flask import Flask

from benchmarks import city, pages
from hotline.app_context import AppContext
from tests.pages.test_pages import Browser
from tests.support.plans import analyse, scans

# Enough that a planner minds, and little of it open, as it is where a matter takes a week and is kept for years.
CLOSED, OPEN = 8_000, 40
LISTS = (
    "/overdue",
    "/overdue?when=soon",
    "/decisions",
    "/decisions?what=request",
    "/tracked",
    "/sham-finishings",
    "/deliveries",
)


def test_no_desk_and_no_list_reads_a_large_table_whole(
    app: Flask, app_context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotline.queries.paging.DEPTH", CLOSED // 20)
    with app_context.transaction() as ctx:
        for _ in city.fill(ctx.session, CLOSED, begun=OPEN, now=ctx.now, rulebook=ctx.rules):
            pass
    analyse(app_context.database)
    browsers: dict[str, Browser] = {}
    database = app.extensions["hotline"].database
    found = {}
    for who, address in [*pages.pages(CLOSED), *(("supervisor", path) for path in LISTS)]:
        browser = browsers.get(who) or browsers.setdefault(who, Browser(app, who))
        # The figures of a month are no desk: they read the month.
        if not address.startswith("/statistics"):
            found[f"{who} {address}"] = scans(database, _asking(browser, address))
    assert [f"{where} {line}" for where, lines in found.items() for line in lines] == []
    # That the check would see one.
    with database.snapshot() as session:
        counting = session.connection().exec_driver_sql
        (line,) = scans(database, lambda: counting("SELECT count(*) FROM tickets WHERE content LIKE '%%受理%%'"))
        assert line.startswith("tickets: ")


def _asking(browser: Browser, address: str) -> Callable[[], None]:
    def ask() -> None:
        assert browser.get(address).status_code == 200, address

    return ask
