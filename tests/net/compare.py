"""Two runs side by side: which files differ, and by which lines."""

import difflib
from pathlib import Path

MOST_FILES, MOST_LINES = 40, 12


def compare(one: Path, other: Path) -> int:
    """Print a summary; return 1 where anything differs, 0 where nothing does."""
    before, after = _files(one), _files(other)
    gone, new = sorted(before.keys() - after.keys()), sorted(after.keys() - before.keys())
    changed = [
        name for name in sorted(before.keys() & after.keys()) if before[name].read_bytes() != after[name].read_bytes()
    ]
    for title, names in (("only in the first", gone), ("only in the second", new)):
        for name in names[:MOST_FILES]:
            print(f"{title}: {name}")
    for name in changed[:MOST_FILES]:
        print(f"\n--- {name}")
        _print_lines(before[name], after[name])
    _print_kinds(changed)
    print(f"\n{len(before)} and {len(after)} files; {len(gone)} gone, {len(new)} new, {len(changed)} changed.")
    return 1 if gone or new or changed else 0


def _files(folder: Path) -> dict[str, Path]:
    return {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}


def _print_lines(one: Path, other: Path) -> None:
    texts = [path.read_text(encoding="utf-8").splitlines() for path in (one, other)]
    found = [line for line in difflib.unified_diff(*texts, n=0, lineterm="") if not line.startswith(("---", "+++"))]
    for line in found[:MOST_LINES]:
        print(line[:300])
    if len(found) > MOST_LINES:
        print(f"... and {len(found) - MOST_LINES} more lines")


def _print_kinds(changed: list[str]) -> None:
    """How many files differ in each part, whoever looks."""
    counts: dict[str, int] = {}
    for name in changed:
        part = "/".join(name.split("/")[:3]) if "/" in name else name
        counts[part] = counts.get(part, 0) + 1
    if len(changed) > MOST_FILES:
        print(f"\n... and {len(changed) - MOST_FILES} more files. By part:")
        for part, count in sorted(counts.items()):
            print(f"  {count:6} {part}")
