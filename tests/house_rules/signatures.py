"""Rules about what functions are given."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house_rules.reading import functions, parameters

FOUR = {"session", "actor", "now", "rulebook"}
FREE = ("hotline/rules/", "hotline/models/", "hotline/app_context.py")
"""Rules and models lie below the context; the application context makes it."""
MOST_PARAMETERS = 1.8


def one_context(root: Path) -> Iterator[str]:
    """Yield the public functions above these that take two of what a context holds one by one."""
    for path, function in functions(root):
        name = path.relative_to(root).as_posix()
        taken = FOUR & set(parameters(function))
        if not name.startswith(FREE) and not _is_private(function) and len(taken) > 1:
            yield f"{name}:{function.lineno} {function.name} takes {', '.join(sorted(taken))}"


def _is_private(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return function.name.startswith("_")


def few_parameters(root: Path) -> Iterator[str]:
    """Yield the average of parameters a function where it is over the limit."""
    counts = [len(parameters(function)) for _, function in functions(root)]
    average = sum(counts) / max(1, len(counts))
    if average > MOST_PARAMETERS:
        yield f"{average:.3f} parameters a function, at most {MOST_PARAMETERS}"
