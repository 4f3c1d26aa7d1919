"""What must be true of any page that a person looks at."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe()
THEMES = ("light", "dark")
OTHER_THEME_ONLY = {"runOnly": ["color-contrast"]}


def findings(page: Page) -> list[str]:
    """Axe's violations in the light theme, and of contrast in the dark one; one line for each, empty when there are none."""
    found: list[str] = []
    for theme in THEMES:
        page.evaluate("theme => { document.documentElement.dataset.bsTheme = theme }", theme)
        answer: dict[str, Any] = AXE.run(page, options=None if theme == "light" else OTHER_THEME_ONLY).response
        for violation in answer["violations"]:
            nodes = [f"{node['html'][:160]} ({node['failureSummary'][:200]})" for node in violation["nodes"][:3]]
            found.append(f"{page.url} {theme} {violation['id']}: {nodes}")
    page.evaluate("document.documentElement.dataset.bsTheme = 'light'")
    return found


def too_wide(page: Page) -> str:
    """What makes the page wider than the screen, or a table of cards wider than its place; or nothing."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    return str(
        page.evaluate(
            """width => {
              const named = (found) => found.slice(0, 3).map((e) => e.outerHTML.slice(0, 160)).join(' | ');
              const tables = [...document.querySelectorAll('table.stacked')];
              const cut = named(tables.filter((e) => e.offsetWidth > e.parentElement.clientWidth + 1));
              if (document.documentElement.scrollWidth <= width) return cut;
              const beyond = [...document.querySelectorAll('main *')].filter((e) => e.getBoundingClientRect().right > width + 1);
              return named(beyond) || 'something outside main';
            }""",
            width,
        )
    )


def assert_good(page: Page) -> None:
    """No finding of axe in either theme, and nothing wider than the screen."""
    assert not findings(page), findings(page)
    assert not too_wide(page), f"{page.url} is wider than {page.viewport_size}: {too_wide(page)}"
