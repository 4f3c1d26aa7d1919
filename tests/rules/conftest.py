"""The calendar frozen at 2026, so that no test depends on what is announced later."""

from datetime import datetime

import pytest
from hypothesis import settings

from hotline.rules.deadlines.business_hours import BusinessHours
from hotline.rules.deadlines.working_calendar import ZONE, WorkingCalendar
from hotline.rules.rulebook import Rulebook
from hotline.settings.calendar_layers import package_layer
from hotline.settings.config_files import resource
from hotline.settings.rulebook import rulebook_from

settings.register_profile("rules", deadline=None, derandomize=True, max_examples=200)
settings.load_profile("rules")


def at(text: str) -> datetime:
    """`2026-09-30 17:00` in Asia/Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.fixture(scope="session")
def calendar() -> WorkingCalendar:
    return WorkingCalendar((package_layer(last_year=2026),), BusinessHours(), "frozen at 2026")


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return rulebook_from(resource("config"))
