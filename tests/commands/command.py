"""The command line as people type it, by its entry point; in this process, which has loaded everything already."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from click.testing import CliRunner

from hotline.commands import main


@dataclass(frozen=True)
class Told:
    returncode: int
    stdout: str
    stderr: str


def hotline(
    *arguments: str, url: str = "", data: Path | None = None, stdin: str = "", config: Path | None = None
) -> Told:
    """What the command printed, and how it ended. No variable of the service counts but those that are given here."""
    env: dict[str, str | None] = {name: None for name in os.environ if name.startswith("HOTLINE_")}
    if url:
        env |= {"HOTLINE_DATABASE_URL": url, "HOTLINE_DATA": str(data)}
        env |= {"HOTLINE_SECRET_KEY": "secret-for-tests-only", "HOTLINE_DATA_KEY": "data-key-for-tests-only"}
    if config is not None:
        env["HOTLINE_CONFIG"] = str(config)
    with CliRunner().isolation(input=stdin, env=env) as (out, error, _), patch("sys.argv", ["hotline", *arguments]):
        code, said = _ended()
        return Told(code, out.getvalue().decode(), error.getvalue().decode() + said)


def _ended() -> tuple[int, str]:
    """As the interpreter ends a program: a sentence goes to standard error, with 1."""
    try:
        main()
    except SystemExit as end:
        code: Any = end.code
        return (1, f"{code}\n") if isinstance(code, str) else (code or 0, "")
    return 0, ""
