"""The owner of a small firm: hands in, looks up, reminds, rates; with scripts and without, on the smallest screen, offline."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.enterprise import fill, look_up, press, submit
from tests.browser.site import Site
from tests.browser.work import TO_THE_ANSWER, TO_THE_UNIT, Matters

TITLE = "窗口三次不受理变更登记"
PUBLIC = (
    "/",
    "/submit",
    "/legal",
    "/legal/check-up",
    "/legal/consultation",
    "/policies",
    "/ratings",
    "/sign-in",
    "/no",
)


@pytest.mark.parametrize("scripts", [True, False])
def test_from_the_form_to_the_bad_rating(site: Site, visit: Any, scripts: bool) -> None:
    page: Page = visit(None, width=375, java_script_enabled=scripts)
    number, code = submit(page, f"{TITLE}（{scripts}）")
    press(page, "看进度，上传附件")
    expect(page.locator(".where")).to_have_text("热线中心已经收到，正在核对。")
    expect(page.locator("[aria-current=step]")).to_contain_text("受理")

    page.locator("summary", has_text="催办").click()
    page.fill("#remind-text", "请尽快")
    press(page, "催办")
    expect(page.get_by_role("status").filter(has_text="已经催办")).to_be_visible()
    expect(page.locator(".timeline li").first).to_contain_text("企业催办")

    Matters(site).take(number, TO_THE_UNIT + TO_THE_ANSWER)
    look_up(page, number, code)
    expect(page.locator(".where")).to_have_text("已经答复您，等热线中心回访。")
    expect(page.locator(".way .done")).to_have_count(5)
    expect(page.get_by_text("已当场办结，并向您说明。")).to_be_visible()
    page.get_by_label("不满意", exact=True).check()
    press(page, "提交评价")
    expect(page.locator("#refusal")).to_contain_text("请至少选择一个不满意的原因")
    assert page.get_by_label("不满意", exact=True).is_checked()
    page.locator("[name='reasons[]']").first.check()
    press(page, "提交评价")
    expect(page.locator("#rated")).to_have_text("您的评价：不满意")
    assert code not in page.url


def test_no_public_page_is_wider_than_the_smallest_phone(site: Site, visit: Any) -> None:
    page: Page = visit(None, width=320)
    number, code = submit(page, "长标题" * 40)
    seen = {"submitted": _too_wide(page)}
    look_up(page, number, code)
    seen["ticket"] = _too_wide(page)
    for path in PUBLIC:
        page.goto(path)
        seen[path] = _too_wide(page)
    assert not any(seen.values()), seen


def _too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def test_what_a_finger_presses_is_large(visit: Any) -> None:
    page: Page = visit(None, width=375)
    page.goto("/submit")
    boxes = [
        one.bounding_box()
        for one in page.locator("main :is(button, input:not([type=checkbox]), select, textarea)").all()
        if one.is_visible()
    ]
    assert len(boxes) > 8 and all(box and box["height"] >= 44 for box in boxes), boxes


def test_a_code_and_a_phone_are_checked_as_they_are_left(visit: Any) -> None:
    page: Page = visit(None)
    page.goto("/submit")
    code, said = page.locator("#credit-code"), page.locator("#credit-code-check")
    code.fill("91350100M000100Y4")
    code.press("Tab")
    expect(said).to_contain_text("应为18位")
    expect(code).to_have_attribute("aria-invalid", "true")
    assert "credit-code-check" in (code.get_attribute("aria-describedby") or "")
    code.fill("91350100M000100Y43")
    code.press("Tab")
    expect(said).to_have_text("✓ 填写正确")
    expect(code).not_to_have_attribute("aria-invalid", "true")
    page.fill("#contact-phone", "转123")
    page.press("#contact-phone", "Tab")
    expect(page.locator("#contact-phone-check")).to_contain_text("电话号码不对")


def test_a_lost_network_and_a_reload_lose_nothing(visit: Any) -> None:
    page: Page = visit(None)
    fill(page, "断网时写的投诉")
    key = page.input_value("[name=once]")
    page.context.set_offline(True)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator("#notes")).to_contain_text("没有提交。您填写的内容都还在")
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("#title")).to_have_value("断网时写的投诉")
    assert page.input_value("[name=once]") == key
    press(page, "提交")
    expect(page.locator("h1")).to_have_text("已经收到您的诉求")
    # On a computer that others use too, nothing of it is left.
    assert page.evaluate("Object.keys(sessionStorage).length") == 0
    page.goto("/submit")
    expect(page.locator("#title")).to_have_value("")


def test_an_answer_that_was_lost_comes_again_and_nothing_twice(site: Site, visit: Any) -> None:
    """The server took the form, its answer never came; the reloaded page still has the key and sends it again."""
    page: Page = visit(None)
    fill(page, "答复丢在路上的投诉")

    def take_and_hang_up(route: Any) -> None:
        if route.request.method == "POST":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/submit", take_and_hang_up)
    with page.expect_event("requestfailed", lambda request: request.method == "POST"):
        page.get_by_role("button", name="提交", exact=True).click()
    page.unroute("**/submit")
    page.goto("/submit")
    expect(page.locator("#title")).to_have_value("答复丢在路上的投诉")
    press(page, "提交")
    number = page.inner_text(".keep-safe .number")
    assert _logged(site, "答复丢在路上的投诉") == [number]


def test_pressing_twice_hands_in_once(site: Site, visit: Any) -> None:
    page: Page = visit(None)
    fill(page, "按了两次的投诉")
    with page.expect_navigation():
        page.get_by_role("button", name="提交", exact=True).dblclick()
    number = page.inner_text(".keep-safe .number")
    assert _logged(site, "按了两次的投诉") == [number]


def _logged(site: Site, title: str) -> list[str]:
    found = Matters(site).read("operator", "/tickets?sort=-received")
    return [item["number"] for item in found["items"] if item["title"] == title]


def test_emptying_the_form_forgets_it(visit: Any) -> None:
    page: Page = visit(None)
    fill(page, "不想提交了")
    expect(page.get_by_text("请按“清空”")).to_be_visible()
    page.get_by_role("button", name="清空").click()
    page.reload()
    expect(page.locator("#title")).to_have_value("")


def test_a_refusal_is_read_first_and_leads_to_its_field(visit: Any) -> None:
    page: Page = visit(None)
    fill(page, "电话写错的投诉")
    page.fill("#contact-phone", "转123")
    press(page, "提交")
    expect(page.locator("#refusal")).to_be_focused()
    page.locator("#refusal a").click()
    expect(page.locator("#contact-phone")).to_be_focused()
    expect(page.locator("#title")).to_have_value("电话写错的投诉")


def test_a_wrong_code_helps_and_a_guesser_is_locked_out(visit: Any) -> None:
    page: Page = visit(None)
    number, code = submit(page, "查询码输错的投诉")
    for _ in range(5):
        look_up(page, number, "AAAAAA")
        expect(page.locator("main")).to_contain_text("查询码忘了，请用登记时的电话拨打12345")
        expect(page.locator("#number")).to_have_value(number)
    look_up(page, number, code)
    expect(page.locator("#refusal")).to_contain_text("请过15分钟再试")


def test_on_paper_stand_the_number_and_the_code_and_no_buttons(visit: Any) -> None:
    page: Page = visit(None)
    number, code = submit(page, "要打印的投诉")
    page.emulate_media(media="print")
    expect(page.get_by_text(number, exact=True)).to_be_visible()
    expect(page.get_by_text(code, exact=True)).to_be_visible()
    expect(page.locator("button:visible")).to_have_count(0)
    expect(page.locator(".print-only")).to_be_visible()
