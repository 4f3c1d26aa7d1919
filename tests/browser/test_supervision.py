"""The wall in a browser: down to the rows, changed without flicker, filters kept."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.site import Site

ASK = "document.querySelector('[data-refresh]').dispatchEvent(new Event('hotline:refresh'))"


def test_a_number_leads_to_its_rows_and_back_to_the_same_wall(site: Site, visit: Visit) -> None:
    page: Page = visit("supervisor")
    page.goto(f"{site.address}/supervision?when=late")
    total = page.locator("tfoot .count").first
    number = int(total.inner_text())
    total.click()
    page.wait_for_url(re.compile(r"/overdue\?when=late"))
    expect(page.locator("tbody tr")).to_have_count(number)
    page.go_back()
    expect(page).to_have_url(re.compile(r"/supervision\?when=late"))
    page.locator("tbody th a").first.click()
    page.wait_for_url(re.compile(r"/supervision\?.*unit="))
    expect(page.locator("#unit")).not_to_have_value("")


def test_the_wall_is_refreshed_and_focus_and_open_parts_stay(site: Site, visit: Visit) -> None:
    page = visit("supervisor")
    page.goto(f"{site.address}/supervision?when=late")
    page.evaluate("document.querySelector('details summary').click()")
    page.locator("tbody .count").first.focus()
    page.evaluate("window.marked = document.activeElement; document.querySelector('.tile strong').textContent = '?'")
    stamp = page.locator("#wall-time").inner_text()
    page.wait_for_timeout(1100)
    page.evaluate(ASK)
    expect(page.locator("#wall-time")).not_to_have_text(stamp)
    expect(page.locator(".tile strong").first).not_to_have_text("?")
    assert page.evaluate("window.marked === document.activeElement && window.marked.isConnected")
    assert page.evaluate("document.querySelector('details').open")


def test_a_lost_connection_is_said_and_found_again(site: Site, visit: Visit) -> None:
    page = visit("supervisor")
    page.goto(f"{site.address}/supervision")
    page.context.set_offline(True)
    page.evaluate(ASK)
    expect(page.locator("#refresh-state")).to_contain_text("连不上服务器")
    page.context.set_offline(False)
    page.evaluate(ASK)
    expect(page.locator("#refresh-state")).to_contain_text("自动更新")


def test_a_filter_is_kept_and_forgotten(site: Site, visit: Visit) -> None:
    page = visit("inspector", width=375)
    page.goto(f"{site.address}/tickets?state=handling")
    page.locator("summary", has_text="保存这个筛选").click()
    page.get_by_label("名称").fill("办理中的")
    with page.expect_navigation():
        page.get_by_role("button", name="保存", exact=True).click()
    chip = page.get_by_role("link", name="办理中的")
    expect(chip).to_have_attribute("aria-current", "true")
    page.goto(f"{site.address}/tickets")
    chip.click()
    page.wait_for_url(re.compile(r"state=handling"))
    with page.expect_navigation(url=re.compile(r"/tickets$")):
        page.get_by_role("button", name="删除筛选“办理中的”").click()
    expect(chip).to_have_count(0)
