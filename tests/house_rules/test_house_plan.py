"""The house holds its plan, and each rule of the plan can fail."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.house_rules import arrows, comparisons, edges, folders, signatures
from tests.house_rules.house import ROOT, RULES, broken

Rule = Callable[[Path], Iterator[str]]
LATE = "def late(clock, now):\n    return clock.due_at < now\n"
CLOSED = "def over(ticket):\n    return ticket.state is State.CLOSED\n"
ASKED = "query = select(Ticket).where(Ticket.state.in_((State.CLOSED, State.ARCHIVED)))\n"
UPSERT = "from sqlalchemy.dialects import postgresql, sqlite\nrow = (sqlite if here else postgresql).insert(Ticket)\n"
BREAKS: list[tuple[Rule, dict[str, str]]] = [
    (folders.at_most_twenty_files, {f"hotline/rules/tickets/r{number}.py": "x = 1\n" for number in range(21)}),
    (folders.subjects_from_the_list, {"hotline/queries/misc/x.py": "x = 1\n"}),
    (folders.subjects_from_the_list, {"tests/casework/misc/test_x.py": "x = 1\n"}),
    (folders.subjects_from_the_list, {"hotline/pages/templates/misc/x.html": "x\n"}),
    (folders.at_most_eight_loose_modules, {f"hotline/m{number}.py": "x = 1\n" for number in range(9)}),
    (
        arrows.no_ring_between_subjects,
        {
            "hotline/queries/ratings/a.py": "from hotline.queries.intake import b\n",
            "hotline/queries/intake/b.py": "from hotline.queries.public.c import d\n",
            "hotline/queries/public/c.py": "from hotline.queries.ratings.a import e\n",
        },
    ),
    (
        arrows.tickets_come_first_in_casework,
        {"hotline/casework/tickets/a.py": "from hotline.casework.intake import b\n"},
    ),
    (comparisons.due_compared_in_its_home, {"hotline/queries/intake/a.py": LATE}),
    (comparisons.due_compared_in_its_home, {"hotline/queries/intake/a.py": "late = Clock.due_at <= ctx.now\n"}),
    (comparisons.state_compared_in_rules, {"hotline/casework/intake/a.py": CLOSED}),
    (comparisons.state_compared_in_rules, {"hotline/queries/intake/a.py": ASKED}),
    (comparisons.state_compared_in_rules, {"hotline/pages/unit/a.py": "OVER = (State.CLOSED, State.ARCHIVED)\n"}),
    (comparisons.one_branch_for_upsert, {"hotline/jobs/a.py": UPSERT, "hotline/models/database/b.py": UPSERT}),
    (
        edges.edges_act_for_whoever_came,
        {"hotline/pages/unit/a.py": "with app_context().snapshot() as ctx:\n    pass\n"},
    ),
    (signatures.one_context, {"hotline/casework/intake/a.py": "def sign(session, number, *, now):\n    pass\n"}),
    (signatures.few_parameters, {"hotline/rules/tickets/a.py": "def f(a, b):\n    pass\n"}),
]


def _write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_holds_its_plan(rule: Rule) -> None:
    assert list(rule(ROOT)) == []


@pytest.mark.parametrize(("rule", "files"), BREAKS, ids=lambda value: getattr(value, "__name__", ""))
def test_a_place_that_breaks_the_rule_is_named(rule: Rule, files: dict[str, str], tmp_path: Path) -> None:
    assert list(rule(_write(tmp_path, files)))


def test_every_rule_is_shown_to_fail() -> None:
    assert {rule for rule, _ in BREAKS} == set(RULES)


def test_a_small_house_in_order_breaks_nothing(tmp_path: Path) -> None:
    files = {
        "hotline/rules/deadlines/lateness.py": LATE,
        "hotline/rules/tickets/states.py": CLOSED,
        "hotline/models/database/upsert.py": UPSERT,
        "hotline/casework/intake/a.py": "from hotline.casework.tickets import b\n\n\ndef log(ctx):\n    pass\n",
    }
    assert list(broken(_write(tmp_path, files))) == []


def test_at_most_fourteen_subjects() -> None:
    assert len(folders.SUBJECTS) <= 14
