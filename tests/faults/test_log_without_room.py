"""A log that cannot be written costs no answer: the lines that are missing are counted, and said when there is room again."""

import errno
import io
import json
from typing import cast

import pytest
import structlog
from flask import Flask

from hotline.observability import logs
from hotline.observability.logs import LogFile


class Disk(io.StringIO):
    """A file that has no room while it is `full`."""

    full = False

    def write(self, text: str) -> int:
        if self.full:
            raise OSError(errno.EFBIG, "File too large")
        return super().write(text)


def lines(disk: Disk) -> list[dict[str, object]]:
    return [cast(dict[str, object], json.loads(line)) for line in disk.getvalue().splitlines()]


def test_lines_that_find_no_room_are_counted() -> None:
    disk = Disk()
    file = LogFile(disk)
    file.write('{"event": "first"}\n')
    disk.full = True
    for _ in range(3):
        file.write('{"event": "lost"}\n')
    disk.full = False
    file.write('{"event": "again"}\n')
    file.write('{"event": "last"}\n')
    assert [line["event"] for line in lines(disk)] == ["first", "again", "log lines late or lost", "last"]
    assert lines(disk)[2]["count"] == 3


def test_a_request_is_answered_though_its_line_cannot_be_written(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk()
    monkeypatch.setattr("sys.stderr", disk)
    before = structlog.get_config()
    try:
        logs.configure()
        disk.full = True
        assert app.test_client().get("/").status_code == 200
        disk.full = False
        assert app.test_client().get("/").status_code == 200
    finally:
        structlog.configure(**before)
    assert [line["event"] for line in lines(disk)] == ["request", "log lines late or lost"]
