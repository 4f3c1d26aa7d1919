"""The same faults for longer, in an order drawn by chance: `make soak`, or `python -m tests.faults.soak --minutes 10 --seed 1`.

Two web servers of two workers and two schedulers work over a PostgreSQL of their own. In each round some of the faults happen
while people work and the ladder climbs; then everything is looked at. The seed is printed: with it the faults come in the same
order, the instants at which they meet the work do not.
"""

import argparse
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import text

from hotline import clock
from hotline.app_context import AppContext
from hotline.operations.backup import back_up
from hotline.operations.restore import restore
from tests.conftest import prepare, settings_for
from tests.faults.holds import check_everything, owe_steps, steps_owed
from tests.faults.postgres import Postgres
from tests.faults.site import People, Process, Site, Web
from tests.faults.waiting import until
from tests.support.cast import Cast

OWING, FAULTS_A_ROUND, PAUSE = 400, 4, 2.0


class Soak:
    """One database of its own for each round, so that every round owes the same steps."""

    def __init__(self, server: Postgres, folder: Path, draw: random.Random) -> None:
        self.server, self.folder, self.draw = server, folder, draw
        self.done: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.acknowledged = 0

    def round(self, position: int) -> None:
        self.database = f"soak_{position}"
        self.server.ask(f'CREATE DATABASE "{self.database}"')
        url = self.server.url(self.database).render_as_string(hide_password=False)
        data = self.folder / self.database
        data.mkdir()
        cast, self.app_context = prepare(url, data), AppContext(settings_for(url, data))
        owe_steps(self.app_context, OWING)
        with Site(url, data) as self.site:
            self._work(cast)
        self.app_context.database.dispose()
        self.server.ask(f'DROP DATABASE "{self.database}" WITH (FORCE)')

    def _work(self, cast: Cast) -> None:
        self.webs = [self.site.web(workers=2), self.site.web(workers=2)]
        self.schedulers = [self.site.scheduler(), self.site.scheduler()]
        self.site.ready(self.webs)
        faults: list[Callable[[], None]] = [self.kill_worker, self.kill_web, self.kill_scheduler]
        faults += [self.cut_connections, self.kill_database, self.stop_a_while, self.back_up_and_restore]
        with People(cast, self.webs) as people:
            people.go_on(4)
            for fault in self.draw.sample(faults, FAULTS_A_ROUND):
                fault()
                self.done[fault.__name__] += 1
                time.sleep(self.draw.random() * PAUSE)
            people.go_on(8)
            for position, process in enumerate(self.schedulers):
                if process.popen.poll() is not None:
                    self.schedulers[position] = self.site.scheduler()
            until(lambda: not steps_owed(self.app_context), "nothing is owed", lambda: steps_owed(self.app_context))
        check_everything(self.app_context, cast, people, OWING)
        self.acknowledged += people.acknowledged + sum(sum(person.notes.values()) for person in people.all)
        self.statuses.update(people.statuses())

    # --- faults

    def kill_worker(self) -> None:
        self.draw.choice(self.draw.choice(self.webs).children()).send_signal(signal.SIGKILL)

    def kill_web(self) -> None:
        position = self.draw.randrange(2)
        gone: Web = self.webs[position]
        gone.kill()
        time.sleep(self.draw.random() * PAUSE)
        self.webs[position] = self.site.web(gone.port, workers=2)
        self.site.ready([self.webs[position]])

    def kill_scheduler(self) -> None:
        position = self.draw.randrange(2)
        self.schedulers[position].kill()
        self.schedulers[position] = self.site.scheduler()

    def cut_connections(self) -> None:
        self.server.cut_connections(self.database)

    def kill_database(self) -> None:
        self.server.kill()
        time.sleep(self.draw.random() * PAUSE)
        self.server.started()

    def stop_a_while(self) -> None:
        """A process that stands still with its transaction open, and goes on later."""
        process: Process = self.draw.choice(self.schedulers)
        process.popen.send_signal(signal.SIGSTOP)
        time.sleep(self.draw.random() * PAUSE)
        process.popen.send_signal(signal.SIGCONT)

    def back_up_and_restore(self) -> None:
        file, database = self.folder / f"{self.database}.backup", f"{self.database}_restored"
        back_up(self.app_context, file, now=clock.now(), progress=lambda *_: None)
        self.server.ask(f'CREATE DATABASE "{database}"')
        url = self.server.url(database).render_as_string(hide_password=False)
        other = AppContext(settings_for(url, self.folder / database))
        made = restore(other, file, progress=lambda *_: None)
        with other.snapshot() as ctx:
            assert ctx.session.scalar(text("SELECT count(*) FROM tickets")) == made.counts["tickets"]
        other.database.dispose()
        self.server.ask(f'DROP DATABASE "{database}" WITH (FORCE)')


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=None)
    given = parser.parse_args()
    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(10**6)
    print(f"seed {seed}", flush=True)
    end, server = time.monotonic() + 60 * given.minutes, Postgres()
    with tempfile.TemporaryDirectory(prefix="hotline-soak-") as folder:
        try:
            soak, position, longest = Soak(server.made(), Path(folder), random.Random(seed)), 0, 0.0
            # A round is begun only when one more fits.
            while position == 0 or time.monotonic() + longest < end:
                position, begin = position + 1, time.monotonic()
                soak.round(position)
                longest = max(longest, time.monotonic() - begin)
                told = f"round {position} holds after {time.monotonic() - begin:.0f} s"
                print(
                    f"{told}: {soak.acknowledged} deeds acknowledged so far, answers {dict(soak.statuses)}", flush=True
                )
        finally:
            server.removed()
    print(
        f"{position} rounds; faults: {dict(soak.done)}; every acknowledged deed once, every step once, timelines whole"
    )


if __name__ == "__main__":
    main()
