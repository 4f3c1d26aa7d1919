"""Repeats and hot topics: the same matter is found by its words, and told once a week."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from hotline.casework.contacts import ContactGiven, EnterpriseGiven
from hotline.jobs import hot_topics
from hotline.office import Office
from hotline.reading.repeats import likely_repeats
from hotline.records.notices import Notice
from hotline.rules.similarity import clusters, pairs_of, similarity, weights_of
from hotline.rules.working_calendar import ZONE
from tests.build import PHONE, Builder
from tests.cast import Cast

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


def test_groups_hang_together_by_one_link() -> None:
    texts = {1: pairs_of("".join(NOISE)), 2: pairs_of("".join(OTHER)), 3: pairs_of("".join(SAME))}
    assert clusters(texts) == [[1, 3]]


def test_the_caller_s_own_come_first_and_then_the_same_of_others(build: Builder, office: Office, cast: Cast) -> None:
    stranger = {"enterprise": EnterpriseGiven("别的公司"), "contact": ContactGiven(None, "+8613900000000", None)}
    own = build.ticket("accepted", NOW, title=OTHER[0], content=OTHER[1])
    same = build.ticket("accepted", NOW, title=SAME[0], content=SAME[1], **stranger)
    build.ticket("accepted", NOW, title="窗口不受理变更登记", **stranger)
    build.ticket("closed", NOW, title=SAME[0], content=SAME[1])
    with office.reading(NOW) as work:
        found = likely_repeats(work.session, cast.operator, now=NOW, text="".join(NOISE), phone=PHONE)
        assert [(row["number"], row["same_enterprise"]) for row in found] == [(own, True), (same, False)]
        for more in ({"name": "襄阳甲乙机械有限公司"}, {"phone": PHONE}):
            mine = likely_repeats(work.session, cast.operator, now=NOW, **more)
            assert [row["number"] for row in mine] == [own]
        assert likely_repeats(work.session, cast.operator, now=NOW + timedelta(days=91), phone=PHONE) == []


def test_five_in_a_week_are_told_to_the_supervisors_once(build: Builder, office: Office, cast: Cast) -> None:
    def told() -> list[int | None]:
        with office.reading() as work:
            query = select(Notice.staff_id).where(Notice.kind == "hot_topic").order_by(Notice.staff_id)
            return list(work.session.scalars(query))

    for day in range(4):
        build.ticket("accepted", NOW + timedelta(days=day), title=SAME[0], content=SAME[1])
    build.ticket("accepted", NOW + timedelta(days=3), title=SAME[0], content=SAME[1], confidential=True)
    assert hot_topics.run(office, NOW + timedelta(days=3)) == 0
    build.ticket("accepted", NOW + timedelta(days=4), title=NOISE[0], content=NOISE[1])
    for _ in range(2):
        assert hot_topics.run(office, NOW + timedelta(days=4)) == 1
    assert told() == [cast.supervisor.staff_id, cast.second_supervisor.staff_id]
