"""Lives drawn by chance: what people would do to a ticket, and when, with the seconds of the day and at any hour."""

from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from tests.trials.working_time import BEIJING

Life = Generator["Event", bool, None]
"""Yields what is tried next, and is told whether it was done."""
GAPS = (timedelta(minutes=7), timedelta(hours=1), timedelta(hours=5), timedelta(days=1), timedelta(days=4))
MOST_ASKED, MOST_ROUNDS = 3, 2


@dataclass(frozen=True)
class Event:
    """Something that is tried at an instant: `name` is the deed, of the ledger and of the service alike."""

    at: datetime
    name: str
    given: dict[str, Any] = field(default_factory=dict)


class Draw:
    """The chance of one life, and the hour that it has come to."""

    def __init__(self, random: Random, begin: datetime) -> None:
        self.random, self.now = random, begin

    def later(self, longest: int = len(GAPS)) -> datetime:
        gap = self.random.choice(GAPS[:longest])
        self.now += timedelta(seconds=round(self.random.uniform(0.02, 2) * gap.total_seconds()))
        return self.now

    def odds(self, chance: float) -> bool:
        return self.random.random() < chance


def live(draw: Draw, urgency: str) -> Life:
    """One ticket from its receipt on; many stop somewhere, and the ladder goes on without them."""
    difficulty = draw.random.choice(("ordinary", "ordinary", "difficult"))
    if draw.odds(0.25):
        yield from _received(draw, urgency, difficulty)
    else:
        yield Event(draw.now, "log", {"urgency": urgency, "difficulty": difficulty})
    helpers = draw.random.choice((0, 0, 0, 1))
    yield Event(draw.later(3), "dispatch", {"assists": helpers})
    if draw.odds(0.15) and (yield Event(draw.later(2), "ask", {"kind": "return"})) and draw.odds(0.9):
        yield Event(draw.later(4), "refuse_return")
    if draw.odds(0.1):
        return
    if not (yield Event(draw.later(4), "sign")):
        return
    for round in range(MOST_ROUNDS):
        for _ in range(draw.random.randint(0, MOST_ASKED)):
            yield from draw.random.choice((_difficult, _extension, _suspension, _suspension))(draw)
        if draw.odds(0.3) or not (yield from _result(draw)) or round + 1 == MOST_ROUNDS or draw.odds(0.4):
            return
        if not (yield Event(draw.later(4), "rework")):
            return


def _received(draw: Draw, urgency: str, difficulty: str) -> Life:
    yield Event(draw.now, "log", {"urgency": urgency, "difficulty": None})
    if draw.odds(0.7):
        yield Event(draw.later(), "ask_info")
        yield Event(draw.later(), "supply_info")
    yield Event(draw.later(4), "accept", {"difficulty": difficulty})


def _difficult(draw: Draw) -> Life:
    if (yield Event(draw.later(4), "ask", {"kind": "difficult"})):
        yield Event(draw.later(), "approve_difficult")


def _extension(draw: Draw) -> Life:
    days = draw.random.randint(1, 5)
    if (yield Event(draw.later(), "ask", {"kind": "extension", "days": days})):
        yield Event(draw.later(), "approve_extension", {"days": days})


def _suspension(draw: Draw) -> Life:
    ground = draw.random.choice(("court", "testing", "material"))
    asked = draw.later(4)
    until = _day(asked) + timedelta(days=draw.random.randint(1, 7))
    if not (yield Event(asked, "ask", {"kind": "suspension", "code": ground, "until": until})):
        return
    ends = datetime(until.year, until.month, until.day, 17, 30, tzinfo=BEIJING)
    if not (yield Event(draw.later(2), "suspend", {"until": ends})):
        return
    if draw.odds(0.6):
        yield Event(draw.later(), "go_on")
    else:
        draw.now = max(draw.now, ends)


def _day(at: datetime) -> date:
    return at.astimezone(BEIJING).date()


def _result(draw: Draw) -> Generator[Event, bool, bool]:
    if not (yield Event(draw.later(4), "submit")):
        return False
    for _ in range(2):
        if draw.odds(0.35):
            yield Event(draw.later(), "refuse")
            if not (yield Event(draw.later(4), "submit")):
                return False
    return (yield Event(draw.later(), "accept_result"))
