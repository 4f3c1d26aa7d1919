"""The page `docs/workflow.md`, drawn from the table of the workflow: `python -m tests.support.workflow_page` prints it."""

from collections.abc import Iterable

from hotline.rules import workflow
from hotline.rules.vocabulary import Role, State

HEAD = """# The workflow

Drawn from `hotline/rules/workflow.py` by `python -m tests.support.workflow_page`; a test holds the two equal. Everything else is
refused with `wrong-state`, and the refusal names what is allowed.

## What moves a ticket, or is decided on it
| # | from | action | to | who |
|---|---|---|---|---|
"""
BESIDE = """
## What moves no state
| action | in | who |
|---|---|---|
"""
OTHERS = {workflow.ENTERPRISE: "企业", workflow.SYSTEM: "系统"}


def page() -> str:
    """Return the page as it has to stand in the documentation."""
    numbered = [row for row in workflow.TABLE if row.number is not None]
    beside = [row for row in workflow.TABLE if row.number is None]
    return HEAD + "".join(map(_moving, numbered)) + BESIDE + "".join(map(_staying, beside))


def _moving(row: workflow.Row) -> str:
    target = row.target.label if row.target else "不变"
    again = f"；派过单的：{row.after_dispatch.label}" if row.after_dispatch else ""
    action = f"`{row.action}` {row.action.label}"
    return f"| {row.number} | {_states(row.sources) or '—'} | {action} | {target}{again} | {_people(row.who)} |\n"


def _staying(row: workflow.Row) -> str:
    return f"| `{row.action}` {row.action.label} | {_states(row.sources)} | {_people(row.who)} |\n"


def _states(states: Iterable[State]) -> str:
    found = [state.label for state in State if state in set(states)]
    return "任何状态" if len(found) == len(State) else "、".join(found)


def _people(who: frozenset[str]) -> str:
    return "、".join(
        [*(role.label for role in Role if role in who), *(name for key, name in OTHERS.items() if key in who)]
    )


if __name__ == "__main__":
    print(page(), end="")
