"""A clerk at the desk in a real browser: signs for several, answers by template, asks for an extension in two clicks."""

from tests.browser.conftest import Visit
from tests.browser.looks import assert_good
from tests.browser.site import Site
from tests.browser.work import Matters

TEMPLATE = "关于{编号}的答复：已当面说明。"


def test_a_clerk_signs_for_several_at_once(visit: Visit, site: Site) -> None:
    matters = Matters(site)
    numbers = [matters.dispatched(f"批量签收{n}") for n in (1, 2)]
    desk = visit("handler", 375)
    desk.goto("/unit")
    for number in numbers:
        desk.get_by_label(f"勾选 {number}").check()
    assert desk.locator("#ticked").inner_text() == "已勾选2件。"
    with desk.expect_navigation():
        desk.get_by_role("button", name="签收勾选的").click()
    done = desk.locator("#refusal")
    assert "已签收2件" in done.inner_text() and all(number in done.inner_text() for number in numbers)
    assert_good(desk)


def test_a_clerk_answers_by_template(visit: Visit, site: Site) -> None:
    number = Matters(site).handled("按模板答复")
    page = visit("handler")
    page.goto("/unit/templates")
    page.fill("#name-new", f"说明 {number}")
    page.fill("#text-new", TEMPLATE)
    with page.expect_navigation():
        page.get_by_role("button", name="保存", exact=True).click()
    assert_good(page)
    page.goto(f"/tickets/{number}")
    form = page.locator("#do-draft_result")
    form.evaluate("form => form.open = true")
    page.fill("#draft-reply", "您好。再见。")
    page.locator("#draft-reply").evaluate("field => field.setSelectionRange(3, 3)")
    page.select_option("#template-draft-reply", label=f"说明 {number}")
    form.get_by_role("button", name="插入").click()
    assert page.input_value("#draft-reply") == f"您好。关于{number}的答复：已当面说明。再见。"
    page.select_option("#draft-kind", "solved")
    with page.expect_navigation():
        form.get_by_role("button", name="拟写办理结果").click()
    assert "已完成：拟写办理结果" in page.inner_text("main") and f"关于{number}的答复" in page.inner_text("main")


def test_an_extension_takes_two_clicks_and_shows_its_rule_first(visit: Visit, site: Site) -> None:
    number = Matters(site).handled("申请延期", difficulty="difficult")
    page = visit("handler")
    page.goto("/unit")
    with page.expect_navigation():
        page.get_by_role("link", name=f"{number} 申请延期").click()
    form = page.locator("#ask-extension")
    assert form.get_by_text("最多延5个工作日").is_visible() and form.get_by_text("最迟").is_visible()
    page.fill("#extension-days", "3")
    page.fill("#extension-reason", "等待检测报告")
    with page.expect_navigation():
        form.get_by_role("button", name="提出延期申请").click()
    assert "拟申请延期，待负责人签批" in page.inner_text("#timeline")
    page.goto("/unit")
    assert page.get_by_role("link", name=f"{number} 申请延期").count() == 0
