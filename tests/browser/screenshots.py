"""`python -m tests.browser.screenshots FOLDER`: every page at two widths, in both themes at the wider one.

Those that links lead to, and those that answer a form.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from rich.progress import track

from tests.browser.answers import ANSWERS, Steps
from tests.browser.crawl import every_page
from tests.browser.site import Site, chromium, open_page, serving

LOOKS = ((1440, "light"), (375, "light"), (1440, "dark"))


class Camera:
    """Draws pages as `who-name-width-theme.png` and counts them; a person keeps one browser of each look."""

    def __init__(self, browser: Browser, site: Site, folder: Path) -> None:
        self.browser, self.site, self.folder = browser, site, folder
        self.made = 0
        self.pages: dict[tuple[str | None, int, str], Page] = {}

    def draw(self, who: str | None, name: str, reach: Steps) -> None:
        for width, theme in LOOKS:
            key = (who, width, theme)
            page = self.pages.get(key) or open_page(self.browser, self.site, who, width, color_scheme=theme)
            self.pages[key] = page
            reach(page, self.site)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=self.folder / f"{who or 'visitor'}-{name}-{width}-{theme}.png", full_page=True)
            self.made += 1


def _by_address(path: str) -> Steps:
    return lambda page, site: page.goto(path) and None


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, serving(Path(data) / "data") as site, sync_playwright() as playwright:
        camera = Camera(chromium(playwright), site, folder)
        for found in track(list(every_page(site)), "linked pages"):
            camera.draw(found.who, found.kind.replace(".", "-"), _by_address(found.path))
        for name, (who, steps) in track(ANSWERS.items(), "answers to forms"):
            camera.draw(who, name, steps)
    print(f"{camera.made} pictures in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
