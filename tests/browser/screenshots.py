"""`python -m tests.browser.screenshots FOLDER`: every page as it is drawn at two widths, in both themes at the wider one."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from rich.progress import track

from tests.browser.crawl import Found, every_page
from tests.browser.site import Site, chromium, open_page, serving

LOOKS = ((1440, "light"), (375, "light"), (1440, "dark"))


def draw(browser: Browser, site: Site, walk: list[Found], folder: Path) -> int:
    """How many pictures were made: `who-view-width-theme.png`."""
    made = 0
    pages: dict[tuple[str | None, int, str], Page] = {}
    for found in track(walk, "pages"):
        for width, theme in LOOKS:
            key = (found.who, width, theme)
            page = pages.get(key) or open_page(browser, site, found.who, width, color_scheme=theme)
            pages[key] = page
            page.goto(found.path, wait_until="networkidle")
            name = f"{found.who or 'visitor'}-{found.kind.replace('.', '-')}-{width}-{theme}.png"
            page.screenshot(path=folder / name, full_page=True)
            made += 1
    return made


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, serving(Path(data) / "data") as site, sync_playwright() as playwright:
        made = draw(chromium(playwright), site, list(every_page(site)), folder)
    print(f"{made} pictures in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
