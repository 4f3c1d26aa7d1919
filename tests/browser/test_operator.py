"""The operator's screen with the keyboard alone, from the ring to the next call; and that nothing typed is ever lost."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from hotline.app_context import AppContext
from hotline.casework.accounts import accounts
from hotline.models.accounts.staff import Staff
from hotline.models.call_backs.call_backs import Call
from hotline.models.tickets.tickets import Ticket
from hotline.rules.vocabulary import Role
from tests.browser.conftest import Visit
from tests.browser.looks import assert_good
from tests.browser.site import PASSWORD, Site
from tests.conftest import settings_for

# Sits at the line and dispatches: the whole way is theirs.
WHO = "shift-leader"
TITLE = "高压用电报装迟迟没有结果"
CONTENT = "厂里申请高压用电报装，供电公司一直没有答复，窗口不受理。"
COOKIE = "hotline_session"


@pytest.fixture(scope="module")
def records(site: Site) -> AppContext:
    found = AppContext(settings_for(f"sqlite:///{site.data}/hotline.db", site.data))
    with found.transaction(datetime.now(UTC)) as ctx:
        if ctx.session.scalar(select(Staff.id).where(Staff.username == WHO)) is None:
            roles = (Role.OPERATOR, Role.DISPATCHER)
            given = accounts.NewStaff(WHO, "孙值班", PASSWORD, "hotline-centre", roles)
            # The demonstration's one password, as its other people have it.
            any_password = replace(ctx.rules.passwords, shortest=1, longest=len(PASSWORD), words=frozenset())
            accounts.add(ctx.under(replace(ctx.rules, passwords=any_password)), given)
    return found


def logged(records: AppContext, title: str) -> int:
    with records.snapshot() as ctx:
        return ctx.session.scalar(select(func.count()).where(Ticket.title == title)) or 0


def answered(page: Page) -> None:
    """The suggestions for what was typed last have come."""
    expect(page.locator("#beside-note")).to_have_text("")
    expect(page.locator("#suggestions")).to_have_attribute("aria-busy", "false")


def write(page: Page, title: str, content: str = CONTENT) -> None:
    page.keyboard.press("Alt+t")
    page.keyboard.type(title)
    page.keyboard.press("Tab")
    with page.expect_response("**/operator/suggestions"):
        page.keyboard.type(content)
    page.keyboard.press("Tab")
    answered(page)


def ring_and_write(page: Page) -> None:
    """Somebody calls whom nobody knows yet."""
    # As a telephone opens it; the first time nobody knows the number.
    page.goto("/operator?phone=13911110001")
    expect(page.locator("#caller")).to_contain_text("没有登记过的来电人")
    page.keyboard.type("襄阳长虹电气有限公司")
    page.keyboard.press("Tab")
    page.keyboard.type("914206001234")
    page.keyboard.press("Tab")
    expect(page.locator("#credit-code-wrong")).to_contain_text("应为18位")
    # It is said, and hinders nothing; put right, it is said no more.
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    write(page, TITLE)
    expect(page.locator("#credit-code-wrong")).to_be_hidden()


def log_and_dispatch(page: Page) -> str:
    """The unit to which it went."""
    page.keyboard.press("Alt+c")
    expect(page.locator("#category")).not_to_have_value("")
    answered(page)
    page.keyboard.press("Alt+u")
    expect(page.locator("#dispatch-unit")).not_to_have_value("")
    unit = page.input_value("#dispatch-unit")
    assert_good(page)
    page.keyboard.press("Alt+g")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("#type")).to_be_focused()
    while page.input_value("#type") != "complaint":
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Alt+s")
    expect(page.locator("h1")).to_contain_text("已登记并派单")
    expect(page.locator(".query-code")).to_have_text(page.locator("[data-copy]").last.get_attribute("data-copy") or "")
    expect(page.locator(".logged")).to_contain_text(f"下一步：{unit}签收")
    assert_good(page)
    expect(page.get_by_role("link", name="下一通")).to_be_focused()
    return unit


def next_call(page: Page, unit: str) -> None:
    page.keyboard.press("Alt+n")
    # The next call: what was logged is gone from the form, and the number that called before is known.
    expect(page.locator("#phone")).to_be_focused()
    page.keyboard.type("13911110001")
    page.keyboard.press("Enter")
    expect(page.locator("#caller")).to_contain_text("襄阳长虹电气有限公司")
    expect(page.locator("#caller")).to_contain_text(unit)
    expect(page.locator("#caller")).to_contain_text("签收：")
    expect(page.locator("#title")).to_have_value("")
    page.keyboard.press("Alt+q")
    expect(page.locator("#enterprise-name")).to_have_value("襄阳长虹电气有限公司")


def remind(page: Page) -> None:
    # The same matter again: one key makes it a reminder, once a working day.
    write(page, TITLE)
    expect(page.locator(".warned")).to_contain_text(TITLE)
    page.keyboard.press("Alt+m")
    expect(page.locator("main")).to_contain_text("记为催办，承办单位会收到提醒")
    expect(page.locator("#title")).to_have_value("")
    expect(page.locator("#enterprise-name")).to_have_value("襄阳长虹电气有限公司")
    expect(page.locator("#caller")).to_contain_text("今天已催办")


def test_from_the_ring_to_the_next_call_without_a_mouse(visit: Visit, records: AppContext) -> None:
    page = visit(WHO)
    ring_and_write(page)
    unit = log_and_dispatch(page)
    assert logged(records, TITLE) == 1
    next_call(page, unit)
    remind(page)
    assert logged(records, TITLE) == 1
    page.keyboard.press("Alt+x")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#phone")).to_be_visible()
    with records.snapshot() as ctx:
        last = ctx.session.scalars(select(Call.result).order_by(Call.id.desc())).first()
    assert last == "consulted"


def test_a_consultation_is_answered_from_an_article_by_two_keys(visit: Visit, records: AppContext) -> None:
    page = visit("operator")
    title = "企业开办要几天能办完"
    page.goto("/operator?phone=13911110002")
    write(page, title, "想问一下企业开办需要几个工作日，营业执照多久能拿到，窗口审批慢。")
    page.keyboard.press("Alt+1")
    expect(page.locator("#answer-reply")).to_be_focused()
    expect(page.locator("#answer-reply")).not_to_have_value("")
    expect(page.locator("#cite")).not_to_have_value("")
    expect(page.locator("#type")).to_have_value("consult")
    answered(page)
    page.keyboard.press("Alt+c")
    expect(page.locator("#category")).not_to_have_value("")
    page.keyboard.press("Alt+s")
    expect(page.locator("h1")).to_contain_text("已登记并答复")
    assert logged(records, title) == 1


def test_a_reload_in_the_middle_keeps_everything(visit: Visit, records: AppContext) -> None:
    page = visit("operator")
    title = "重新打开页面以后还在"
    page.goto("/operator?phone=13911110003")
    write(page, title)
    page.keyboard.press("Alt+k")
    page.keyboard.type("先记在这里")
    once = page.input_value("input[name=once]")
    with page.expect_response("**/operator/suggestions"):
        page.reload()
    expect(page.locator("#title")).to_have_value(title)
    expect(page.locator("#content")).to_have_value(CONTENT)
    expect(page.locator("#answer-reply")).to_have_value("先记在这里")
    expect(page.locator("#contact-phone")).to_have_value("13911110003")
    assert page.input_value("input[name=once]") == once
    # The next call begins with an empty form, and what was never logged can be taken back.
    page.goto("/operator?phone=13911110004")
    expect(page.locator("#title")).to_have_value("")
    expect(page.locator("#earlier")).to_contain_text(title)
    page.keyboard.press("Alt+b")
    expect(page.locator("#title")).to_have_value(title)
    expect(page.locator("#contact-phone")).to_have_value("13911110003")
    assert page.locator("input[name=call_id]").count() == 0
    page.locator("#answer-reply").fill("")
    page.keyboard.press("Alt+s")
    # It was another caller's: that call is over, this one goes on.
    expect(page.get_by_role("link", name="回到通话")).to_be_focused()
    assert logged(records, title) == 1
    page.keyboard.press("Alt+n")
    expect(page.locator("#title")).to_have_value("")
    expect(page.locator("#earlier")).to_be_hidden()


def test_a_lost_network_loses_nothing_and_says_so(visit: Visit, records: AppContext) -> None:
    page = visit("operator")
    title = "断网的时候也不会丢"
    page.goto("/operator?phone=13911110005")
    write(page, title)
    page.context.set_offline(True)
    page.keyboard.press("Alt+t")
    page.keyboard.press("End")
    page.keyboard.type("一个字")
    expect(page.locator("#beside-note")).to_contain_text("不影响登记")
    page.keyboard.press("Alt+s")
    expect(page.locator("#notes")).to_contain_text("没有提交")
    expect(page.locator("#title")).to_have_value(f"{title}一个字")
    assert logged(records, f"{title}一个字") == 0
    page.context.set_offline(False)
    page.keyboard.press("Alt+s")
    expect(page.locator("h1")).to_contain_text("已登记")
    assert logged(records, f"{title}一个字") == 1


def test_an_expired_session_loses_nothing(visit: Visit, records: AppContext) -> None:
    page = visit("operator")
    title = "登录过期以后还在"
    page.goto("/operator?phone=13911110006")
    write(page, title)
    page.context.clear_cookies(name=COOKIE)
    page.keyboard.press("Alt+s")
    expect(page.locator("main")).to_contain_text("登录已经过期，刚才的提交没有生效")
    expect(page.get_by_role("link", name="登录后继续")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/sign-in"))
    page.fill("#username", "operator")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#title")).to_have_value(title)
    expect(page.locator("#contact-phone")).to_have_value("13911110006")
    page.keyboard.press("Alt+s")
    expect(page.locator("h1")).to_contain_text("已登记")
    assert logged(records, title) == 1


def test_what_is_sent_twice_is_logged_once(visit: Visit, records: AppContext) -> None:
    page = visit("operator")
    title = "按了两次只登记一次"
    page.goto("/operator?phone=13911110007")
    write(page, title)
    page.keyboard.press("Alt+t")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("已登记")
    code = page.locator(".query-code").inner_text()
    # Sent again from the history, it is the same ticket with the same code.
    page.reload()
    expect(page.locator(".query-code")).to_have_text(code)
    assert logged(records, title) == 1


def test_nothing_is_asked_while_an_input_method_composes_and_nothing_jumps_under_a_key(visit: Visit) -> None:
    page = visit("operator")
    page.goto("/operator?phone=13911110008")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/suggestions") else None)
    page.keyboard.press("Alt+t")
    composer = page.context.new_cdp_session(page)
    composer.send("Input.imeSetComposition", {"text": "gaoya", "selectionStart": 5, "selectionEnd": 5})
    page.wait_for_timeout(700)
    assert asked == []
    with page.expect_response("**/operator/suggestions"):
        composer.send("Input.insertText", {"text": "高压用电报装"})
    answered(page)
    expect(page.locator("#suggestions")).to_contain_text("高压")
    before = page.locator("#suggestions").inner_html()
    page.keyboard.down("Shift")
    with page.expect_response("**/operator/suggestions"):
        composer.send("Input.insertText", {"text": "，企业开办营业执照"})
    answered(page)
    assert page.locator("#suggestions").inner_html() == before
    page.keyboard.up("Shift")
    expect(page.locator("#suggestions")).to_contain_text("营业执照")


@pytest.mark.parametrize("width", [320, 375])
def test_it_is_usable_on_a_phone(visit: Visit, width: int) -> None:
    page = visit("operator", width=width)
    page.goto("/operator?phone=13911110009")
    assert_good(page)


def test_dispatch_by_two_keys(visit: Visit, records: AppContext) -> None:
    page = visit("dispatcher")
    page.goto("/dispatch")
    assert_good(page)
    waiting = page.locator("form.send").filter(has=page.locator("button", has_text="派单"))
    number = waiting.first.get_attribute("aria-label")
    key = waiting.first.locator("input[name=unit]").get_attribute("aria-keyshortcuts")
    assert key
    page.keyboard.press(key)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("已派至")
    with records.snapshot() as ctx:
        assert ctx.session.scalar(select(Ticket.state).where(Ticket.number == number)) == "dispatched"
