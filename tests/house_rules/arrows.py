"""Rules about what imports what inside a layer; between layers the contracts in setup.cfg hold them."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.house_rules.folders import LAYERS, SUBJECTS
from tests.house_rules.reading import modules, tree

Arrows = dict[str, set[str]]


def _subject(dotted: str, layer: str) -> str | None:
    """Return the subject of a module of this layer; None for what lies at the layer's root or elsewhere."""
    parts = dotted.split(".")
    return parts[2] if parts[:2] == ["hotline", layer] and parts[2:3] and parts[2] in SUBJECTS else None


def _imported(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def _arrows(root: Path, layer: str) -> Arrows:
    """Return which subjects of a layer import which others."""
    found: Arrows = defaultdict(set)
    for path in modules(root):
        own = _subject(".".join(path.relative_to(root).with_suffix("").parts), layer)
        if own is not None:
            found[own] |= {other for name in _imported(tree(path)) if (other := _subject(name, layer))} - {own}
    return found


def _reached(arrows: Arrows, begin: str) -> set[str]:
    reached: set[str] = set()
    waiting = list(arrows.get(begin, ()))
    while waiting:
        subject = waiting.pop()
        if subject not in reached:
            reached.add(subject)
            waiting.extend(arrows.get(subject, ()))
    return reached


def no_ring_between_subjects(root: Path) -> Iterator[str]:
    """Yield the subjects of a layer that reach themselves through others."""
    for layer in LAYERS:
        arrows = _arrows(root, layer)
        for subject in sorted(arrows):
            if subject in _reached(arrows, subject):
                yield f"{layer}/{subject} imports itself through {', '.join(sorted(arrows[subject]))}"


def tickets_come_first_in_casework(root: Path) -> Iterator[str]:
    """Yield the subjects that `casework/tickets`, which every action uses, imports."""
    for subject in sorted(_arrows(root, "casework").get("tickets", ())):
        yield f"casework/tickets imports casework/{subject}"
