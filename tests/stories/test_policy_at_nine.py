"""A policy is published at nine and answered from at five past; what nobody writes about climbs the ladder."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from hotline.app_context import AppContext
from hotline.casework.knowledge.article_files import load_all
from hotline.jobs import escalate
from hotline.jobs import freshness as watch
from hotline.jobs.run import Run
from hotline.models.deadlines.clocks import Clock, Escalation
from hotline.models.knowledge.article_tasks import ArticleTask
from hotline.models.messages.notices import Notice
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.rules.knowledge.freshness import document_forms, document_key, policy_identity
from hotline.rules.refusals import BadFile
from hotline.settings.config_files import resource
from hotline.transfer.import_mapping import ImportChoices
from hotline.transfer.import_tickets import POLICIES, Outcome, import_file
from tests.api.knowledge.test_article_life import ARTICLE, NEW, publish
from tests.pages.test_pages import Browser
from tests.support.calls import Calls

NINE, FIVE_PAST = "2026-11-24T09:00:00+08:00", "2026-11-24T09:05:00+08:00"
POLICY: dict[str, Any] = {
    "title": "企业冬季用热补贴实施办法",
    "document_number": "襄政办发[2026]12号",
    "published_on": "2026-11-24",
    "owner_unit": "market-supervision",
}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def clock_of(app_context: AppContext, policy: int) -> Clock:
    with app_context.snapshot() as ctx:
        query = select(Clock).join(ArticleTask, ArticleTask.id == Clock.task_id)
        return ctx.session.scalars(query.where(ArticleTask.policy_id == policy)).one()


def waiting(call: Calls) -> list[int]:
    return [row["id"] for row in call.ok("supervisor", "GET", "/knowledge/policies")["items"]]


def test_registered_at_nine_and_answered_from_at_five_past(call: Calls, app_context: AppContext) -> None:
    with freeze_time(NINE) as frozen:
        call.refused("operator", "POST", "/knowledge/policies", 403, POLICY)
        call.refused("supervisor", "POST", "/knowledge/policies", 403, POLICY)
        policy = call.ok("editor", "POST", "/knowledge/policies", POLICY)
        assert policy["state"] == "waiting" and policy["clock"]["due_at"] == "2026-11-25T17:30:00+08:00"
        # The same number, written with other brackets, is the same policy.
        again = {**POLICY, "document_number": "襄政办发〔2026〕12号", "title": "另一标题"}
        call.refused("second_editor", "POST", "/knowledge/policies", 409, again)
        (told,) = call.ok("second_editor", "GET", "/notices")["items"]
        assert told["text"].startswith("新政策已登记") and told["address"] == f"/new-policies#policy-{policy['id']}"
        assert waiting(call) == [policy["id"]]
        units = call.ok("supervisor", "GET", "/knowledge/freshness")["units"]
        assert next(u["waiting"] for u in units if u["unit"] == "market-supervision") == 1
        frozen.move_to(datetime.fromisoformat(FIVE_PAST))
        publish(call)
        assert waiting(call) == []
        (row,) = call.ok("editor", "GET", "/knowledge/policies?state=answered")["items"]
        assert row["article"] == NEW["code"] and row["settled_at"] == FIVE_PAST
        consult = {"title": "用热补贴", "content": "怎么领", "type": "consult", "category": "licensing-delay"}
        number = call.ok("operator", "POST", "/tickets", {**consult, "difficulty": "ordinary"})["number"]
        answer = {"reply": "每平方米三元", "article": NEW["code"]}
        call.ok("operator", "POST", f"/tickets/{number}/actions/answer_direct", answer)
    clock = clock_of(app_context, policy["id"])
    assert clock.met_at == datetime.fromisoformat(FIVE_PAST) and clock.late is False
    escalate.run(Run(app_context, at("2026-11-27 10:00")))
    with app_context.snapshot() as ctx:
        assert ctx.session.scalars(select(Escalation).where(Escalation.clock_id == clock.id)).all() == []


def test_what_nobody_writes_about_goes_red_and_is_late_for_good(call: Calls, app_context: AppContext) -> None:
    with freeze_time(NINE):
        policy = call.ok("editor", "POST", "/knowledge/policies", {**POLICY, "document_number": ""})
    escalate.run(Run(app_context, at("2026-11-26 09:00")))
    escalate.run(Run(app_context, at("2026-11-26 09:01")))
    clock = clock_of(app_context, policy["id"])
    with app_context.snapshot() as ctx:
        rows = ctx.session.scalars(select(Escalation).where(Escalation.clock_id == clock.id).order_by(Escalation.step))
        fired = [(row.step, f"{row.at.astimezone(ZONE):%m-%d %H:%M}") for row in rows]
        # Half of 13.5 working hours; two working hours before the due; the due. No order follows.
        assert fired == [(0, "11-25 08:45"), (1, "11-25 15:30"), (2, "11-25 17:30")]
        red = set(ctx.session.scalars(select(Notice.staff_id).where(Notice.event.startswith(f"clock:{clock.id}:2:"))))
    editors = {call.cast.editor.staff_id, call.cast.second_editor.staff_id}
    assert red == editors | {call.cast.supervisor.staff_id, call.cast.second_supervisor.staff_id}
    with freeze_time("2026-11-26T10:00:00+08:00"):
        path = f"/knowledge/policies/{policy['id']}/actions"
        call.refused("editor", "POST", f"{path}/link", 422, {"article": "no-such-article"})
        call.refused("editor", "POST", f"{path}/set_aside", 422, {})
        call.refused("editor", "POST", "/knowledge/policies/999/actions/set_aside", 404, {"text": "无"})
        # Named before it is published: met when it is.
        call.ok("editor", "POST", "/knowledge/articles", {**NEW, "document_number": ""})
        linked = call.ok("editor", "POST", f"{path}/link", {"article": NEW["code"]})
        assert (linked["state"], linked["article"]) == ("waiting", NEW["code"])
        call.ok("editor", "POST", f"/knowledge/articles/{NEW['code']}/actions/submit")
        call.ok("second_editor", "POST", f"/knowledge/articles/{NEW['code']}/actions/decide", {"approve": True})
        assert waiting(call) == []
        call.refused("editor", "POST", f"{path}/set_aside", 409, {"text": "不需要"})
    assert clock_of(app_context, policy["id"]).late is True


def test_no_article_is_needed_for_a_reason(call: Calls) -> None:
    with freeze_time(NINE):
        policy = call.ok("editor", "POST", "/knowledge/policies", POLICY)
        path = f"/knowledge/policies/{policy['id']}/actions/set_aside"
        call.refused("operator", "POST", path, 403, {"text": "与企业无关"})
        row = call.ok("editor", "POST", path, {"text": "与企业无关"})
        assert (row["state"], row["reason"], row["clock"]) == ("not_needed", "与企业无关", None)
        wrong = {
            "/published_on": {"published_on": "2026-11-25"},
            "/owner_unit": {"owner_unit": "nowhere"},
            "/source_url": {"source_url": "javascript:alert(1)"},
            "/title": {"title": ""},
        }
        for pointer, change in wrong.items():
            problem = call.refused(
                "editor", "POST", "/knowledge/policies", 422, {**POLICY, "document_number": "", **change}
            )
            assert [error["pointer"] for error in problem["errors"]] == [pointer]


def test_an_article_that_was_there_before_answers_at_once(call: Calls, app_context: AppContext) -> None:
    with freeze_time(NINE):
        publish(call)
        policy = call.ok("editor", "POST", "/knowledge/policies", POLICY)
        assert (policy["state"], policy["article"]) == ("answered", NEW["code"])
        assert clock_of(app_context, policy["id"]).late is False


def test_a_file_of_articles_answers_at_its_own_instant(call: Calls, app_context: AppContext, tmp_path: Path) -> None:
    with freeze_time(NINE):
        policy = call.ok("editor", "POST", "/knowledge/policies", POLICY)
    text = (resource("knowledge_base") / "policy" / "company-opening.md").read_text(encoding="utf-8")
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "heating.md").write_text(
        "\n".join(
            'document_number: "襄政办发〔2026〕12号"' if line.startswith("document_number:") else line
            for line in text.splitlines()
        ),
        encoding="utf-8",
    )
    with app_context.transaction(at("2026-11-25 17:00")) as ctx:
        load_all(ctx, resource("config"), tmp_path)
    # Looked at only the day after: the policy had its article in time, and nothing went red.
    watch.run(Run(app_context, at("2026-11-26 10:00")))
    escalate.run(Run(app_context, at("2026-11-26 10:00")))
    clock = clock_of(app_context, policy["id"])
    assert clock.met_at == at("2026-11-25 17:00") and clock.late is False
    with app_context.snapshot() as ctx:
        steps = ctx.session.scalars(select(Escalation.step).where(Escalation.clock_id == clock.id)).all()
    assert sorted(steps) == [0, 1]


ROWS = [
    ["title", "document_number", "published_on", "owner_unit", "remark"],
    ["甲办法", "襄政发〔2026〕1号", "2026-11-20", "tax", ""],
    ["乙办法", "襄政发〔2026〕2号", "yesterday", "tax", ""],
    ["丙办法", "", "2026-11-20", "nowhere", ""],
    ["甲办法（重复）", "襄政发[2026] 1号", "2026-11-20", "tax", ""],
    ["丁办法", "", "2026-11-21", "market-supervision", "备注"],
]


def test_a_feed_is_taken_in_once_and_bad_rows_are_named(app_context: AppContext, call: Calls, tmp_path: Path) -> None:
    comma = tmp_path / "feed.csv"
    comma.write_text("\n".join(",".join(row) for row in ROWS), encoding="utf-8")
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append([datetime(2026, 11, 20) if cell == "2026-11-20" else cell for cell in row])
    book.save(tmp_path / "feed.xlsx")

    def take(path: Path, *, dry_run: bool = False, drop_unknown: bool = True) -> Outcome:
        agreed = ImportChoices(drop_unknown=drop_unknown)
        return import_file(app_context, path, POLICIES, agreed, dry_run=dry_run, progress=lambda rows: None)

    with freeze_time(NINE):
        with pytest.raises(BadFile, match="不认识“remark”列"):
            take(comma, drop_unknown=False)
        assert waiting(call) == []
        assert take(comma, dry_run=True).added == 2 and waiting(call) == []
        outcome = take(comma)
        assert (outcome.added, outcome.present) == (2, 1)
        assert [line for line, _ in outcome.bad] == [3, 4]
        assert "published_on" in outcome.bad[0][1] and "没有“nowhere”" in outcome.bad[1][1]
        again = take(tmp_path / "feed.xlsx")
        assert (again.added, again.present, len(again.bad)) == (0, 3, 2)
        assert len(waiting(call)) == 2
        assert call.ok("editor", "GET", "/knowledge/policies?unit=tax")["items"][0]["title"] == "甲办法"


def test_through_the_pages(app: Flask) -> None:
    with freeze_time(NINE):
        editor = Browser(app, "editor")
        page = "/new-policies"
        kept = editor.post(page, {**POLICY, "published_on": "2026-11-30"}, page=page)
        assert kept.status_code == 422 and "公布日期在将来" in kept.text and POLICY["title"] in kept.text
        assert editor.post(page, POLICY, page=page).status_code == 302
        listed = editor.get(page).text
        assert POLICY["title"] in listed and "/editing?policy=1" in listed
        form = editor.get("/editing?policy=1").text
        assert POLICY["document_number"] in form and "首次收录" in form
        assert editor.get("/editing?policy=99").status_code == 404
        assert "登记一份政策" not in Browser(app, "inspector").get(page).text
        assert editor.post(f"{page}/1/set-aside", {"text": "与企业无关"}, page=page).status_code == 302
        assert "与企业无关" in editor.get(f"{page}?state=not_needed").text


@given(st.text(alphabet="襄政办发字第号 　〔〕[]()（）【】［］０１2020ab１A-", max_size=40))
def test_a_number_is_found_however_it_is_written(number: str) -> None:
    assert {document_key(form) for form in document_forms(number)} == {document_key(number)}


@pytest.mark.parametrize("number", ["无", "-", "——", "暂无", "N/A", "（无）", "[ ]", "ｎ／ａ", "无文号", ""])
def test_a_word_for_nothing_is_no_number(number: str) -> None:
    day = date(2026, 11, 20)
    assert document_key(number) == ""
    assert policy_identity(number, "甲办法", day) != policy_identity(number, "乙办法", day)
    assert document_key("无锡政发〔2026〕1号") != "" != document_key("1")


def test_two_policies_without_a_number_are_two(app_context: AppContext, call: Calls, tmp_path: Path) -> None:
    file = tmp_path / "feed.csv"
    rows = [("甲办法", "无"), ("乙办法", "无"), ("丙办法", "-"), ("丁办法", "N/A"), ("甲办法", "暂无")]
    lines = ["title,document_number,published_on,owner_unit", *(f"{a},{b},2026/11/20,tax" for a, b in rows)]
    file.write_text("\n".join(lines) + "\n", encoding="gb18030")
    with freeze_time(NINE):
        call.ok("editor", "POST", "/knowledge/articles", {**NEW, "document_number": "无"})
        for editor, action, body in (("editor", "submit", {}), ("second_editor", "decide", {"approve": True})):
            call.ok(editor, "POST", f"{ARTICLE}/actions/{action}", body)
        outcome = import_file(app_context, file, POLICIES, dry_run=False, progress=lambda rows: None)
        assert (outcome.added, outcome.present, outcome.bad) == (4, 1, [])
        kept = call.ok("supervisor", "GET", "/knowledge/policies")["items"]
        assert [item["document_number"] for item in kept] == [""] * 4
        for title in ("戊办法", "己办法"):
            policy = call.ok(
                "editor", "POST", "/knowledge/policies", {**POLICY, "title": title, "document_number": "无"}
            )
            assert (policy["document_number"], policy["state"]) == ("", "waiting")
        call.refused(
            "editor", "POST", "/knowledge/policies", 409, {**POLICY, "title": "己办法", "document_number": "-"}
        )
