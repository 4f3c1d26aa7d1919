"""Secrets come from the environment, errors keep to themselves what they were given, packages are the ones that were tried."""

import configparser
import re
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from sqlalchemy import insert
from sqlalchemy.exc import SQLAlchemyError

from hotline.app_context import AppContext
from hotline.models.tickets.tickets import PublicSubmission

ROOT = Path(__file__).parents[2]
SECRET = re.compile(r"secret|passw(or)?d$|token$|api_?key|private", re.IGNORECASE)
READS_ENVIRONMENT = {
    "hotline/settings/environment.py",
    "hotline/channels/settings.py",
    "hotline/commands/frame.py",
    "hotline/demo/demonstration.py",
}


def keys_of(data: Any) -> list[str]:
    if isinstance(data, list):
        return [key for entry in data for key in keys_of(entry)]
    if not isinstance(data, dict):
        return []
    return [*data, *(key for value in data.values() for key in keys_of(value))]


@pytest.mark.parametrize("path", sorted((ROOT / "config").rglob("*.toml")), ids=lambda path: path.name)
def test_no_configuration_file_has_a_place_for_a_secret(path: Path) -> None:
    assert [key for key in keys_of(tomllib.loads(path.read_text(encoding="utf-8"))) if SECRET.search(key)] == []


def test_the_environment_s_secrets_are_read_in_the_settings_alone() -> None:
    sources = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in (ROOT / "hotline").rglob("*.py")
    }
    names = re.compile(r"HOTLINE_\w*(KEY|SECRET|PASSWORD|TOKEN)")
    readers = {name for name, text in sources.items() if "environ" in text and names.search(text)}
    assert readers == READS_ENVIRONMENT


def test_an_error_of_the_database_does_not_tell_what_it_was_given(app_context: AppContext) -> None:
    with pytest.raises(SQLAlchemyError) as failed, app_context.transaction() as ctx:
        # Too many digits for the column's type on one engine, no value at all for the other column on both.
        ctx.session.execute(insert(PublicSubmission).values(address_hash="13812345678", at=None))
    assert "SQL parameters hidden" in str(failed.value)


def _pinned() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines if line.strip() and not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in pairs}


def _wanted() -> set[str]:
    """What the package and its tests ask for, and what those ask for in turn, as it is installed here."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    lines = config["options"]["install_requires"] + config["options.extras_require"]["test"]
    found: set[str] = set()
    waiting = [Requirement(line) for line in lines.split("\n") if line.strip()]
    while waiting:
        asked = waiting.pop()
        name = canonicalize_name(asked.name)
        if name in found:
            continue
        found.add(name)
        for text in metadata.requires(name) or ():
            inner = Requirement(text)
            extras = asked.extras or {""}
            if inner.marker is None or any(inner.marker.evaluate({"extra": extra}) for extra in extras):
                waiting.append(inner)
    return found


def test_every_package_that_is_used_is_pinned_and_is_the_one_that_is_installed() -> None:
    pinned = _pinned()
    assert sorted(_wanted() - pinned.keys()) == []
    wrong = {name for name in _wanted() if metadata.version(name) != pinned[name]}
    assert wrong == set()
