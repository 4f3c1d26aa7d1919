"""The file of a ticket without scripts: who has it, the calendar of clocks, filters, what cannot be done, a second person."""

import re
from datetime import date

from flask import Flask
from freezegun import freeze_time

from hotline.app_context import AppContext
from hotline.casework.handling import requests
from hotline.casework.tickets.access import ticket_for
from hotline.queries.deadlines import clock_strip
from hotline.queries.tickets.line_kinds import KINDS, NEW_ROUND, LineKind, kind_of
from hotline.queries.tickets.ticket_file import clocks_of
from hotline.queries.timeline_texts import SENTENCES
from hotline.rules.vocabulary import Difficulty, RequestKind
from tests.pages.test_pages import Browser, at
from tests.support.build import Builder
from tests.support.cast import Cast

NOW = at("2026-11-24T10:00:00")
FROZEN = "2026-11-24 02:00:00"
LATER = "2026-11-24 03:00:00"


def test_every_line_is_of_a_kind_and_every_kind_has_lines() -> None:
    assert set(KINDS) | NEW_ROUND <= set(SENTENCES)
    assert {kind_of(entry) for entry in SENTENCES} == set(LineKind)


def test_the_top_says_who_has_it_what_comes_next_and_by_when(app: Flask, build: Builder) -> None:
    with freeze_time(FROZEN):
        number = build.ticket("dispatched", NOW)
        handler, reviewer = Browser(app, "handler"), Browser(app, "reviewer")
        page = _plain(handler.get(f"/tickets/{number}").text)
        assert "现在由襄阳市市场监督管理局（承办人）办理，下一步：签收，应于2026-11-25 17:30前。" in page
        assert "签收：还有1个工作日5小时" in page and "等您办理" in page
        assert "等您办理" not in _plain(reviewer.get(f"/tickets/{number}").text)
        closed = build.ticket("closed", NOW)
        assert "已经结束" in handler.get(f"/tickets/{closed}").text


def _plain(text: str) -> str:
    return re.sub(r"<[^>]+>", "", text)


def test_the_calendar_shows_rest_days_make_up_days_pauses_and_each_due(
    app_context: AppContext, build: Builder, cast: Cast
) -> None:
    begun = at("2026-09-18T10:00:00")
    number = build.ticket("handling", begun, difficulty=Difficulty.DIFFICULT)
    asked = requests.Asking(RequestKind.SUSPENSION, "等检测", code="testing", until=date(2026, 9, 28))
    build.do("leader", requests.ask, number, asked, now=at("2026-09-21T10:00:00"))
    given = requests.Ruling("同意")
    suspend = requests.rule_on(requests.ROWS[RequestKind.SUSPENSION].action)
    build.do("supervisor", suspend, number, given, now=at("2026-09-21T11:00:00"))
    with app_context.snapshot(at("2026-09-22T10:00:00")) as ctx:
        ticket = ticket_for(ctx.by(cast.handler), number)
        clocks = clocks_of(ctx.by(cast.handler), ticket)
        pauses = clock_strip.pauses_in(ctx, ticket)
        drawn = clock_strip.strip(ctx, clocks, pauses)
    assert drawn is not None and len(drawn["days"]) * drawn["column"] == drawn["width"]
    days = {day["said"][:10]: day["kind"] for day in drawn["days"]}
    assert days["2026-09-19"] == "weekend" and days["2026-09-20"] == "make-up" and days["2026-10-01"] == "holiday"
    assert {k: drawn["special"][0][k] for k in ("on", "working")} == {"on": "2026-09-20", "working": True}
    sign, handle = drawn["bars"]
    assert "签收" in sign["said"] and "按时" in sign["said"] and sign["paused"] == []
    assert "暂停" in handle["said"] and handle["mark"] == "still" and handle["rest"] > 0
    # From 11:00 on the fourth day that is drawn to 10:00 on the fifth.
    (stood,) = handle["paused"]
    assert stood["x"] == round((3 + 11 / 24) * drawn["column"]) and stood["x"] + stood["width"] == drawn["today"]
    assert drawn["today"] == round((4 + 10 / 24) * drawn["column"])


def test_a_late_clock_is_drawn_beyond_its_due_and_said_in_the_table(app: Flask, build: Builder) -> None:
    number = build.ticket("handling", at("2026-11-09T10:00:00"))
    with freeze_time(FROZEN):
        page = Browser(app, "handler").get(f"/tickets/{number}").text
    assert '<rect class="over"' in page and "<title>第1轮办理，2026-11-16 17:30到期，已超期</title>" in page
    assert "同样内容的表格" in page and " style=" not in page


def test_the_timeline_is_narrowed_by_links(app: Flask, build: Builder) -> None:
    number = build.ticket("reviewing", NOW)
    with freeze_time(FROZEN):
        leader = Browser(app, "leader")
        talk = leader.get(f"/tickets/{number}?kind=talk").text.split('id="timeline"')[1]
        assert "已联系企业：已电话联系" in talk and "提交办理结果" not in talk.split("<ol")[1]
        assert leader.get(f"/tickets/{number}?round=2").text.count("没有这一类的记录") == 1
        assert leader.get(f"/tickets/{number}?kind=nonsense").status_code == 200


def test_the_terms_stand_on_the_form_and_what_cannot_be_done_is_explained(app: Flask, build: Builder) -> None:
    with freeze_time(FROZEN):
        number = build.ticket("handling", NOW, difficulty=Difficulty.DIFFICULT)
        handler = Browser(app, "handler")
        page = handler.get(f"/tickets/{number}?ask=extension").text
        form = page.split('id="ask-extension"')[1].split("</details>")[0]
        assert form.lstrip().startswith("open") and "每轮一次" in form and "最迟" in form and "max=5" in form
        why = _plain(page.split('id="why-not"')[1])
        assert "申请认定疑难" in why and "已经认定为疑难" in why
        assert "工单现在是“办理中”，不能“签收”；要在“待签收”时才能办理" in why
        leader = _plain(Browser(app, "leader").get(f"/tickets/{number}").text)
        assert "还不能提交办理结果：本轮办理中还没有联系企业的记录" in leader


def test_who_did_what_meanwhile_is_said_and_what_was_typed_is_kept(app: Flask, build: Builder) -> None:
    number = build.ticket("handling", NOW)
    file = f"/tickets/{number}"
    handler, leader, supervisor = Browser(app, "handler"), Browser(app, "leader"), Browser(app, "supervisor")
    with freeze_time(FROZEN):
        opened = leader.get(file).text
        version = re.search(r'name="version" value="(\d+)"', opened)
        seen = re.search(r'name="seen" value="(\d+)"', opened)
        assert version is not None and seen is not None
        read = {"version": version.group(1), "seen": seen.group(1)}
        assert handler.post(f"{file}/do/record_contact", {"summary": "电话说明了办法"}, page=file).status_code == 302
        asked = {"kind": "difficult", "code": "history", "reason": "历史遗留"}
        assert leader.post(f"{file}/do/request", asked, page=file).status_code == 302
        decided = supervisor.post(f"{file}/do/difficulty_approved", {"reason": "属实"}, page=file)
        assert decided.status_code == 302
        result = {"kind": "solved", "reply": "写了很久的答复"}
        late = leader.post(f"{file}/do/submit_result", {**result, **read}, page=file)
    assert late.status_code == 409 and "写了很久的答复" in late.text
    since = late.text.split('id="since"')[1].split("</section>")[0]
    assert "承办人子" in since and "电话说明了办法" in since and "认定为疑难" in since and "收到诉求" not in since
    fresh = re.search(r'name="version" value="(\d+)"', late.text)
    assert fresh is not None and int(fresh.group(1)) > int(read["version"])
    with freeze_time(LATER):
        again = leader.post(f"{file}/do/submit_result", {**result, "version": fresh.group(1)}, page=file)
        assert again.status_code == 302
        # Now the step itself has gone: what was typed can still be copied.
        gone = leader.post(f"{file}/do/submit_result", {**result, **read}, page=file)
    assert gone.status_code == 409 and "您填写的内容" in gone.text and "写了很久的答复" in gone.text
    assert "提交办理结果（已解决）" in gone.text.split('id="since"')[1].split("</section>")[0]


def test_what_was_taken_is_said_once(app: Flask, build: Builder) -> None:
    number = build.ticket("handling", NOW)
    file = f"/tickets/{number}"
    with freeze_time(FROZEN):
        handler = Browser(app, "handler")
        assert handler.post(f"{file}/do/add_note", {"text": "记一笔"}, page=file).status_code == 302
        page = handler.get(file).text
        assert "已完成：添加备注" in page and f'data-taken="{number}:add_note"' in page
        assert "data-taken" not in handler.get(file).text


def test_the_paper_holds_the_file_and_no_form_and_hides_whom_it_must(app: Flask, build: Builder) -> None:
    number = build.ticket("reviewing", NOW, confidential=True)
    with freeze_time(FROZEN):
        page = Browser(app, "handler").get(f"/tickets/{number}/print").text
        assert (
            "提交办理结果" in page
            and "<svg" in page
            and "由承办人子" not in page
            and "承办人子于2026-11-24 10:00" in _plain(page)
        )
        assert "甲乙机械" not in page and "5678" not in page
        assert "<form" not in page.split("<main")[1].split("</main>")[0]
        assert Browser(app, "other_handler").get(f"/tickets/{number}/print").status_code == 404
