"""Four schedulers over the reviews of many articles, one of them killed: each task, clock and step once, at its true instant."""

import signal
import subprocess
import threading
import time
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from hotline.app_context import AppContext
from hotline.casework.deadlines import calendar as calendar_deeds
from hotline.casework.deadlines import rules_in_force
from hotline.jobs import escalate, freshness
from hotline.jobs.run import Run
from hotline.models.database.bulk import insert_rows
from hotline.models.deadlines.clocks import Clock, Escalation
from hotline.models.knowledge.article_tasks import ArticleTask
from hotline.models.knowledge.articles import OF_THE_CURRENT, Article, ArticleVersion
from hotline.models.messages.notices import Notice
from hotline.rules.accounts.administration import CONSOLE
from hotline.rules.deadlines.working_calendar import ZONE
from tests.jobs import test_many_schedulers as many
from tests.jobs.test_many_schedulers import recorded
from tests.support.year_files import entry, year_file

COUNT = 1500
PUBLISHED_AT = datetime(2026, 1, 5, 9, tzinfo=ZONE)
REVIEW_ON = date(2026, 3, 20)
OPENED, DUE = datetime(2026, 3, 5, tzinfo=ZONE), datetime(2026, 3, 20, 17, 30, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def no_calendar_of_another_database() -> None:
    """A process remembers the calendar of its one database by the number of its last import."""
    rules_in_force._built.clear()


def articles(app_context: AppContext, count: int, review_on: date) -> None:
    """Published articles as a load leaves them."""
    same: dict[str, Any] = {
        "questions": [],
        "keywords": [],
        "body": "正文",
        "category": "licensing-delay",
        "level": "city",
    }
    same |= dict.fromkeys(
        ("policy_title", "document_number", "issuing_body", "source_url", "applies_to", "change_note"), ""
    )
    same |= {"owner_unit": "market-supervision", "visibility": "public", "published_at": PUBLISHED_AT, "version": 1}
    same |= {"effective_from": date(2026, 1, 1), "effective_to": None, "next_review_on": review_on}
    known = {"section": "policy", "state": "published", "review_state": "confirmed", "source_hash": ""}
    known |= {name: same[name] for name in OF_THE_CURRENT} | {"review_on": review_on}
    with app_context.transaction(PUBLISHED_AT) as ctx:
        first = (ctx.session.scalar(select(func.max(ArticleVersion.id))) or 0) + 1
        ids = range(first + 10_000, first + 10_000 + count)
        rows = [
            {**known, "id": n, "code": f"article-{n}", "current_version_id": n, "edited": False, "disputes": 0}
            for n in ids
        ]
        insert_rows(ctx.session, Article.__table__, rows)  # type: ignore[arg-type]
        versions = [{**same, "id": n, "article_id": n, "title": f"文章{n}"} for n in ids]
        ctx.session.execute(ArticleVersion.__table__.insert(), versions)  # type: ignore[attr-defined]


def scheduler(database_url: str, data: Path, monkey: str) -> subprocess.Popen[bytes]:
    before, many.NOW = many.NOW, monkey
    try:
        return many.scheduler(database_url, data)
    finally:
        many.NOW = before


def test_nothing_is_lost_and_nothing_happens_twice(app_context: AppContext, database_url: str, tmp_path: Path) -> None:
    articles(app_context, COUNT, REVIEW_ON)
    running = [scheduler(database_url, tmp_path, "2026-03-21 09:00") for _ in range(4)]
    while not recorded(app_context) and any(process.poll() is None for process in running):
        time.sleep(0.01)
    running[0].send_signal(signal.SIGKILL)
    running[0].wait()
    assert [process.wait() for process in running[1:]] == [0, 0, 0]
    for _ in range(2):
        assert scheduler(database_url, tmp_path, "2026-03-21 09:00").wait() == 0
    with app_context.snapshot() as ctx:
        session = ctx.session
        assert session.scalar(select(func.count()).select_from(ArticleTask)) == COUNT
        begun = Counter(session.execute(select(Clock.started_at, Clock.due_at)).all())
        assert begun == {(OPENED, DUE): COUNT}
        fired = session.execute(
            select(Escalation.step, Escalation.at, func.count()).group_by(Escalation.step, Escalation.at)
        )
        counts = {step: (at, count) for step, at, count in fired}
        assert {step: count for step, (_, count) in counts.items()} == dict.fromkeys((0, 1, 2), COUNT)
        assert counts[1][0] == datetime(2026, 3, 20, 8, 30, tzinfo=ZONE) and counts[2][0] == DUE
        told = session.execute(select(Notice.event, Notice.staff_id)).all()
        # Two editors and the liaison three times, two supervisors once.
        assert len(told) == len(set(told)) == COUNT * (3 * 3 + 2)


def test_watchers_that_look_at_once_open_each_task_once(app_context: AppContext) -> None:
    articles(app_context, 300, REVIEW_ON)
    ready, failed = threading.Barrier(4), []

    def look() -> None:
        ready.wait()
        try:
            freshness.run(Run(app_context, OPENED))
        except SQLAlchemyError as error:
            failed.append(error)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with app_context.snapshot() as ctx:
        per_task = Counter(ctx.session.scalars(select(Clock.task_id)))
        assert len(per_task) == 300 and set(per_task.values()) == {1}


def test_a_changed_calendar_moves_these_dues_too(app_context: AppContext) -> None:
    articles(app_context, 3, REVIEW_ON)
    freshness.run(Run(app_context, OPENED))
    rest = calendar_deeds.year_change(year_file(2026, entry("2026-03-20", "测试假")))
    now = datetime(2026, 3, 10, 9, tzinfo=ZONE)
    with app_context.snapshot(now) as ctx:
        assert calendar_deeds.preview(ctx, rest, base=app_context.rulebook).moved == 3
    with app_context.transaction(now) as ctx:
        assert calendar_deeds.apply(ctx.by(CONSOLE).at(now), rest, base=app_context.rulebook) == 3
    with app_context.snapshot() as ctx:
        (due,) = set(ctx.session.scalars(select(Clock.due_at)))
        (first,) = set(ctx.session.scalars(select(Clock.first_due_at)))
    assert due == first == datetime(2026, 3, 23, 17, 30, tzinfo=ZONE)
    escalate.run(Run(app_context, datetime(2026, 3, 20, 18, tzinfo=ZONE)))
    assert recorded(app_context) == 3
    escalate.run(Run(app_context, datetime(2026, 3, 23, 18, tzinfo=ZONE)))
    assert recorded(app_context) == 9


def test_a_provisional_due_goes_red_when_its_year_is_announced(app_context: AppContext) -> None:
    articles(app_context, 1, date(2028, 1, 31))
    opened = datetime(2028, 1, 16, tzinfo=ZONE)
    freshness.run(Run(app_context, opened))
    with app_context.snapshot() as ctx:
        clock = ctx.session.scalars(select(Clock).where(Clock.due_at > opened)).one()
    assert clock.provisional and clock.next_step_at is None
    year = calendar_deeds.year_change(year_file(2028))
    now = datetime(2028, 2, 3, 9, tzinfo=ZONE)
    with app_context.transaction(now) as ctx:
        assert calendar_deeds.apply(ctx.by(CONSOLE).at(now), year, base=app_context.rulebook) >= 1
    escalate.run(Run(app_context, now))
    with app_context.snapshot() as ctx:
        rows = ctx.session.scalars(select(Escalation).where(Escalation.clock_id == clock.id).order_by(Escalation.step))
        found = [(row.step, row.passed_over) for row in rows]
    assert found == [(0, True), (1, True), (2, False)]
