"""The project holds itself to its word."""

import ast
import configparser
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "hotline").rglob("*.py"))
MODULES = [path for path in SOURCES if path.name != "__init__.py"]
CLOCKS = re.compile(r"datetime\.now\(|datetime\.utcnow\(|date\.today\(|time\.time\(|func\.now\(|CURRENT_TIMESTAMP")
VAGUE = {"utils", "util", "helpers", "helper", "common", "core", "manager", "service", "handler", "misc"}
LONGEST_FILE, LONGEST_FUNCTION = 300, 60


def test_only_the_clock_reads_the_clock() -> None:
    readers = [path.name for path in SOURCES if CLOCKS.search(path.read_text(encoding="utf-8"))]
    assert readers == ["clock.py"]


def test_an_attribute_of_a_page_holds_no_element() -> None:
    """The filter `time` makes one; in attributes stands `plain_time`."""
    inside = re.compile(r'="[^"<>]*\|\s*time\b')
    templates = (ROOT / "hotline" / "pages" / "templates").rglob("*.html")
    assert not [path.name for path in templates if inside.search(path.read_text(encoding="utf-8"))]


def test_every_package_and_module_says_what_it_is_for() -> None:
    silent = [str(path) for path in SOURCES if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert silent == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [path.stem for path in MODULES if path.stem in VAGUE] == []


def test_files_and_functions_stay_small() -> None:
    sources = [*SOURCES, *sorted((ROOT / "migrations").rglob("*.py"))]
    long = [str(path) for path in sources if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST_FILE]
    for path in sources:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION:
                long.append(f"{path}:{node.name}")
    assert long == []


@pytest.mark.parametrize("word", ["TO" + "DO", "FIX" + "ME", "except Exc" + "eption", "pytest.sk" + "ip", "xf" + "ail"])
def test_nothing_is_put_off_or_swept_away(word: str) -> None:
    places = [path for folder in ("hotline", "tests", "migrations") for path in (ROOT / folder).rglob("*.py")]
    assert [str(path) for path in places if word in path.read_text(encoding="utf-8")] == []


def test_the_package_carries_every_package_of_the_tree() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    named = set(config["options"]["packages"].split())
    carried = {"hotline.config", "hotline.knowledge_base", "hotline.migrations"}
    found = {".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "hotline").rglob("__init__.py")}
    assert named == found | carried


def test_pages_ask_nothing_from_outside() -> None:
    pages = [*(ROOT / "hotline/pages").rglob("*.html"), *(ROOT / "hotline/pages").rglob("*.js")]
    pages += (ROOT / "hotline/pages").rglob("*.css")
    assert len(pages) > 10
    assert [
        page.name for page in pages if re.search(r"(src|href|url\()\s*=?\s*[\"']?(https?:)?//", page.read_text())
    ] == []
