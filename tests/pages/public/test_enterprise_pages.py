"""The enterprise's pages: where its matter is and by when, one matter for one form, fields checked as they are left."""

import re
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from freezegun import freeze_time

from hotline import clock
from hotline.app_context import AppContext
from hotline.models.intake.enterprises import Contact
from hotline.models.tickets.tickets import Ticket
from hotline.pages.checks import MOST_A_MINUTE
from hotline.queries.public.public_progress import AT, PUBLIC_STATUS, WHERE
from hotline.rules.vocabulary import State
from tests.pages.test_pages import TOKEN, Browser
from tests.support.build import Builder
from tests.support.calls import Calls
from tests.support.channel import Visitor, path_of, token_for

ONCE = re.compile(r'name="once" value="([^"]+)"')
CODE = re.compile(r'class="query-code">(\w+)<')
NUMBER = re.compile(r"QS\d+")
MATTER = {
    "title": "窗口三次不受理变更登记",
    "content": "材料齐全。",
    "type": "complaint",
    "category": "licensing-delay",
    "enterprise.name": "襄阳丙丁商贸有限公司",
    "contact.phone": "13912345678",
}
TUESDAY = "2026-11-24T10:00:00+08:00"


def look_up(app: Flask, number: str, code: str) -> str:
    return Browser(app).post("/look-up", {"number": number, "code": code}, page="/").text


def proof(build: Builder) -> dict[str, str]:
    assert build.logged is not None
    return {"number": build.logged.ticket.number, "code": build.logged.query_code}


def test_every_state_is_told_in_words_and_stands_on_the_line(app: Flask, build: Builder) -> None:
    assert set(WHERE) == set(PUBLIC_STATUS) == set(State)
    with freeze_time("2026-03-03T10:00:00+08:00"):
        for state in State:
            build.anywhere(str(state), clock.now())
            page = look_up(app, **proof(build))
            assert WHERE[state].format(unit="襄阳市市场监督管理局") in page, state
            assert page.count('aria-current="step"') == (state in AT), state
            assert PUBLIC_STATUS[state] in page and "超期" not in page, state


def test_the_line_carries_the_day_of_each_step(app: Flask, build: Builder, call: Calls) -> None:
    with freeze_time(TUESDAY) as frozen:
        number = build.ticket("dispatched", clock.now())
        code = proof(build)["code"]
        frozen.move_to("2026-11-25T09:30:00+08:00")
        call.ok("handler", "POST", f"/tickets/{number}/actions/sign")
        found = call.ok(None, "GET", f"/public/tickets/{number}?code={code}")
        days = [(s["label"], s["stands"], (s["at"] or "")[:10]) for s in found["stations"]]
        assert days[:4] == [
            ("受理", "done", "2026-11-24"),
            ("派单", "done", "2026-11-24"),
            ("签收", "done", "2026-11-25"),
            ("办理", "here", ""),
        ]
        assert {stands for _, stands, _ in days[4:]} == {"ahead"} and days[-1][0] == "办结"


def test_a_consultation_answered_at_once_has_a_line_of_its_own(app: Flask, build: Builder, call: Calls) -> None:
    with freeze_time(TUESDAY):
        number = build.ticket("accepted", clock.now(), type="consult")
        call.ok("operator", "POST", f"/tickets/{number}/actions/answer_direct", {"reply": "当日办结"})
        found = call.ok(None, "GET", f"/public/tickets/{number}?code={proof(build)['code']}")
        assert [s["label"] for s in found["stations"]] == ["受理", "直接答复", "办结"]
        assert all(s["at"] for s in found["stations"]) and found["promise"] is None


def test_the_promise_counts_working_time_and_owns_up_when_it_is_broken(app: Flask, build: Builder) -> None:
    """To be signed for by Wednesday's close of business."""
    build.ticket("dispatched", datetime.fromisoformat(TUESDAY))
    for now, said in (
        (TUESDAY, "还有1个工作日"),
        ("2026-11-25T09:00:00+08:00", "还有6小时"),
        ("2026-11-25T18:00:00+08:00", "已超期"),
        ("2026-11-28T12:00:00+08:00", "已超2个工作日"),
    ):
        with freeze_time(now):
            page = look_up(app, **proof(build))
        assert said in page and "前签收" in page, now


def test_a_suspended_matter_says_when_it_goes_on(app: Flask, build: Builder) -> None:
    with freeze_time(TUESDAY):
        number = build.anywhere("suspended", clock.now())
        page = look_up(app, number, proof(build)["code"])
    assert re.search(r"12-14 17:30</time>.*前恢复办理", page)


def test_what_only_a_bad_rating_made_speaks_of_its_case(app: Flask, app_context: AppContext) -> None:
    given = {"body": "city-hall", "occasion": "A1", "days": 2}
    headers = token_for(app_context, "hall-terminals")
    slip = path_of(app.test_client().post("/api/v1/ratings/links", json=given, headers=headers).get_json()["url"])
    rated = Visitor(app).rate(slip, "dissatisfied", **{"reasons[]": ["attitude"]}).text
    number, code = NUMBER.search(rated), CODE.search(rated)
    assert number and code
    page = look_up(app, number[0], code[1])
    assert "已经收到您的差评" in page and 'class="way"' not in page and "企业评价：不满意" in page


def test_the_newest_line_of_the_progress_stands_first(app: Flask, build: Builder, call: Calls) -> None:
    number = build.ticket("handling", clock.now())
    call.ok("handler", "POST", f"/tickets/{number}/actions/progress", {"text": "已到现场查看"})
    page = look_up(app, **proof(build))
    assert page.index("已到现场查看") < page.index("收到诉求")


def test_one_form_makes_one_matter_however_often_it_is_sent(app: Flask, call: Calls) -> None:
    browser = Browser(app)
    page = browser.get("/submit").text
    sent = {**MATTER, "csrf_token": TOKEN.search(page)[1], "once": ONCE.search(page)[1]}  # type: ignore[index]
    answers = [browser.client.post("/submit", data=sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert len({CODE.search(answer.text)[1] for answer in answers}) == 1  # type: ignore[index]
    assert 'data-taken="submit"' in answers[0].text

    other = browser.client.post("/submit", data={**sent, "title": "另一件事"})
    assert other.status_code == 409 and "再按一次“提交”" in other.text and "另一件事" in other.text
    assert len(call.ok("operator", "GET", "/tickets?sort=-received")["items"]) == 1
    again = {**sent, "title": "另一件事", "once": ONCE.search(other.text)[1]}  # type: ignore[index]
    assert browser.client.post("/submit", data=again).status_code == 201
    assert len(call.ok("operator", "GET", "/tickets?sort=-received")["items"]) == 2


def test_a_refused_form_names_the_field_and_keeps_its_key(app: Flask) -> None:
    browser = Browser(app)
    wrong = {**MATTER, "contact.phone": "转123", "enterprise.credit_code": "91420600MA4X", "once": "a key"}
    answer = browser.post("/submit", wrong, page="/submit")
    assert answer.status_code == 422 and 'name="once" value="a key"' in answer.text
    assert '<a class="alert-link" href="#contact-phone">联系电话</a>：电话号码不对' in answer.text
    field = re.search(r'<input[^>]*id="credit-code"[^>]*>', answer.text)
    assert field and 'aria-invalid="true"' in field[0] and "wrong-enterprise-credit_code credit-code-hint" in field[0]
    assert "91420600MA4X" in answer.text and "襄阳丙丁商贸有限公司" in answer.text


def test_who_stays_anonymous_needs_no_phone_and_none_is_kept(app: Flask, app_context: AppContext) -> None:
    browser = Browser(app)
    assert browser.post("/submit", {**MATTER, "contact.phone": ""}, page="/submit").status_code == 422
    assert browser.post("/submit", {**MATTER, "anonymous": "true"}, page="/submit").status_code == 201
    with app_context.snapshot() as ctx:
        assert ctx.session.query(Contact).count() == 0
        assert ctx.session.query(Ticket.anonymous).scalar() is True


def test_the_answer_says_by_when_it_is_accepted(app: Flask) -> None:
    with freeze_time(TUESDAY):
        answer = Browser(app).post("/submit", MATTER, page="/submit").text
    assert '<time datetime="2026-11-27T17:' in answer
    number, code = NUMBER.search(answer), CODE.search(answer)
    assert number and code and f'data-copy="{code[1]}"' in answer
    assert not re.search(rf'(href|action)="[^"]*{code[1]}', answer)


def check(app: Flask, name: str, text: str, who: str | None = None) -> Any:
    return Browser(app, who).post(f"/checks/{name}", {"text": text}, page="/submit")


@pytest.mark.parametrize(
    ("name", "good", "bad", "why"),
    [
        ("credit-code", "91350100M000100Y43", "91350100MA00100Y4!", "不允许的字符"),
        ("credit-code", "91350100m000100y43 ", "91420600MA4X", "应为18位，现为12位"),
        ("phone", "139 1234 5678", "转123", "电话号码不对"),
        ("phone", "0710-3512345", "", "必须填写"),
    ],
)
def test_a_field_is_checked_by_the_rule_of_the_form(app: Flask, name: str, good: str, bad: str, why: str) -> None:
    assert check(app, name, good).get_json() == {"valid": True}
    answer = check(app, name, bad).get_json()
    assert answer["valid"] is False and why in answer["why"]


def test_a_code_whose_check_character_does_not_fit_is_kept_with_a_warning(app: Flask) -> None:
    answer = check(app, "credit-code", "91350100M000100Y44").get_json()
    assert answer["valid"] is True and "校验位不符" in answer["warning"]


def test_a_check_never_tells_whom_the_city_knows(app: Flask) -> None:
    before = check(app, "phone", MATTER["contact.phone"]).data
    assert Browser(app).post("/submit", MATTER, page="/submit").status_code == 201
    assert check(app, "phone", MATTER["contact.phone"]).data == before
    assert app.test_client().get("/checks/phone?text=13912345678").status_code == 405
    assert app.test_client().post("/checks/phone", data={"text": "13912345678"}).status_code == 400


def test_checks_are_limited_for_visitors_and_not_at_the_desk(app: Flask) -> None:
    with freeze_time(TUESDAY) as frozen:
        visitor, operator = Browser(app), Browser(app, "operator")
        token = {b: TOKEN.search(b.get("/submit").text)[1] for b in (visitor, operator)}  # type: ignore[index]
        asked = {b: {"text": "13912345678", "csrf_token": token[b]} for b in token}
        answers = [visitor.client.post("/checks/phone", data=asked[visitor]) for _ in range(MOST_A_MINUTE + 1)]
        assert {answer.status_code for answer in answers[:-1]} == {200} and answers[-1].status_code == 429
        assert operator.client.post("/checks/phone", data=asked[operator]).status_code == 200
        frozen.tick(60)
        assert visitor.client.post("/checks/phone", data=asked[visitor]).status_code == 200


def test_wrong_codes_are_told_how_to_go_on_and_then_locked(app: Flask, app_context: AppContext, build: Builder) -> None:
    build.ticket("handling", clock.now())
    known = proof(build)
    for _ in range(app_context.rulebook.look_up.per_ticket_and_address):
        wrong = Browser(app).post("/look-up", {**known, "code": "AAAAAA"}, page="/")
        assert wrong.status_code == 404 and "查询码忘了" in wrong.text and known["number"] in wrong.text
    locked = Browser(app).post("/look-up", known, page="/")
    assert locked.status_code == 429 and "请过15分钟再试" in locked.text
    assert known["code"] not in locked.text


def test_what_is_done_is_said_and_what_is_refused_stands_in_its_own_form(app: Flask, build: Builder) -> None:
    build.ticket("handling", clock.now())
    known, browser = proof(build), Browser(app)
    done = browser.post("/act/remind", {**known, "text": "请快一点"}, page="/")
    assert "已经催办" in done.text and f'data-taken="remind-{known["number"]}"' in done.text
    assert "请快一点" not in done.text
    again = browser.post("/act/remind", {**known, "text": "请再快一点"}, page="/")
    assert again.status_code == 409 and "请再快一点" in again.text and "已经催办" not in again.text
    long = browser.post("/act/withdraw", {**known, "text": "长" * 501}, page="/")
    wrong = re.findall(r'<textarea[^>]*aria-invalid="true"[^>]*>', long.text)
    assert long.status_code == 422 and len(wrong) == 1 and 'id="withdraw-text"' in wrong[0]
    assert long.text.count("<details open>") == 1


def test_every_page_has_one_heading_above_the_others(app: Flask, build: Builder) -> None:
    build.ticket("calling_back", clock.now())
    browser = Browser(app)
    addresses = ("/", "/submit", "/legal", "/legal/check-up", "/policies", "/ratings", "/sign-in", "/nowhere")
    pages = [browser.get(address).text for address in addresses] + [look_up(app, **proof(build))]
    for page in pages:
        levels = [int(level) for level in re.findall(r"<h([1-6])", page.split("<main")[1].split("</main>")[0])]
        assert levels.count(1) == 1 and levels[0] == 1, page
        assert all(after <= before + 1 for before, after in pairwise(levels)), page


@pytest.mark.parametrize(
    "address", ["/look-up", "/submit", "/rate", "/act/remind", "/legal/consultation", "/checks/phone"]
)
def test_fields_with_strange_names_are_refused_and_break_nothing(app: Flask, address: str) -> None:
    strange = {"number.x": "1", "code.x": "1", "once.x": "1", "text.x": "1", "title": "1", "title.x.y": "2"}
    strange |= {"contact": "1", "contact.phone": "2"}
    assert Browser(app).post(address, strange, page="/submit").status_code in (200, 404, 422)
