"""Configuration files: where the package carries them, and how one is read or refused by its name."""

import tomllib
from pathlib import Path
from typing import Any

import hotline


class BadSettings(Exception):
    """The service cannot start; the sentence names the file or the variable."""


def resource(name: str) -> Path:
    """A folder that the package carries (`config`, `knowledge_base`, `migrations`), in a wheel or in a checkout."""
    inside = Path(hotline.__file__).parent / name
    return inside if inside.is_dir() else Path(hotline.__file__).parents[1] / name


def read_toml(path: Path) -> dict[str, Any]:
    """One configuration file; refuses with its name when it is missing or no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadSettings(f"缺少配置文件 {path}。") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"配置文件 {path} 有误：{error}") from None
