"""Repeats and hot topics: the same matter is found by its words, and told once a week."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hotline.app_context import AppContext
from hotline.casework.tickets.contacts import ContactGiven, EnterpriseGiven
from hotline.jobs import hot_topics
from hotline.jobs.run import Run
from hotline.models.messages.notices import Notice
from hotline.queries.intake.repeats import likely_repeats
from hotline.queries.intake.suggestions import suggestions
from hotline.queries.intake.who_calls import Caller
from hotline.rules.deadlines.working_calendar import ZONE
from hotline.rules.intake.similarity import clusters, pairs_of, similarity, weights_of
from tests.support.build import PHONE, Builder
from tests.support.cast import Cast

NOW = datetime(2026, 11, 24, 10, tzinfo=ZONE)
NOISE = ("樊城区长虹路工地夜间施工扰民", "长虹路工地半夜还在施工，影响员工休息。")
SAME = ("长虹路工地夜间施工噪声大", "樊城区长虹路的工地每天半夜施工，员工无法休息。")
OTHER = ("咨询高新技术企业认定条件", "今年申报需要哪些材料，什么时候截止。")


@pytest.mark.parametrize(("one", "other", "alike"), [(NOISE, SAME, True), (NOISE, OTHER, False)])
def test_the_same_matter_in_other_words(one: tuple[str, str], other: tuple[str, str], alike: bool) -> None:
    texts = [pairs_of("".join(text)) for text in (one, other, OTHER, ("窗口不受理变更登记", "材料齐全仍不受理"))]
    assert (similarity(texts[0], texts[1], weights_of(texts)) >= 0.25) is alike


def test_nothing_is_like_nothing() -> None:
    assert similarity(pairs_of(""), pairs_of("！？"), {}) == 0.0
    assert clusters({}) == []


def test_the_same_matter_is_one_group() -> None:
    texts = {1: pairs_of("".join(NOISE)), 2: pairs_of("".join(OTHER)), 3: pairs_of("".join(SAME))}
    assert clusters(texts) == [[1, 3]]


def test_a_chain_of_single_links_and_a_phrase_that_all_begin_with_make_no_group() -> None:
    """The first is like the second and the second like the third, but the third says nothing of the first."""
    chain = {1: pairs_of("甲乙丙丁戊己庚辛"), 2: pairs_of("戊己庚辛壬癸子丑"), 3: pairs_of("壬癸子丑寅卯辰巳")}
    assert clusters(chain) == [[1, 2]]
    matters = (
        "轨道交通六号线的建设力度，沿线三万职工上下班要换乘两次公交",
        "图书馆新馆的建设力度，孩子们周末只能在商场过道里写作业",
        "城北污水处理厂的建设力度，夏天河水发黑，食堂不敢开窗",
        "滨江公园的建设力度，工地围挡已有两年，老人散步无处可去",
        "四医院分院的建设力度，厂区工伤急救要绕行四十分钟山路",
        "会展码头的建设力度，集装箱堆场排队过夜，司机睡在驾驶室",
    )
    assert clusters({at: pairs_of(f"请加快本市{matter}") for at, matter in enumerate(matters)}) == []


def test_the_caller_s_own_come_first_and_then_the_same_of_others(
    build: Builder, app_context: AppContext, cast: Cast
) -> None:
    stranger = {"enterprise": EnterpriseGiven("别的公司"), "contact": ContactGiven(None, "+8613900000000", None)}
    own = build.ticket("accepted", NOW, title=OTHER[0], content=OTHER[1])
    same = build.ticket("accepted", NOW, title=SAME[0], content=SAME[1], **stranger)
    build.ticket("accepted", NOW, title="窗口不受理变更登记", **stranger)
    build.ticket("closed", NOW, title=SAME[0], content=SAME[1])
    with app_context.snapshot(NOW) as ctx:
        found = likely_repeats(ctx.by(cast.operator).at(NOW), Caller(PHONE), "".join(NOISE))
        assert [(row["number"], row["same_enterprise"]) for row in found] == [(own, True), (same, False)]
        for more in (Caller(name="襄阳甲乙机械有限公司"), Caller(PHONE)):
            mine = likely_repeats(ctx.by(cast.operator).at(NOW), more)
            assert [row["number"] for row in mine] == [own]
            beside = suggestions(ctx.by(cast.operator).at(NOW), who=more)["tickets"]
            assert own in [row["number"] for row in beside]
        assert likely_repeats(ctx.by(cast.operator).at(NOW + timedelta(days=91)), Caller(PHONE)) == []


def test_what_many_say_in_a_week_is_told_to_the_supervisors_once(
    build: Builder, app_context: AppContext, cast: Cast
) -> None:
    """Five times from three callers: who calls five times is no topic, and what is confidential is not compared."""

    def told() -> list[int | None]:
        with app_context.snapshot() as ctx:
            query = select(Notice.staff_id).where(Notice.kind == "hot_topic").order_by(Notice.staff_id)
            return list(ctx.session.scalars(query))

    def say(day: int, words: tuple[str, str], caller: str, **more: Any) -> None:
        known = {"enterprise": EnterpriseGiven(caller), "contact": ContactGiven(None, None, None), **more}
        build.ticket("accepted", NOW + timedelta(days=day), title=words[0], content=words[1], **known)

    for day in range(4):
        say(day, SAME, "甲公司")
    say(3, NOISE, "甲公司")
    say(3, SAME, "乙公司")
    say(3, SAME, "丙公司", confidential=True)
    assert hot_topics.run(Run(app_context, NOW + timedelta(days=3))) == 0
    say(4, NOISE, "丁公司")
    assert [hot_topics.run(Run(app_context, NOW + timedelta(days=4))) for _ in range(2)] == [1, 0]
    # The first of them is too old by now, and the topic is still the one that was told of.
    assert hot_topics.run(Run(app_context, NOW + timedelta(days=4, hours=1))) == 0
    assert told() == [cast.supervisor.staff_id, cast.second_supervisor.staff_id]


def test_comparing_keeps_nobody_from_working(
    build: Builder, app_context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the texts are compared, no transaction is open: another call is logged meanwhile."""
    build.ticket("accepted", NOW)
    compare = hot_topics.topics_of
    logged: list[str] = []

    def and_meanwhile(*given: Any) -> Any:
        logged.append(build.ticket("accepted", NOW))
        return compare(*given)

    monkeypatch.setattr(hot_topics, "topics_of", and_meanwhile)
    assert hot_topics.run(Run(app_context, NOW)) == 0
    assert logged
