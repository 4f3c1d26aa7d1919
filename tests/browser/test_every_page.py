"""Every page that can be reached: no finding of axe in either theme, nothing from outside, nothing wider than a phone."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.crawl import PEOPLE, Found, every_page, page_kinds
from tests.browser.looks import findings, too_wide
from tests.browser.site import Site, open_page

LARGEST_FIRST_VISIT = 250_000
NARROWEST = 320
# No link leads there: the address comes by message, or the demonstration has nothing of the kind to show.
NOT_LINKED = {
    "rating.show",
    "article_conflicts.read",
    "editing.differences",
    "knowledge.differences",
    "imports.show",
    "enterprises.find",
}
# A page of a person is looked at in a browser in which they are signed in.
Pages = dict[str | None, Page]


@pytest.fixture(scope="module")
def walk(site: Site) -> list[Found]:
    return list(every_page(site))


@pytest.fixture(scope="module")
def pages(browser: Browser, site: Site) -> Iterator[Pages]:
    found: Pages = {who: open_page(browser, site, who) for who in PEOPLE}
    yield found
    for page in found.values():
        page.context.close()


def test_every_kind_of_page_is_linked(site: Site, walk: list[Found]) -> None:
    kinds = {found.kind for found in walk}
    assert page_kinds(site) - kinds - NOT_LINKED == set()


def test_no_page_has_a_finding(pages: Pages, walk: list[Found]) -> None:
    wrong: list[str] = []
    for found in walk:
        pages[found.who].goto(found.path)
        wrong += findings(pages[found.who])
    assert not wrong, "\n".join(wrong)


def test_no_page_is_wider_than_the_narrowest_phone(pages: Pages, walk: list[Found]) -> None:
    wrong: list[str] = []
    for found in walk:
        page = pages[found.who]
        page.set_viewport_size({"width": NARROWEST, "height": 700})
        page.goto(found.path)
        if what := too_wide(page):
            wrong.append(f"{found.path}: {what}")
    assert not wrong, "\n".join(wrong)


def test_a_first_visit_is_light_and_fetches_nothing_from_outside(pages: Pages, site: Site, walk: list[Found]) -> None:
    """Sizes as they cross the network to a browser that has kept nothing."""
    sizes: list[float] = []
    hosts: set[str] = set()
    lost: list[str] = []
    for page in pages.values():
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
        wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        page.on("response", lambda answer: lost.append(answer.url) if answer.status >= 400 else None)
    for found in walk:
        sizes.clear()
        pages[found.who].goto(found.path)
        assert len(sizes) > 5 and sum(sizes) <= LARGEST_FIRST_VISIT, f"{found.path}: {sizes}"
    assert hosts - {""} == {urlsplit(site.address).netloc}
    assert not lost, f"not found: {lost}"
