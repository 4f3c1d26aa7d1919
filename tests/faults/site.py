"""The service as it really runs, in processes that may be killed; people who work in it remember what was acknowledged."""

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

from tests.faults.network import HERE, Host
from tests.faults.postgres import free_port
from tests.faults.waiting import PATIENCE, until
from tests.support.cast import Cast

CALL = {
    "type": "complaint",
    "category": "licensing-delay",
    "content": "材料齐全，窗口不受理。",
    "difficulty": "ordinary",
    "enterprise": {"name": "襄阳甲乙机械有限公司"},
    "contact": {"name": "王小明", "phone": "13812345678"},
}
SILENT = 503


class Process:
    """A `hotline` command; what it says goes to a file, which is shown when a test fails."""

    def __init__(self, site: "Site", *arguments: str) -> None:
        self.log = site.data / f"{arguments[0]}-{free_port()}.log"
        with self.log.open("wb") as log:
            command = [*site.host.within, sys.executable, "-m", "hotline", *arguments]
            self.popen = subprocess.Popen(command, env=site.environment, stdout=log, stderr=log)
        site.processes.append(self)

    def kill(self) -> None:
        self.popen.send_signal(signal.SIGKILL)
        self.popen.wait()

    def stop(self) -> None:
        self.popen.terminate()
        self.popen.wait()

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.popen.pid).children(recursive=True)

    def said(self) -> str:
        return self.log.read_text(errors="replace")[-3000:]


class Web(Process):
    def __init__(self, site: "Site", port: int, workers: int) -> None:
        self.port, self.place = port, f"{site.host.address}:{port}"
        super().__init__(site, "serve", "--bind", self.place, "--workers", str(workers))

    def answers(self) -> bool:
        assert self.popen.poll() is None, self.said()
        try:
            with urllib.request.urlopen(f"http://{self.place}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


class Site:
    """Web servers and schedulers over one database, on one host."""

    def __init__(self, url: str, data: Path, more: Mapping[str, str] | None = None, host: Host = HERE) -> None:
        self.data, self.host, self.processes = data, host, list[Process]()
        self.environment = {
            **os.environ,
            "HOTLINE_DATABASE_URL": url,
            "HOTLINE_SECRET_KEY": "secret-for-tests-only",
            "HOTLINE_DATA_KEY": "data-key-for-tests-only",
            "HOTLINE_DATA": str(data),
            **(more or {}),
        }

    def web(self, port: int | None = None, *, workers: int = 1) -> Web:
        return Web(self, port or free_port(), workers)

    def scheduler(self, *arguments: str) -> Process:
        return Process(self, "scheduler", *arguments)

    def schedulers(self, count: int) -> list[Process]:
        """That have found the database: one that has not ends at once, for its supervisor to start it anew."""
        started = [self.scheduler() for _ in range(count)]
        for one in started:
            until(lambda one=one: "scheduler started" in one.said(), "the scheduler has started", one.said)  # type: ignore[misc]
        return started

    def ready(self, webs: Sequence[Web]) -> None:
        for web in webs:
            until(web.answers, f"{web.place} answers", web.said)

    def __enter__(self) -> "Site":
        return self

    def __exit__(self, *error: object) -> None:
        for process in self.processes:
            if process.popen.poll() is None:
                process.popen.terminate()
        for process in self.processes:
            try:
                process.popen.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


class Person(threading.Thread):
    """Logs calls and writes a note on each, one after the other, until told to stop.

    A call is sent again with its key until it is acknowledged; a note is sent once, so that it may be there or not when nobody
    acknowledged it.
    """

    def __init__(self, name: str, places: Sequence[str], token: str) -> None:
        super().__init__(daemon=True)
        self.label, self.places, self.token = name, places, token
        self.stopped, self.statuses = threading.Event(), Counter[int]()
        self.calls: dict[str, str] = {}
        self.notes: dict[str, bool] = {}
        self.failed: BaseException | None = None

    def run(self) -> None:
        try:
            position = 0
            while not self.stopped.is_set():
                position += 1
                self._work(f"{self.label}第{position}件")
        except BaseException as error:
            self.failed = error

    def _work(self, title: str) -> None:
        end = time.monotonic() + PATIENCE
        status, answer = 0, {}
        while status != 201:
            assert time.monotonic() < end, f"{title} was never acknowledged"
            status, answer = self.send("/tickets", {**CALL, "title": title}, key=title)
            assert status in (0, 201, SILENT), (status, answer)
        self.calls[title] = answer["number"]
        status, answer = self.send(f"/tickets/{answer['number']}/actions/add_note", {"text": title})
        assert status in (0, 200, SILENT), (status, answer)
        self.notes[title] = status == 200

    def send(self, path: str, body: Any, key: str | None = None) -> tuple[int, Any]:
        """(the status, the answer), or 0 when there was no answer."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if key is not None:
            headers["Idempotency-Key"] = key.encode().hex()[:80]
        try:
            line = http.client.HTTPConnection(random.choice(self.places), timeout=PATIENCE)
            line.request("POST", f"/api/v1{path}", json.dumps(body).encode(), headers)
            answer = line.getresponse()
            content = answer.read()
            line.close()
        except (OSError, http.client.HTTPException):
            self.statuses[0] += 1
            time.sleep(0.05)
            return 0, {}
        self.statuses[answer.status] += 1
        return answer.status, json.loads(content)


class People:
    """Several persons at work while the block lasts."""

    def __init__(self, cast: Cast, webs: Sequence[Web], count: int = 4) -> None:
        places, token = [web.place for web in webs], cast.tokens["operator"]
        self.all = [Person("甲乙丙丁戊己庚辛"[n], places, token) for n in range(count)]

    @property
    def acknowledged(self) -> int:
        return sum(len(person.calls) for person in self.all)

    def go_on(self, count: int) -> None:
        """Until so many more calls have been acknowledged."""
        wanted = self.acknowledged + count
        until(lambda: self.acknowledged >= wanted or self._failed(), f"{count} more calls", self.statuses)
        assert not self._failed(), self._failed()

    def statuses(self) -> Counter[int]:
        return sum((person.statuses for person in self.all), Counter[int]())

    def _failed(self) -> list[BaseException]:
        return [person.failed for person in self.all if person.failed is not None]

    def __enter__(self) -> "People":
        for person in self.all:
            person.start()
        return self

    def __exit__(self, kind: object, *error: object) -> None:
        for person in self.all:
            person.stopped.set()
        for person in self.all:
            person.join()
        if kind is None:
            assert self._failed() == []
