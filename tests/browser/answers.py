"""Pages that only a form leads to, each reached as its person reaches it; beside the walk of all links, for the pictures."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.enterprise import fill, look_up, press, submit
from tests.browser.site import PASSWORD, Site
from tests.browser.work import TO_THE_ANSWER, TO_THE_UNIT, Matters

Steps = Callable[[Page, Site], None]
TITLE = "窗口三次不受理变更登记"


def _submitted(page: Page, site: Site) -> None:
    submit(page, TITLE)


def _refused(page: Page, site: Site) -> None:
    fill(page, TITLE)
    page.fill("#contact-phone", "转123")
    press(page, "提交")


def _looked_up(page: Page, site: Site) -> None:
    look_up(page, *submit(page, TITLE))


def _wrong_code(page: Page, site: Site) -> None:
    number, _ = submit(page, TITLE)
    look_up(page, number, "AAAAAA")


def _to_rate(page: Page, site: Site) -> None:
    number, code = submit(page, TITLE)
    Matters(site).take(number, TO_THE_UNIT + TO_THE_ANSWER)
    look_up(page, number, code)


def _rated(page: Page, site: Site) -> None:
    _to_rate(page, site)
    page.get_by_label("不满意", exact=True).check()
    page.locator("[name='reasons[]']").first.check()
    press(page, "提交评价")


def _rating_form(page: Page, site: Site) -> None:
    page.goto("/rated-bodies")
    page.get_by_role("link", name="打印").first.click()
    page.locator("a.text-break").click()
    page.wait_for_load_state()


def _ringing(page: Page, site: Site) -> None:
    page.goto("/operator?phone=13800138000")


def _logged(page: Page, site: Site) -> None:
    page.goto("/operator?phone=13800138000")
    page.fill("#title", TITLE)
    page.fill("#content", "材料齐全，去了三次，都说系统故障。")
    page.select_option("#type", "complaint")
    with page.expect_navigation():
        page.keyboard.press("Alt+s")


def _signed(page: Page, site: Site) -> None:
    Matters(site).dispatched(TITLE)
    page.goto("/unit")
    with page.expect_navigation():
        page.locator("button[name=every]").click()


def _part(page: Page, site: Site) -> None:
    page.goto("/unit?part=later")


def _asking(page: Page, site: Site) -> None:
    number = Matters(site).handled(TITLE)
    page.goto(f"/tickets/{number}?ask=difficult#ask-difficult")


def _called(page: Page, site: Site) -> None:
    number = Matters(site).answered(TITLE)
    page.goto(f"/tickets/{number}#call")
    press(page, "由我回访")


def _calendar_preview(page: Page, site: Site) -> None:
    page.goto("/admin/calendar")
    page.fill("#on", "2026-12-24")
    page.select_option("#working", "false")
    page.fill("#name", "临时放假")
    press(page, "预览这一天")


def _second_factor(page: Page, site: Site) -> None:
    page.goto("/account")
    page.fill("#begin-password", PASSWORD)
    press(page, "开启两步验证")


def _not_found(page: Page, site: Site) -> None:
    page.goto("/tickets/QS20200101000001")


def _forbidden(page: Page, site: Site) -> None:
    page.goto("/admin")


def _found(page: Page, site: Site) -> None:
    page.goto("/policies?q=注销公司")


def _nothing_found(page: Page, site: Site) -> None:
    page.goto("/tickets?q=没有这样的标题")


ANSWERS: dict[str, tuple[str | None, Steps]] = {
    "submitted": (None, _submitted),
    "submit-refused": (None, _refused),
    "looked-up": (None, _looked_up),
    "wrong-code": (None, _wrong_code),
    "to-rate": (None, _to_rate),
    "rated": (None, _rated),
    "rating-form": ("reviewer", _rating_form),
    "ringing": ("operator", _ringing),
    "logged": ("operator", _logged),
    "signed": ("handler", _signed),
    "one-part": ("handler", _part),
    "asking": ("handler", _asking),
    "called": ("reviewer", _called),
    "calendar-preview": ("administrator", _calendar_preview),
    "second-factor": ("handler", _second_factor),
    "not-found": ("operator", _not_found),
    "forbidden": ("handler", _forbidden),
    "policies-found": (None, _found),
    "nothing-found": ("supervisor", _nothing_found),
}
"""By the name of the picture: who, and the way there."""
