"""Rules about what is compared where: dues with now, the state of a ticket, the dialect of a database."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house_rules.reading import last_name, modules, tree

ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
SAME = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot, ast.In, ast.NotIn)
DUE_HOMES = ("hotline/rules/deadlines/", "hotline/models/deadlines/")
STATE_HOMES = ("hotline/rules/",)
IN = ("in_", "not_in", "notin_", "is_", "is_not")


def _outside(root: Path, homes: tuple[str, ...]) -> Iterator[tuple[str, ast.Module]]:
    for path in modules(root):
        name = path.relative_to(root).as_posix()
        if not name.startswith(homes):
            yield name, tree(path)


def due_compared_in_its_home(root: Path) -> Iterator[str]:
    """Yield the places outside rules/deadlines and its SQL twin that ask whether a due lies before or after now."""
    for name, module in _outside(root, DUE_HOMES):
        for node in ast.walk(module):
            if isinstance(node, ast.Compare) and isinstance(node.ops[0], ORDER):
                sides = [last_name(side) for side in (node.left, *node.comparators)]
                if any(side.endswith("due_at") for side in sides) and "now" in sides:
                    yield f"{name}:{node.lineno}"


def state_compared_in_rules(root: Path) -> Iterator[str]:
    """Yield the places outside rules/ that compare with a `State`, ask for one in SQL, or gather several into a set."""
    for name, module in _outside(root, STATE_HOMES):
        for node in ast.walk(module):
            if _asks_for_a_state(node):
                yield f"{name}:{getattr(node, 'lineno', 1)}"


def _asks_for_a_state(node: ast.AST) -> bool:
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], SAME):
        return any(_is_state(side) for side in (node.left, *node.comparators))
    if isinstance(node, ast.Call) and last_name(node.func) in IN:
        return any(_is_state(argument) for argument in node.args)
    if isinstance(node, ast.Tuple | ast.Set | ast.List) and len(node.elts) > 1:
        return all(_is_state(element) for element in node.elts)
    return isinstance(node, ast.MatchValue) and _is_state(node.value)


def _is_state(node: ast.AST) -> bool:
    if isinstance(node, ast.Tuple | ast.Set | ast.List):
        return any(_is_state(element) for element in node.elts)
    return isinstance(node, ast.Attribute) and last_name(node.value) == "State"


def one_branch_for_upsert(root: Path) -> Iterator[str]:
    """Yield the modules that take the `insert` of a dialect, where there is more than one."""
    found = [name for name, module in _outside(root, ()) if any(_takes_dialect(node) for node in ast.walk(module))]
    if len(found) > 1:
        yield ", ".join(found)


def _takes_dialect(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy.dialects."):
        return any(alias.name == "insert" for alias in node.names)
    if not isinstance(node, ast.Attribute) or node.attr != "insert":
        return False
    return any(last_name(inner) in ("sqlite", "postgresql") for inner in ast.walk(node.value))
