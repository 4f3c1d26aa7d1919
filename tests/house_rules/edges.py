"""Rules about the edges: on whose behalf a session is opened."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house_rules.reading import last_name, modules, tree

WEB = ("hotline/api/", "hotline/pages/", "hotline/web/")
HOME = "hotline/web/access.py"
OPENERS = ("transaction", "snapshot", "replica_read")


def edges_act_for_whoever_came(root: Path) -> Iterator[str]:
    """Yield the views that open the application context themselves, where the service and not the visitor would act."""
    for path in modules(root):
        name = path.relative_to(root).as_posix()
        if name.startswith(WEB) and name != HOME:
            for node in ast.walk(tree(path)):
                if isinstance(node, ast.Attribute) and node.attr in OPENERS and _is_context(node.value):
                    yield f"{name}:{node.lineno}"


def _is_context(node: ast.AST) -> bool:
    return last_name(node.func if isinstance(node, ast.Call) else node) == "app_context"
