"""Signing in, in a browser."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.support.cast import PASSWORD


def test_what_was_typed_can_be_looked_at_and_is_hidden_again_when_it_is_sent(visit: Visit) -> None:
    page = visit(None)
    page.goto("/sign-in")
    page.fill("#username", "operator")
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="显示密码").click()
    expect(page.locator("#password")).to_have_attribute("type", "text")
    page.evaluate("document.forms[0].addEventListener('submit', event => event.preventDefault())")
    page.get_by_role("button", name="登录").click()
    expect(page.locator("#password")).to_have_attribute("type", "password")
    expect(page.locator("#password")).to_have_value(PASSWORD)
