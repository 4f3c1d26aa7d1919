"""The file of a ticket in a real browser: a second person acts on it, a double click acts once, the calendar can be read."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.looks import assert_good
from tests.browser.site import Site
from tests.browser.work import Matters

LONG = "经核实，窗口人员未按规定一次性告知，已当场受理并致歉。"


def test_a_second_person_acts_and_nothing_typed_is_lost(visit: Visit, site: Site) -> None:
    matters = Matters(site)
    number = matters.handled("两人同时办理")
    matters.send("handler", f"/tickets/{number}/actions/record_contact", {"summary": "已电话说明"})
    page = visit("leader", 375)
    page.goto(f"/tickets/{number}")
    form = page.locator("#do-submit_result")
    form.evaluate("form => form.open = true")
    page.select_option("#submit-kind", "solved")
    page.fill("#submit-reply", LONG)
    asked = {"kind": "difficult", "code": "history", "reason": "历史遗留问题"}
    matters.send("leader", f"/tickets/{number}/requests", asked)
    matters.send("supervisor", f"/tickets/{number}/actions/difficulty_approved", {"reason": "属实"})
    with page.expect_navigation():
        form.get_by_role("button", name="提交办理结果").click()
    assert "工单刚刚被他人更新" in page.inner_text("#refusal")
    assert "认定为疑难" in page.inner_text("section[aria-labelledby=since]")
    assert page.input_value("#submit-reply") == LONG
    assert_good(page)
    with page.expect_navigation():
        form.get_by_role("button", name="提交办理结果").click()
    assert "已完成：提交办理结果" in page.inner_text("main")
    assert page.evaluate("Object.keys(sessionStorage).filter(key => key.includes('submit_result'))") == []


def test_what_is_typed_survives_a_reload(visit: Visit, site: Site) -> None:
    number = Matters(site).handled("刷新不丢")
    page = visit("handler")
    page.goto(f"/tickets/{number}")
    page.fill("#summary", LONG)
    page.reload()
    assert page.input_value("#summary") == LONG


def test_a_double_click_acts_once(visit: Visit, site: Site) -> None:
    number = Matters(site).handled("双击一次")
    page = visit("handler")
    page.goto(f"/tickets/{number}")
    page.fill("#summary", "只联系了一次")
    with page.expect_navigation():
        page.get_by_role("button", name="登记联系企业情况").dblclick()
    expect(page.locator("main")).to_contain_text("已完成：登记联系企业情况")
    assert page.inner_text("#timeline").count("只联系了一次") == 1


def test_the_calendar_scrolls_inside_itself_and_stands_as_a_table_too(visit: Visit, site: Site) -> None:
    number = Matters(site).handled("时限日历", difficulty="difficult")
    page = visit("handler", 375)
    page.goto(f"/tickets/{number}")
    strip = page.get_by_role("region", name=re.compile("时限日历"))
    strip.focus()
    page.keyboard.press("End")
    assert strip.evaluate("strip => strip.scrollWidth > strip.clientWidth")
    assert page.evaluate("document.activeElement.classList.contains('strip')")
    assert page.get_by_role("table", name="各时限的起止").is_visible()
    page.get_by_role("navigation", name="筛选办理记录").get_by_role("link", name="办理").click()
    expect(page).to_have_url(re.compile("kind=handling"))
    assert_good(page)
    page.goto(f"/tickets/{number}/print")
    assert_good(page)
    page.emulate_media(media="print")
    assert page.get_by_role("img", name=re.compile("的时限")).is_visible()
    assert not page.get_by_role("link", name="回到工单").is_visible()
