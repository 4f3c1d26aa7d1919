"""The unit's desk without scripts: what is due first, signing for several, templates of replies, a fixed number of queries."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from freezegun import freeze_time
from sqlalchemy import Engine, event, update

from hotline.app_context import AppContext
from hotline.casework.handling import requests
from hotline.models.deadlines.clocks import Clock
from hotline.models.tickets.tickets import Ticket
from hotline.queries.dashboards import unit_desk
from hotline.queries.deadlines.overdue import clock_counts, overdue_page
from hotline.queries.tickets.tickets import Filters, ticket_page
from hotline.rules.deadlines.due_bucket import Nearness
from hotline.rules.vocabulary import Difficulty, RequestKind
from tests.pages.test_pages import Browser, at
from tests.support.build import Builder
from tests.support.cast import OTHER_UNIT, Cast

NOW = at("2026-11-24T10:00:00")
FROZEN = "2026-11-24 02:00:00"


def _parts(app_context: AppContext, cast: Cast, who: str = "handler", **more: object) -> dict[str, list[str]]:
    with app_context.snapshot(NOW) as ctx:
        found = unit_desk.desk(ctx.by(getattr(cast, who)), **more)  # type: ignore[arg-type]
    listed = {part["part"]: [item["number"] for item in part["items"]] for part in found["parts"]}
    assert {c["part"]: c["count"] for c in found["counts"] if c["part"] in listed} == {
        p: len(n) for p, n in listed.items()
    }
    return {part: numbers for part, numbers in listed.items() if numbers}


def test_each_ticket_stands_once_by_what_is_due_first_and_the_counts_are_those_of_the_rows(
    app_context: AppContext, build: Builder, cast: Cast
) -> None:
    late = build.ticket("dispatched", at("2026-11-19T10:00:00"))
    today = build.ticket("handling", at("2026-11-17T10:00:00"))
    near = build.ticket("dispatched", NOW)
    later = build.ticket("handling", NOW)
    waiting = build.ticket("reviewing", NOW)
    returned = build.ticket("dispatched", NOW)
    build.do("leader", requests.ask, returned, _return(), now=NOW)
    build.ticket("dispatched", NOW, unit=OTHER_UNIT)
    expected = {"late": [late], "today": [today], "near": [near], "later": [later], "waiting": [waiting, returned]}
    assert _parts(app_context, cast) == expected
    assert _parts(app_context, cast, only=Nearness.NEAR) == {"near": [near]}
    assert [number for part in _parts(app_context, cast, "other_leader").values() for number in part] != []
    assert not set(_parts(app_context, cast, "other_leader").get("near", [])) & {near, late}


def test_what_is_due_after_the_close_of_the_next_working_day_is_not_near(
    app_context: AppContext, build: Builder, cast: Cast
) -> None:
    """Desk and wall draw the line at the close, also for what is due on the wall clock that evening."""
    number = build.ticket("dispatched", NOW)
    for due_at, part, soon in (("17:30", "near", 1), ("20:00", "later", 0)):
        with app_context.transaction(NOW) as ctx:
            ctx.session.execute(
                update(Clock).where(Clock.stopped_at.is_(None)).values(due_at=at(f"2026-11-25T{due_at}"))
            )
            counted = clock_counts(ctx.by(cast.supervisor))
        assert _parts(app_context, cast) == {part: [number]}
        assert sum(row["soon"] for row in counted) == soon


def test_a_provisional_due_is_never_late_on_desk_wall_and_list(
    app_context: AppContext, build: Builder, cast: Cast
) -> None:
    number = build.ticket("dispatched", at("2026-11-19T10:00:00"))
    with app_context.transaction(NOW) as ctx:
        ctx.session.execute(update(Clock).where(Clock.stopped_at.is_(None)).values(provisional=True))
        ctx.session.execute(update(Ticket).values(due_provisional=True))
    assert _parts(app_context, cast) == {"today": [number]}
    with app_context.snapshot(NOW) as ctx:
        supervisor = ctx.by(cast.supervisor)
        (row,) = clock_counts(supervisor)
        (listed,) = ticket_page(supervisor, Filters(overdue=False))["items"]
        assert (row["late"], row["today"], row["soon"], row["running"]) == (0, 0, 0, 1)
        assert overdue_page(supervisor)["items"] == ticket_page(supervisor, Filters(overdue=True))["items"] == []
        assert listed["overdue"] is False


def _return() -> requests.Asking:
    return requests.Asking(
        RequestKind.RETURN, "不属本单位", code="not_our_duty", legal_ground="三定", suggested_unit=OTHER_UNIT
    )


def test_a_row_says_which_clock_what_is_left_and_what_comes_next(
    app_context: AppContext, build: Builder, cast: Cast
) -> None:
    build.ticket("dispatched", at("2026-11-19T10:00:00"))
    build.ticket("handling", NOW, difficulty=Difficulty.DIFFICULT)
    with app_context.snapshot(NOW) as ctx:
        rows = [row for part in unit_desk.desk(ctx.by(cast.handler))["parts"] for row in part["items"]]
    late, handled = rows
    assert (late["clock_label"], late["left"], late["next"]) == ("签收", "已超1个工作日1小时", "签收")
    assert late["may_sign"] and late["may_ask"] == []
    assert (handled["clock_label"], handled["left"]) == ("办理", "还有15个工作日5小时")
    assert (handled["next"], handled["next_by"]) == ("联系企业并登记", "承办人")
    assert [ask["kind"] for ask in handled["may_ask"]] == ["extension"]


@contextmanager
def _counted(engine: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_the_number_of_queries_does_not_grow_with_the_rows(app_context: AppContext, build: Builder, cast: Cast) -> None:
    def ask() -> int:
        with _counted(app_context.database.engine) as statements, app_context.snapshot(NOW) as ctx:
            unit_desk.desk(ctx.by(cast.handler))
        return len(statements)

    build.ticket("handling", NOW)
    few = ask()
    for state in ("dispatched", "handling", "reviewing", "handling"):
        build.ticket(state, NOW)
    assert ask() == few


@pytest.mark.parametrize("every", [False, True])
def test_several_are_signed_for_at_once_and_what_is_refused_is_named(app: Flask, build: Builder, every: bool) -> None:
    with freeze_time(FROZEN):
        one, other, taken = (build.ticket("dispatched", NOW) for _ in range(3))
        foreign = build.ticket("dispatched", NOW, unit=OTHER_UNIT)
        handler, second = Browser(app, "handler"), Browser(app, "second_handler")
        shown = handler.get("/unit").text
        assert all(f'value="{number}"' in shown for number in (one, other, taken)) and foreign not in shown
        assert second.post(f"/tickets/{taken}/do/sign", {}, page="/unit").status_code == 302
        ticked = {"numbers[]": [one], "shown[]": [one, other, taken, foreign]}
        answer = handler.post("/unit/sign", {**ticked, "every": "true"} if every else ticked, page="/unit")
        assert answer.status_code == 200
        if not every:
            assert "已签收1件" in answer.text and "没有签收" not in answer.text
            return
        assert "已签收2件，2件没有签收" in answer.text
        refused = re.findall(r"<li><a[^>]*>(QS\d+)</a>：([^<]+)</li>", answer.text)
        assert [number for number, _ in refused] == [taken, foreign]
        assert "不能“签收”" in refused[0][1] and "没有这张工单" in refused[1][1]


def test_nothing_ticked_is_refused_with_a_sentence(app: Flask, build: Builder) -> None:
    build.ticket("dispatched", NOW)
    answer = Browser(app, "handler").post("/unit/sign", {}, page="/unit")
    assert answer.status_code == 422 and "请先勾选要签收的工单" in answer.text
    assert Browser(app, "operator").post("/unit/sign", {}, page="/operator").status_code == 403


def test_a_part_is_paged_from_where_the_last_one_ended(
    app: Flask, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit_desk, "SHOWN", 1)
    with freeze_time(FROZEN):
        numbers = [build.ticket("handling", NOW + timedelta(minutes=n)) for n in range(2)]
        handler = Browser(app, "handler")
        first = handler.get("/unit").text
        following = re.search(r'href="(/unit\?part=later&amp;cursor=[^"]+)"', first)
        assert following is not None and numbers[0] in first
        second = handler.get(following.group(1).replace("&amp;", "&")).text
        assert f'/tickets/{numbers[1]}"' in second.split("<aside")[0]
        assert f'/tickets/{numbers[0]}"' not in second.split("<aside")[0]
        assert handler.get("/unit?part=later&cursor=x").status_code == 422


def test_templates_are_the_unit_s_own_and_go_into_a_reply(app: Flask, build: Builder) -> None:
    with freeze_time(FROZEN):
        number = build.ticket("handling", NOW)
        leader, handler, other = Browser(app, "leader"), Browser(app, "handler"), Browser(app, "other_leader")
        page, text = "/unit/templates", "关于{编号}“{标题}”，{单位}答复如下："
        wrong = leader.post(page, {"name": "通用", "text": "尊敬的{姓名}"}, page=page)
        assert wrong.status_code == 422 and "不认识“{姓名}”" in wrong.text and "尊敬的{姓名}" in wrong.text
        assert leader.post(page, {"name": "通用", "text": text}, page=page).status_code == 302
        assert "同名" in handler.post(page, {"name": "通用", "text": "x"}, page=page).text
        assert "通用" in handler.get(page).text and "通用" not in other.get(page).text
        one = re.search(r'action="(/unit/templates/(\d+))"', handler.get(page).text)
        assert one is not None
        assert other.post(one.group(1), {"name": "改", "text": "改"}, page=page).status_code == 404
        typed = {"kind": "solved", "reply": "先写的话", "template": one.group(2), "seen": "1"}
        inserted = handler.post(f"/tickets/{number}/insert/draft_result", typed, page=f"/tickets/{number}").text
        assert f"先写的话\n关于{number}“窗口不受理变更登记”，" in inserted and "答复如下：</textarea>" in inserted
        drafted = {"kind": "solved", "reply": "答复", "template": one.group(2)}
        file = f"/tickets/{number}"
        assert handler.post(f"{file}/do/draft_result", drafted, page=file).status_code == 302
        assert handler.post(one.group(1), {"name": "新名", "text": "新文"}, page=page).status_code == 302
        assert "新名" in leader.get(page).text
        assert leader.post(f"{one.group(1)}/remove", {}, page=page).status_code == 302
        assert "还没有模板" in leader.get(page).text
        assert Browser(app, "liaison").get(page).status_code == 403
