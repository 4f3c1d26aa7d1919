"""The rules that are kept as dated versions: as `config/` states them, and back from what is stored of them."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from hotline.rules import reason_codes
from hotline.rules.deadlines.ladder import Ladder
from hotline.rules.deadlines.rule_versions import RuleKind, Sources
from hotline.rules.deadlines.time_limits import TimeLimits
from hotline.rules.vocabulary import Word
from hotline.settings.config_files import read_toml

FILES = {RuleKind.LIMITS: "time_limits.toml", RuleKind.LADDER: "ladder.toml"}
TABLES = frozenset({*TimeLimits.__dataclass_fields__, *Ladder.__dataclass_fields__} - {"urgent_handle"})
"""What may be a table by kind, difficulty ...; `urgent_handle` is a limit itself."""
KNOWN = {
    RuleKind.LIMITS: frozenset(field.name for field in fields(TimeLimits)),
    RuleKind.LADDER: frozenset(field.name for field in fields(Ladder)) - {"short_warning"} | {"short_warning_hours"},
}


def rule_sources(folder: Path) -> Sources:
    """Return what the files of the configuration folder state, as JSON; the coded reasons are those of the program."""
    return {
        **{kind: _plain(read_toml(folder / name)) for kind, name in FILES.items()},
        RuleKind.CATEGORIES: _plain(read_toml(folder / "categories.toml").get("category", [])),
        RuleKind.UNITS: _plain(read_toml(folder / "units.toml").get("unit", [])),
        RuleKind.REASONS: {
            "codes": _reason_codes(),
            "ratings": _plain(read_toml(folder / "ratings.toml").get("reasons", [])),
        },
    }


def _reason_codes() -> dict[str, dict[str, str]]:
    words = [kind for kind in vars(reason_codes).values() if isinstance(kind, type) and issubclass(kind, Word)]
    return {kind.__name__: {str(word): word.label for word in kind} for kind in words if kind is not Word}


def _plain(value: Any) -> Any:
    """Return what TOML reads, in the forms that JSON has."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def completed(kind: RuleKind, stored: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """Return stored content as this program reads it.

    What a version did not know yet is taken from what `config/` states now, in whose order the names stand; what this program
    knows no longer is left out.
    """
    known = KNOWN[kind]
    names = [*now, *(name for name in stored if name not in now)]
    return {name: _merged(name, stored.get(name, now.get(name)), now.get(name)) for name in names if name in known}


def _merged(name: str, stored: Any, now: Any) -> Any:
    if name in TABLES and isinstance(stored, dict) and isinstance(now, dict):
        return {key: stored.get(key, now.get(key)) for key in now | stored}
    return stored
