"""Reviews and expiries open by themselves, climb the ladder, and are met by a confirmation or a new version."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from freezegun import freeze_time
from sqlalchemy import func, select

from hotline.app_context import AppContext
from hotline.casework.messages import delivery
from hotline.casework.tickets.ladder_plan import event_key
from hotline.jobs import escalate, freshness
from hotline.jobs.deliver import message_of
from hotline.jobs.run import Run
from hotline.jobs.scheduler import run_once
from hotline.models.deadlines.clocks import Clock, Escalation
from hotline.models.knowledge.article_tasks import ArticleTask
from hotline.models.messages.notices import Notice
from hotline.rules.deadlines.working_calendar import ZONE
from tests.api.knowledge.test_article_life import ARTICLE, CONTENT, NEW, publish
from tests.pages.test_pages import Browser
from tests.support.calls import Calls

PUBLISHED = "2026-03-02T09:00:00+08:00"
REVIEW_ON, ENDS_ON = "2026-05-20", "2026-06-30"
DATES = {"effective_from": "2026-03-02", "effective_to": ENDS_ON, "next_review_on": REVIEW_ON}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def watch(app_context: AppContext, text: str) -> None:
    """The scheduler's two jobs, as of an instant of Asia/Shanghai."""
    freshness.run(Run(app_context, at(text)))
    escalate.run(Run(app_context, at(text)))


@pytest.fixture
def dated(call: Calls) -> Calls:
    """An article that is to be reviewed on 2026-05-20 and expires on 2026-06-30."""
    before = dict(NEW)
    NEW.update(DATES)
    try:
        with freeze_time(PUBLISHED):
            publish(call)
    finally:
        NEW.clear()
        NEW.update(before)
    return call


def clocks(app_context: AppContext) -> list[Clock]:
    with app_context.snapshot() as ctx:
        query = select(Clock).join(ArticleTask, ArticleTask.id == Clock.task_id)
        return list(ctx.session.scalars(query.where(ArticleTask.name == NEW["code"]).order_by(Clock.id)))


def steps(app_context: AppContext, clock: Clock) -> list[tuple[int, str]]:
    with app_context.snapshot() as ctx:
        rows = ctx.session.scalars(select(Escalation).where(Escalation.clock_id == clock.id).order_by(Escalation.step))
        return [(row.step, f"{row.at.astimezone(ZONE):%m-%d %H:%M}") for row in rows]


def pile(call: Calls, name: str) -> list[str]:
    return [row["code"] for row in call.ok("editor", "GET", f"/knowledge/freshness/articles?pile={name}")["items"]]


def test_a_review_opens_fifteen_days_before_its_day_and_climbs(dated: Calls, app_context: AppContext) -> None:
    watch(app_context, "2026-05-04 23:59")
    assert clocks(app_context) == []
    # The scheduler was off until the day itself: the task began at its true instant, and so did its steps.
    watch(app_context, "2026-05-20 10:00")
    (clock,) = clocks(app_context)
    assert clock.started_at == at("2026-05-05 00:00") and clock.due_at == at("2026-05-20 17:30")
    assert [step for step, _ in steps(app_context, clock)] == [0, 1]
    assert steps(app_context, clock)[1][1] == "05-20 08:30"
    watch(app_context, "2026-05-22 10:00")
    watch(app_context, "2026-05-25 10:00")
    (clock,) = clocks(app_context)
    assert steps(app_context, clock)[2:] == [(2, "05-20 17:30")] and clock.next_step_at is None
    with app_context.snapshot() as ctx:
        told = select(Notice.staff_id, Notice.event).where(Notice.event == event_key(clock, 2))
        people = {row.staff_id for row in ctx.session.execute(told)}
    names = ("editor", "second_editor", "liaison", "supervisor", "second_supervisor")
    assert people == {getattr(dated.cast, name).staff_id for name in names}


def test_a_confirmation_meets_it_and_sets_the_next_day(dated: Calls, app_context: AppContext) -> None:
    watch(app_context, "2026-05-06 10:00")
    with freeze_time("2026-05-19T10:00:00+08:00"):
        assert pile(dated, "review_due") == [NEW["code"]] and pile(dated, "review_overdue") == []
        path = f"{ARTICLE}/actions/confirm"
        dated.refused("operator", "POST", path, 403, {"next_review_on": "2026-06-15"})
        wrong: tuple[dict[str, Any], ...] = ({}, {"next_review_on": "2026-05-19"}, {"next_review_on": "2026-07-01"})
        for given in wrong:
            problem = dated.refused("editor", "POST", path, 422, given)
            assert [error["pointer"] for error in problem["errors"]] == ["/next_review_on"], given
        # The author herself may: no word of the article changes.
        desk = dated.ok("editor", "POST", path, {"next_review_on": "2026-06-15", "text": "已与责任单位核对"})
        assert desk["next_review_on"] == "2026-06-15" and desk["events"][0]["what"] == "复核无误"
        assert dated.ok("operator", "GET", ARTICLE)["next_review_on"] == "2026-06-15"
        assert pile(dated, "review_due") == []
    (clock,) = clocks(app_context)
    assert clock.met_at == at("2026-05-19 10:00") and clock.late is False
    watch(app_context, "2026-05-30 10:00")
    assert len(clocks(app_context)) == 1
    watch(app_context, "2026-06-01 10:00")
    assert {clock.kind for clock in clocks(app_context)[1:]} == {"article_review", "article_expiry"}


def test_a_new_version_meets_it_and_late_stays_late(dated: Calls, app_context: AppContext) -> None:
    freshness.run(Run(app_context, at("2026-05-06 10:00")))
    # No scheduler climbed meanwhile: the publication itself records what was owed.
    with freeze_time("2026-05-21T09:00:00+08:00"):
        assert pile(dated, "review_overdue") == [NEW["code"]]
        dated.ok("editor", "POST", f"{ARTICLE}/actions/revise")
        newer = {**CONTENT, **DATES, "next_review_on": "2026-06-20", "change_note": "复核更新", "version": 1}
        dated.ok("editor", "POST", f"{ARTICLE}/actions/save", newer)
        dated.ok("editor", "POST", f"{ARTICLE}/actions/submit")
        dated.ok("second_editor", "POST", f"{ARTICLE}/actions/decide", {"approve": True})
    (clock,) = clocks(app_context)
    assert clock.late is True and clock.met_at == at("2026-05-21 09:00")
    assert [step for step, _ in steps(app_context, clock)] == [0, 1, 2]


def test_an_article_expires_by_itself_and_says_so(dated: Calls, app_context: AppContext) -> None:
    watch(app_context, "2026-05-31 10:00")
    (clock,) = [clock for clock in clocks(app_context) if clock.kind == "article_expiry"]
    assert clock.due_at == at("2026-06-30 17:30")
    with freeze_time("2026-06-01T09:00:00+08:00"):
        assert pile(dated, "expiring") == [NEW["code"]]
    with freeze_time("2026-07-01T09:00:00+08:00"):
        assert pile(dated, "expired") == [NEW["code"]] and pile(dated, "expiring") == []
        assert NEW["code"] not in pile(dated, "in_force")
        desk = dated.ok("editor", "GET", f"{ARTICLE}/desk")
        assert (desk["state"], desk["standing_label"]) == ("published", "已失效")
        assert "失效" in dated.ok("operator", "GET", ARTICLE)["warning"]
        # Let it rest: without a day there is nothing more to review.
        dated.ok("editor", "POST", f"{ARTICLE}/actions/confirm", {"text": "政策到期，不再执行"})
    (clock,) = [clock for clock in clocks(app_context) if clock.kind == "article_expiry"]
    assert clock.late is True
    assert all(clock.stopped_at for clock in clocks(app_context))


def test_what_is_loaded_to_be_confirmed_can_be(call: Calls) -> None:
    with freeze_time("2026-11-24T09:00:00+08:00"):
        before = call.ok("editor", "GET", "/knowledge/freshness")["total"]["to_confirm"]
        assert before > 0
        code = pile(call, "to_confirm")[0]
        assert "待复核" in call.ok("operator", "GET", f"/knowledge/articles/{code}")["warning"]
        call.ok("editor", "POST", f"/knowledge/articles/{code}/actions/confirm", {"next_review_on": "2027-06-30"})
        assert call.ok("operator", "GET", f"/knowledge/articles/{code}")["warning"] is None
        assert call.ok("editor", "GET", "/knowledge/freshness")["total"]["to_confirm"] == before - 1


def test_every_number_counts_exactly_the_rows_behind_it(dated: Calls, app_context: AppContext) -> None:
    watch(app_context, "2026-05-06 10:00")
    with freeze_time("2026-12-20T09:00:00+08:00"):
        found = dated.ok("supervisor", "GET", "/knowledge/freshness")
        for row in found["units"]:
            for name in found["total"]:
                if name == "waiting":
                    continue
                path = f"/knowledge/freshness/articles?pile={name}&unit={row['unit']}&limit=200"
                assert len(dated.ok("supervisor", "GET", path)["items"]) == row[name], (row["unit"], name)
        for row in found["clocks"]:
            queue = f"/knowledge/freshness/queue?kind={row['kind']}&limit=200"
            assert len(dated.ok("supervisor", "GET", queue)["items"]) == row["running"]
            assert len(dated.ok("supervisor", "GET", f"{queue}&late=true")["items"]) == row["late"]
        assert found["clocks"][0]["late"] == 1
        assert found["total"]["review_due"] > 0 and found["total"]["expired"] == 1
        for who in ("operator", "handler", "administrator"):
            dated.refused(who, "GET", "/knowledge/freshness", 403)
        dated.refused("editor", "GET", "/knowledge/freshness/articles?pile=nothing", 422)


def test_two_watchers_open_a_task_once(dated: Calls, app_context: AppContext) -> None:
    for _ in range(2):
        watch(app_context, "2026-06-10 10:00")
    with app_context.snapshot() as ctx:
        kinds = ctx.session.execute(select(ArticleTask.kind, func.count()).group_by(ArticleTask.kind)).all()
    assert {row[0]: row[1] for row in kinds} == {"review": 1, "expiry": 1}


def test_a_notice_of_the_knowledge_base_stands_on_desks_and_goes_out(dated: Calls, app_context: AppContext) -> None:
    watch(app_context, "2026-05-20 10:00")
    with freeze_time("2026-05-20T10:01:00+08:00"):
        (first, *_) = dated.ok("editor", "GET", "/notices")["items"]
        assert first["number"] is None and first["name"] == NEW["title"]
        assert first["address"] == f"/editing/{NEW['code']}" and first["text"] == "知识复核黄牌"
        assert dated.ok("liaison", "GET", "/notices")["items"][0]["address"] == f"/knowledge/{NEW['code']}"
        editor = Browser(dated.app, "editor")
        assert "知识复核黄牌" in editor.get("/editing").text
        clock = clocks(app_context)[0]
        told = dated.ok("supervisor", "GET", f"/clocks/{clock.id}/explanation")
        assert told["due_at"] == "2026-05-20T17:30:00+08:00" and told["title"] == NEW["title"]
        dated.refused("handler", "GET", f"/clocks/{clock.id}/explanation", 404)
        assert NEW["title"] in Browser(dated.app, "supervisor").get(f"/clocks/{clock.id}").text


def test_a_letter_about_the_knowledge_base_names_the_article(dated: Calls, app_context: AppContext) -> None:
    watch(app_context, "2026-05-20 10:00")
    now = at("2026-05-20 10:01")
    with app_context.transaction(now) as ctx:
        task = ctx.session.scalars(select(ArticleTask)).one()
        task.title = f"{task.title}\n第二行"
        assert delivery.spread(ctx.at(now), [delivery.WEBHOOK]) > 0
    with app_context.transaction(now) as ctx:
        messages = [message_of(letter) for letter in delivery.claim(ctx.at(now))]
    assert messages[0].subject == f"【12345】知识库《{NEW['title']} 第二行》：知识复核预警"
    assert {message.number for message in messages} == {NEW["code"]}


def test_the_pages_of_freshness(app: Flask, dated: Calls, app_context: AppContext) -> None:
    watch(app_context, "2026-05-18 10:00")
    with freeze_time("2026-05-18T10:01:00+08:00"):
        editor, supervisor = Browser(app, "editor"), Browser(app, "supervisor")
        assert NEW["title"] in supervisor.get("/freshness/queue?kind=article_review").text
        for page in ("/freshness", "/supervision"):
            assert "pile=review_due" in supervisor.get(page).text
        assert NEW["title"] in editor.get("/freshness/articles?pile=review_due&unit=market-supervision").text
        desk = f"/editing/{NEW['code']}"
        kept = editor.post(f"{desk}/confirm", {"next_review_on": "2026-05-01"}, page=desk)
        assert kept.status_code == 422 and "下次复核" in kept.text
        assert editor.post(f"{desk}/confirm", {"next_review_on": "2026-06-01"}, page=desk).status_code == 302
        assert NEW["title"] not in editor.get("/freshness/articles?pile=review_overdue").text
        assert Browser(app, "operator").get("/freshness").status_code == 403


def test_every_job_of_the_timetable_runs_over_them(dated: Calls, app_context: AppContext) -> None:
    counts = run_once(app_context, at("2026-05-20 18:00"))
    assert counts["freshness"] == 1 and counts["escalate"] >= 1
