"""Rules about folders: how many files, which subjects, what lies loose."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.house_rules.reading import modules

SUBJECTS = frozenset(
    {
        "accounts",
        "call_backs",
        "dashboards",
        "database",
        "deadlines",
        "dispatch",
        "handling",
        "intake",
        "knowledge",
        "messages",
        "public",
        "ratings",
        "supervision",
        "tickets",
    }
)
"""Fourteen at the most: whoever wants another first asks which of these it belongs to."""
LAYERS = ("rules", "models", "casework", "queries", "schemas", "api")
AUDIENCES = frozenset({"account", "admin", "centre", "knowledge", "operator", "public", "tickets", "unit"})
DRAWN = {"templates": AUDIENCES | {"shared"}, "static": frozenset({"icons", "scripts", "styles"})}
MOST_FILES, MOST_LOOSE = 20, 8


def at_most_twenty_files(root: Path) -> Iterator[str]:
    """Yield the folders of the package and of the tests that hold more."""
    files = [
        path for top in ("hotline", "tests") for path in (root / top).rglob("*.*") if "__pycache__" not in path.parts
    ]
    counted = Counter(path.parent for path in files if path.is_file() and path.stat().st_size)
    for folder, count in sorted(counted.items()):
        if count > MOST_FILES:
            yield f"{folder.relative_to(root)} holds {count} files"


def subjects_from_the_list(root: Path) -> Iterator[str]:
    """Yield the folders of a layer, of its tests and of the pages whose name is on no list."""
    lists = dict.fromkeys(LAYERS, SUBJECTS) | {"pages": AUDIENCES | DRAWN.keys()}
    for layer, allowed in lists.items():
        yield from _strangers(root, root / "hotline" / layer, allowed)
        yield from _strangers(root, root / "tests" / layer, allowed)
    for drawn, allowed in DRAWN.items():
        yield from _strangers(root, root / "hotline/pages" / drawn, allowed)


def _strangers(root: Path, folder: Path, allowed: frozenset[str]) -> Iterator[str]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_dir() and path.name not in allowed | {"__pycache__"}:
            yield f"{path.relative_to(root)} is on no list"


def at_most_eight_loose_modules(root: Path) -> Iterator[str]:
    """Yield the loose modules where there are more."""
    loose = [path.name for path in modules(root) if path.parent == root / "hotline"]
    if len(loose) > MOST_LOOSE:
        yield f"hotline/ holds {len(loose)} modules: {', '.join(sorted(loose))}"
