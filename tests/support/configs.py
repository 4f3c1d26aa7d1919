"""Configuration folders that say something else than the one that is carried."""

import shutil
from pathlib import Path

from hotline.settings.config_files import resource


def changed_config(folder: Path, *changes: tuple[str, str, str]) -> Path:
    """A copy with (file, text, other text) replaced; a text that is not there fails the test."""
    shutil.copytree(resource("config"), folder)
    for name, old, new in changes:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text, f"{name}: {old}"
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder
