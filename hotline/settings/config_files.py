"""Configuration files: where the package carries them, and how one is read or refused by its name."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import hotline

T = TypeVar("T")


class BadSettings(Exception):
    """The service cannot start; the sentence names the file or the variable."""


def resource(name: str) -> Path:
    """A folder that the package carries (`config`, `knowledge_base`, `migrations`), in a wheel or in a checkout."""
    inside = Path(hotline.__file__).parent / name
    return inside if inside.is_dir() else Path(hotline.__file__).parents[1] / name


def counts_from(path: Path, kind: Callable[..., T], table: str | None = None) -> T:
    """Return `kind` made of the counts in a file or in one table of it.

    Refuses, naming file and key, a count that is missing, unknown or no whole number from 1.
    """
    raw = read_toml(path)
    try:
        counts = raw[table] if table else raw
        wrong = next((key for key, value in counts.items() if type(value) is not int or value < 1), None)
        if wrong is not None:
            raise ValueError(f"{wrong} 应为正整数")
        return kind(**counts)
    except (KeyError, TypeError, ValueError) as error:
        raise BadSettings(f"配置文件 {path} 有误：{error}") from None


def read_toml(path: Path) -> dict[str, Any]:
    """One configuration file; refuses with its name when it is missing, not saved as UTF-8 or no TOML."""
    text = config_text(path)
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadSettings(f"配置文件 {path} 有误：{error}") from None


def config_text(path: Path) -> str:
    """Return the text of a configuration file; refuses (`BadSettings`), naming it, what is missing or no UTF-8."""
    try:
        return utf8_text(path.read_bytes())
    except FileNotFoundError:
        raise BadSettings(f"缺少配置文件 {path}。") from None
    except OSError as error:
        raise BadSettings(f"配置文件 {path} 不能读取：{error.strerror}。") from None
    except ValueError as error:
        raise BadSettings(f"配置文件 {path} 有误：{error}。") from None


def utf8_text(content: bytes) -> str:
    """Return UTF-8, with or without a byte order mark, with one kind of line end; ValueError for another encoding."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise ValueError("文件不是UTF-8编码，请用UTF-8另存后再用")
    return text.replace("\r\n", "\n")
