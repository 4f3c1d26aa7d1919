"""When guessing query codes is locked, and for how long."""

import pytest

from hotline.rules.rulebook import Rulebook


@pytest.mark.parametrize(
    ("here", "from_address", "today", "wait"),
    [
        (4, 29, 49, None),
        (5, 5, 5, "过15分钟"),
        (0, 30, 0, "过15分钟"),
        (5, 30, 50, "过一天"),
        (0, 0, 50, "过一天"),
    ],
)
def test_five_for_a_ticket_thirty_from_an_address_fifty_a_day(
    rulebook: Rulebook, here: int, from_address: int, today: int, wait: str | None
) -> None:
    assert rulebook.look_up.lock(here=here, from_address=from_address, today=today) == wait
