"""A site and a browser for all tests of a file; a page for each test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.site import Site, chromium, open_page, serving

Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration, shared by all tests of this process: a test changes only what it has made itself."""
    folder: Path = tmp_path_factory.mktemp("site")
    with serving(folder / "data") as found:
        yield found


# Not for the whole session: while it runs, no other test of the process could use asyncio.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = chromium(playwright)
        yield found
        found.close()


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    """`visit("operator", width=375)`: a page of theirs; `None` is a visitor. No page may have had an error of a script."""
    pages: list[Page] = []
    errors: list[str] = []

    def visit(who: str | None, width: int = 1440, **more: Any) -> Page:
        page = open_page(browser, site, who, width, **more)
        page.on("pageerror", lambda error: errors.append(str(error)))
        pages.append(page)
        return page

    yield visit
    for page in pages:
        page.context.close()
    assert not errors, errors
