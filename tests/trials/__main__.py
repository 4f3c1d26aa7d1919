"""Long trials against a second way of knowing: `make trials`, or `python -m tests.trials clocks --seed 7 --count 500`.

A trial is a module of this folder with `COUNT`, how much of it is a whole trial, and `run(seed, count, database_url)`, which
raises AssertionError where the service is wrong and answers with one line. It gets a migrated database of its own, loaded and
staffed with the cast of the tests. The seed is printed first: with it the same trial comes again.
"""

import argparse
import secrets
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from types import ModuleType

from tests.conftest import prepare
from tests.net.engines import ENGINES, empty

TRIALS = ("clocks",)


def main() -> int:
    """Run the trials that are named, or all of them, on both engines or on one; 1 where one fails."""
    asked = _asked()
    failed = [
        f"{name} on {engine}"
        for name in asked.trials or TRIALS
        for engine in asked.engine or ENGINES
        if not _tried(name, engine, asked.seed, asked.count)
    ]
    print(f"{'failed: ' + ', '.join(failed) if failed else 'all agreed'} (seed {asked.seed})")
    return 1 if failed else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.trials")
    parser.add_argument("trials", nargs="*", choices=[*TRIALS, []], help="all of them, when none is named")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32))
    parser.add_argument("--count", type=int, help="how much of each trial; a whole one when not given")
    parser.add_argument("--engine", action="append", choices=ENGINES)
    return parser.parse_args()


def _tried(name: str, engine: str, seed: int, count: int | None) -> bool:
    trial: ModuleType = import_module(f"tests.trials.{name}")
    count = count or trial.COUNT
    print(f"{name} on {engine}: {count}, seed {seed}", flush=True)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, empty(engine, Path(folder)) as url:
        prepare(url, Path(folder))
        try:
            told = trial.run(seed, count, url)
        except AssertionError as error:
            print(error, file=sys.stderr)
            return False
    print(f"{name} on {engine}: {told} in {time.monotonic() - started:.0f} s", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
