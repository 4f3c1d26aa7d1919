"""The shelves of the public articles, from `config/policy_pages.toml`: sections, and events in an enterprise's life."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from hotline.rules.refusals import UnknownThing
from hotline.settings.config_files import BadSettings, config_text, read_toml

FILE = "policy_pages.toml"
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Section:
    """A folder of the knowledge base under the name that people read."""

    code: str
    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """Articles that belong together for an enterprise: those of some categories, and single ones."""

    code: str
    name: str
    sentence: str
    categories: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()


Shelf = TypeVar("Shelf", Section, LifeEvent)


@dataclass(frozen=True)
class Shelves:
    sections: tuple[Section, ...]
    events: tuple[LifeEvent, ...]

    def section(self, code: str) -> Section:
        """Refuses `UnknownThing`."""
        return _named(self.sections, code, "这个栏目")

    def event(self, code: str) -> LifeEvent:
        """Refuses `UnknownThing`."""
        return _named(self.events, code, "这个专题")


def _named(shelves: tuple[Shelf, ...], code: str, what: str) -> Shelf:
    for shelf in shelves:
        if shelf.code == code:
            return shelf
    raise UnknownThing(what)


@lru_cache(maxsize=4)
def shelves_from(folder: Path) -> Shelves:
    """Refuses to start (`BadSettings`) on an entry that is wrong, naming the file and the line where it begins."""
    path = folder / FILE
    raw, lines = read_toml(path), config_text(path).splitlines()
    category_codes = {entry.get("code") for entry in read_toml(folder / "categories.toml").get("category", ())}
    surplus = set(raw) - {"section", "life_event"}
    if surplus:
        raise BadSettings(f"配置文件 {path} 有误：不认识“{'、'.join(sorted(surplus))}”。")
    events = tuple(_entries(path, lines, "life_event", raw, LifeEvent))
    for place, event in events:
        unknown = set(event.categories) - category_codes
        if unknown:
            raise BadSettings(f"{place}没有类别“{'、'.join(sorted(unknown))}”。")
    sections = tuple(_entries(path, lines, "section", raw, Section))
    return Shelves(tuple(section for _, section in sections), tuple(event for _, event in events))


def _entries(
    path: Path, lines: list[str], table: str, raw: dict[str, Any], makes: type[Shelf]
) -> Iterator[tuple[str, Shelf]]:
    """Each entry, behind the words that name its place."""
    begins = [number for number, line in enumerate(lines, 1) if line.split("#")[0].strip() == f"[[{table}]]"]
    codes: set[str] = set()
    for number, entry in zip(begins, raw.get(table, ()), strict=False):
        place = f"配置文件 {path} 第{number}行起的 {table}："
        fault = _fault(entry, makes)
        if fault is None and entry["code"] in codes:
            fault = f"代码“{entry['code']}”重复"
        if fault is not None:
            raise BadSettings(f"{place}{fault}。")
        codes.add(entry["code"])
        values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in entry.items()}
        yield place, makes(**values)


def _fault(entry: dict[str, Any], makes: type[Shelf]) -> str | None:
    names = {field.name for field in fields(makes)}
    if set(entry) - names:
        return f"不认识“{'、'.join(sorted(set(entry) - names))}”"
    texts = {name: entry.get(name) for name in ("code", "name", "sentence")}
    missing = [name for name, text in texts.items() if not isinstance(text, str) or not text.strip()]
    if missing:
        return f"缺少“{'、'.join(missing)}”"
    if not CODE.fullmatch(entry["code"]):
        return f"代码“{entry['code']}”只能用小写字母、数字和连字符"
    if makes is Section:
        return None
    lists = [entry.get("categories", []), entry.get("articles", [])]
    if not all(isinstance(codes, list) and all(isinstance(code, str) for code in codes) for codes in lists):
        return "categories 和 articles 应为代码的列表"
    return None if any(lists) else "categories 和 articles 至少要有一个"
