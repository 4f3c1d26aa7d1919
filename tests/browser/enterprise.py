"""What the owner of a small firm does on the public pages."""

from playwright.sync_api import Page, expect


def fill(page: Page, title: str) -> None:
    page.goto("/submit")
    page.select_option("#type", "complaint")
    page.select_option("#category", "licensing-delay")
    page.fill("#title", title)
    page.fill("#content", "材料齐全，去了三次，都说系统故障。")
    page.fill("#enterprise-name", "襄阳丙丁商贸有限公司")
    page.fill("#contact-phone", "13912345678")


def press(page: Page, label: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=label, exact=True).click()


def submit(page: Page, title: str) -> tuple[str, str]:
    """The number and the query code."""
    fill(page, title)
    press(page, "提交")
    expect(page.locator("h1")).to_have_text("已经收到您的诉求")
    return page.inner_text(".keep-safe .number"), page.inner_text(".query-code")


def look_up(page: Page, number: str, code: str) -> None:
    page.goto("/")
    page.fill("#number", number)
    page.fill("#code", code)
    press(page, "查询")
