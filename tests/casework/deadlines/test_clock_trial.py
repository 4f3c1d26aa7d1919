"""A new sample of the trial of clocks each time; `make trials` runs the whole of it. A failure names its seed."""

import secrets

from tests.trials import clocks

LIVES = 30


def test_dues_and_steps_are_those_of_a_ledger_kept_by_hand(database_url: str, cast: object) -> None:
    assert clocks.run(secrets.randbelow(2**32), LIVES, database_url).startswith(f"agreed on {LIVES} lives")
