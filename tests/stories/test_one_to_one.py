"""Bad ratings and rectifications are one to one: sent again and again, at once, and by processes that die between statements."""

import contextlib
import itertools
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from hotline.app_context import AppContext
from hotline.casework.ratings import body_rating, rating
from hotline.casework.ratings.body_rating import BodyRating, Check
from hotline.casework.ratings.rating import RatingGiven
from hotline.casework.tickets import timeline
from hotline.casework.tickets.contacts import ContactGiven
from hotline.models.ratings.ratings import Rating
from hotline.models.ratings.rectifications import Rectification
from hotline.models.tickets.tickets import Ticket
from hotline.rules.actors import Actor
from hotline.rules.ratings.rating import BAD_LEVELS
from hotline.rules.refusals import Refusal
from hotline.rules.vocabulary import Satisfaction
from tests.conftest import settings_for
from tests.support.build import Builder
from tests.support.cast import Cast

NOW = datetime.fromisoformat("2026-11-24T10:00:00+08:00")
BODY = "city-hall-registration"
Deed = Callable[[AppContext], None]


def said(level: Satisfaction) -> RatingGiven:
    return RatingGiven(level, ("too_slow",) if level in BAD_LEVELS else ())


def rate_body(occasion: str, level: Satisfaction, *, verified: bool = True, phone: str | None = None) -> Deed:
    def deed(app_context: AppContext) -> None:
        with app_context.transaction(NOW) as ctx:
            body = body_rating.body_of(ctx.session, BODY)
            given_ = BodyRating(body, occasion, "", "hall-terminals", said(level), verified, ContactGiven(phone=phone))
            body_rating.rate_body(ctx.at(NOW), given_)

    return deed


def rate_ticket(number: str, level: Satisfaction) -> Deed:
    def deed(app_context: AppContext) -> None:
        with app_context.transaction(NOW) as ctx:
            ticket_id = ctx.session.scalar(select(Ticket.id).where(Ticket.number == number))
            actor = Actor(name="企业", ticket_id=ticket_id)
            rating.rate(ctx.by(actor).at(NOW), number, said(level))

    return deed


def check_rating(cast: Cast, occasion: str) -> Deed:
    def deed(app_context: AppContext) -> None:
        with app_context.transaction(NOW) as ctx:
            rating_id = ctx.session.scalar(select(Rating.id).where(Rating.occasion == occasion)) or 0
            body_rating.check_rating(ctx.by(cast.reviewer).at(NOW), rating_id, Check(True, "本人确认"))

    return deed


def pairs(app_context: AppContext) -> int:
    """How many pairs there are; anything that is not a pair fails, and so does a broken chain."""
    with app_context.snapshot() as ctx:
        bad = select(Rating.id).where(Rating.verified, Rating.level.in_(BAD_LEVELS))
        ratings = sorted(ctx.session.scalars(bad))
        cases = sorted(ctx.session.scalars(select(Rectification.rating_id)))
        assert ratings == cases
        assert [broken for _, broken in timeline.verify(ctx.session) if broken] == []
    return len(cases)


def tried(deed: Deed, app_context: AppContext) -> None:
    with contextlib.suppress(Refusal):
        deed(app_context)


_fresh = itertools.count()
LEVELS = st.sampled_from([Satisfaction.DISSATISFIED, Satisfaction.VERY_DISSATISFIED, Satisfaction.SATISFIED])
SENT = st.lists(st.tuples(st.integers(0, 2), LEVELS, st.booleans()), min_size=2, max_size=8)


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sent=SENT)
def test_whatever_is_sent_at_once(
    app_context: AppContext, build: Builder, sent: list[tuple[int, Satisfaction, bool]]
) -> None:
    """Three visits and three tickets, rated by everybody at once, each submission sent twice."""
    run = next(_fresh)
    numbers = [build.ticket("closed", NOW) for _ in range(3)]
    before = pairs(app_context)
    deeds = [
        rate_ticket(numbers[which], level) if at_ticket else rate_body(f"{run}-{which}", level)
        for which, level, at_ticket in sent
        for _ in range(2)
    ]
    threads = [threading.Thread(target=tried, args=(deed, app_context)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    after = pairs(app_context) - before
    subjects = {(which, at_ticket) for which, _, at_ticket in sent}
    surely_bad = {s for s in subjects if all(lv in BAD_LEVELS for w, lv, t in sent if (w, t) == s)}
    surely_good = {s for s in subjects if not any(lv in BAD_LEVELS for w, lv, t in sent if (w, t) == s)}
    assert len(surely_bad) <= after <= len(subjects) - len(surely_good)


def _die_before(url: str, folder: Path, deed: Deed, statement: int) -> None:
    """In a process of its own: the deed, killed before the given statement is sent (the commit is the last)."""
    app_context = AppContext(settings_for(url, folder))
    left = [statement]

    def count(*args: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(app_context.database.engine, "before_cursor_execute", count)
    event.listen(app_context.database.engine, "commit", count)
    deed(app_context)
    os._exit(0)


@pytest.mark.parametrize("what", ["visit", "ticket", "check"])
def test_a_process_killed_between_any_two_statements(
    what: str, app_context: AppContext, build: Builder, cast: Cast, database_url: str, tmp_path: Path
) -> None:
    """Whatever statement it dies before, nothing is half done; sent again, it is done once."""
    context = multiprocessing.get_context("fork")
    for statement in itertools.count(1):
        occasion, bad = f"K{statement}", Satisfaction.DISSATISFIED
        if what == "ticket":
            deed = rate_ticket(build.ticket("closed", NOW), bad)
        elif what == "visit":
            deed = rate_body(occasion, bad)
        else:
            rate_body(occasion, bad, verified=False, phone="+8613912345678")(app_context)
            deed = check_rating(cast, occasion)
        before = pairs(app_context)
        app_context.database.dispose()
        child = context.Process(target=_die_before, args=(database_url, tmp_path, deed, statement))
        child.start()
        child.join()
        survived = child.exitcode == 0
        assert survived or child.exitcode == -signal.SIGKILL
        assert pairs(app_context) == before + survived
        tried(deed, app_context)
        assert pairs(app_context) == before + 1
        if survived:
            break
    assert statement > 8, "the deed has more statements than this"
