"""Hold the house to its plan: `python -m tests.house_rules.house`, part of `make check`.

Each rule is a function that names the places which break it. `tests/house_rules/test_house_plan.py` shows for each that it can
fail.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from tests.house_rules import arrows, comparisons, edges, folders, signatures

ROOT = Path(__file__).parents[2]
RULES = (
    folders.at_most_twenty_files,
    folders.subjects_from_the_list,
    folders.at_most_eight_loose_modules,
    arrows.no_ring_between_subjects,
    arrows.tickets_come_first_in_casework,
    comparisons.due_compared_in_its_home,
    comparisons.state_compared_in_rules,
    comparisons.one_branch_for_upsert,
    edges.edges_act_for_whoever_came,
    signatures.one_context,
    signatures.few_parameters,
)


def broken(root: Path) -> Iterator[str]:
    """Yield a line for each place that breaks a rule."""
    for rule in RULES:
        for place in rule(root):
            yield f"{rule.__name__}: {place}"


def main() -> int:
    """Print what is broken; return 1 where anything is."""
    lines = list(broken(ROOT))
    print("\n".join(lines) or f"the house holds: {len(RULES)} rules")
    return bool(lines)


if __name__ == "__main__":
    sys.exit(main())
