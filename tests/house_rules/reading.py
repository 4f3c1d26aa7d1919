"""The source as the house rules read it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path


def modules(root: Path) -> list[Path]:
    """Return every module of the package."""
    return sorted((root / "hotline").rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    """Return the module's syntax tree, read once."""
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(root: Path) -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Yield every function and method with its file."""
    for path in modules(root):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    """Return the names of its parameters, without `self` and `cls`."""
    given = function.args
    names = [argument.arg for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return [name for name in names if name not in ("self", "cls")]


def last_name(node: ast.AST) -> str:
    """Return `due_at` of `due_at`, `clock.due_at` and `Clock.due_at`; nothing of anything else."""
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""
