"""The net: all that the outside sees of the service, for one fixed set of data at a frozen instant, as files to compare.

    python -m tests.net OUT              write everything below the folder OUT, which must be empty or missing
    python -m tests.net --compare A B    say what differs between two such folders; exit 1 when anything does
    python -m tests.net OUT --engine sqlite    one engine alone

Run it before a change of the inside and after it: `diff -r` of the two folders must be empty. What is written:

    routes.txt, openapi.json, help/         what does not depend on data
    schema-ENGINE.txt                       the schema after all migrations
    ENGINE/rows/                            all rows after the data were built
    ENGINE/PERSON/json, ENGINE/PERSON/html  what each person reads at each address
    ENGINE/rows-after-reading/              the tables in which reading left something
    ENGINE/PERSON/sent/                     what each person is answered who sends an empty or a plain body, nothing being kept
    ENGINE/kept.txt, rows-after-sending/    what was sent and kept, and the tables that it changed
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.net.compare import compare
from tests.net.engines import ENGINES, empty
from tests.net.run import run_engine, run_outside


def main() -> int:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.net")
    parser.add_argument("out", type=Path, nargs="?")
    parser.add_argument("--engine", choices=ENGINES)
    parser.add_argument("--compare", type=Path, nargs=2, metavar=("A", "B"))
    asked = parser.parse_args()
    if asked.compare:
        return compare(*asked.compare)
    if asked.out is None:
        parser.error("OUT is missing")
    if asked.engine:
        with tempfile.TemporaryDirectory(prefix="hotline-net-") as folder, empty(asked.engine, Path(folder)) as url:
            run_engine(asked.engine, url, Path(folder), asked.out)
        return 0
    if asked.out.exists() and any(asked.out.iterdir()):
        parser.error(f"{asked.out} is not empty")
    return _both(asked.out)


def _both(out: Path) -> int:
    """Each engine in a process of its own, side by side."""
    began = time.monotonic()
    run = [subprocess.Popen([sys.executable, "-m", "tests.net", str(out), "--engine", name]) for name in ENGINES]
    run_outside(out)
    failed = [process.args for process in run if process.wait() != 0]
    print(f"{out}: {sum(path.is_file() for path in out.rglob('*'))} files in {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
