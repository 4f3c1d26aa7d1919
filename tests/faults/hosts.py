"""Several hosts over one PostgreSQL, in network namespaces: `make hosts`, or `python -m tests.faults.hosts [TRIAL …]`; root only.

Two web hosts and two of schedulers, a host of the database, people on yet another. In each trial something is done to the network
or to the clocks while people log calls and the ladder has hundreds of tickets to catch up on; then everything is looked at.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, text

from benchmarks.fill import number_of
from hotline import clock
from hotline.app_context import AppContext
from hotline.models.deadlines.clocks import Clock, Escalation
from hotline.rules.vocabulary import ClockKind
from tests.conftest import prepare, settings_for
from tests.faults.asking import ask, at_once, hand_in, silent_within
from tests.faults.holds import check_everything, owe_steps, steps_fired, steps_owed
from tests.faults.network import DATABASE, PEOPLE, Network, enclose
from tests.faults.postgres import Postgres
from tests.faults.site import SILENT, People, Person, Site, Web
from tests.faults.test_clock import moving
from tests.faults.waiting import until
from tests.jobs.test_many_schedulers import STEPS

WEB, SCHEDULERS = ("web1", "web2"), ("scheduler1", "scheduler2")
OWING, WORKERS, AT_ONCE = 800, 2, 12
CUT_OFF, UNREACHABLE, SKEW, LEAD, RUNS_BEFORE = 40.0, 20.0, 3, 90.0, 15.0
FIRST_ANSWER, LATER_ANSWER, READY_AGAIN, LOCKS_GONE = 30.0, 10.0, 15.0, 75.0
"""Seconds: for whoever asks in the moment of the cut, and later; until a host serves again; until locks of the lost are gone."""


class Hosts:
    """The hosts; each trial has a database and processes of its own on them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.network = folder, Network()
        self.database_host = self.network.host("database", DATABASE)
        self.hosts = {name: self.network.host(name, PEOPLE) for name in WEB}
        self.hosts |= {name: self.network.host(name, DATABASE) for name in SCHEDULERS}
        self.server = Postgres(self.database_host)

    @contextmanager
    def trial(self, name: str, more: Mapping[str, Mapping[str, str]] | None = None) -> Iterator[None]:
        """People are at work in both web hosts while the block lasts; the block starts the schedulers."""
        begin = time.monotonic()
        say(f"== {name}: {(getattr(self, name).__doc__ or '').strip()}")
        self.server.ask(f"CREATE DATABASE {name}")
        url = self.server.url(name).render_as_string(hide_password=False)
        # One folder for all hosts, as a shared one would be.
        data = self.folder / name
        data.mkdir()
        self.cast, self.app_context = prepare(url, data), AppContext(settings_for(url, data))
        owe_steps(self.app_context, OWING)
        with ExitStack() as stack:
            self.sites = {
                host: stack.enter_context(Site(url, data, (more or {}).get(host), self.hosts[host]))
                for host in self.hosts
            }
            self.webs = [self.sites[host].web(8000, workers=WORKERS) for host in WEB]
            for host, web in zip(WEB, self.webs, strict=True):
                self.sites[host].ready([web])
            with People(self.cast, self.webs) as self.people:
                self.people.go_on(6)
                yield
                self.people.go_on(6)
                until(lambda: not steps_owed(self.app_context), "nothing is owed", lambda: steps_owed(self.app_context))
            for site in self.sites.values():
                for process in site.processes:
                    assert process.popen.poll() in (None, 0), process.said()
        check_everything(self.app_context, self.cast, self.people, OWING)
        self.app_context.database.dispose()
        say(f"   {self.people.acknowledged} calls acknowledged, answers {dict(self.people.statuses())}")
        say(f"   all holds after {time.monotonic() - begin:.0f} s")

    def scheduler(self, name: str) -> None:
        self.sites[name].schedulers(1)

    def all_at_work(self) -> None:
        """nothing fails; an attachment taken by one web host is read from the other."""
        with self.trial("all_at_work"):
            for name in SCHEDULERS:
                self.scheduler(name)
            self.people.go_on(4)
            number = next(iter(self.people.all[0].calls.values()))
            token, content = self.cast.tokens["operator"], b"%PDF-1.4\n" + os.urandom(2000)
            kept = hand_in(self.webs[0], f"/api/v1/tickets/{number}/attachments", token, content)
            for web in self.webs:
                answer = ask(web, f"/api/v1/tickets/{number}/attachments/{kept}", token)
                assert (answer.status, answer.content) == (200, content), (web.place, answer.status)
            say("   both web hosts serve an attachment that one of them took")

    def web_host_cut_off(self) -> None:
        """a web host loses its cable to the database for 40 s and gets it back."""
        with self.trial("web_host_cut_off"):
            for name in SCHEDULERS:
                self.scheduler(name)
            lost, before = self.webs[0], self.people.acknowledged
            self.network.pull(self.hosts[WEB[0]])
            begin = time.monotonic()
            check_silent(lost, FIRST_ANSWER, "in the moment of the cut")
            while time.monotonic() - begin < CUT_OFF - LATER_ANSWER:
                time.sleep(0.5)
            check_silent(lost, LATER_ANSWER, "later")
            while time.monotonic() - begin < CUT_OFF:
                time.sleep(0.5)
            meanwhile = self.people.acknowledged - before
            assert meanwhile > 0, "the other host did not go on"
            say(f"   meanwhile the other host took {meanwhile} calls")
            self.network.plug(self.hosts[WEB[0]])
            self._check_ready([lost])

    def scheduler_cut_off(self) -> None:
        """a scheduler's host is cut off in mid-ladder, its transaction open and hundreds of rows locked, for good while."""
        with self.trial("scheduler_cut_off"):
            lost = self.hosts[SCHEDULERS[0]]
            self.scheduler(SCHEDULERS[0])
            self._cut_while_it_holds_locks()
            begin, fired = time.monotonic(), steps_fired(self.app_context)
            say(f"   cut with {fired} steps fired, its session: {self._locks_of_lost()}")
            self.scheduler(SCHEDULERS[1])
            took = self._note_on_all()
            say(f"   people at three tickets of the lost waited {took:.1f} s at most")
            until(lambda: not self._locks_of_lost(), "the locks of the lost are gone", self._locks_of_lost)
            gone = time.monotonic() - begin
            say(f"   the locks of the lost were gone after {gone:.1f} s")
            assert max(gone, took) <= LOCKS_GONE
            until(lambda: not steps_owed(self.app_context), "nothing is owed", lambda: steps_owed(self.app_context))
            say(f"   nothing was owed after {time.monotonic() - begin:.1f} s")
            self.network.plug(lost)
            until(lambda: self._sessions_of_lost("TRUE"), "the lost one works again")

    def _cut_while_it_holds_locks(self) -> None:
        """Pulls the cable in mid-ladder: its tickets are locked, and what is to become of them is not said yet."""
        lost = self.hosts[SCHEDULERS[0]]
        while True:
            until(self._locks_of_lost, "the scheduler has locked tickets")
            self.network.pull(lost)
            time.sleep(1)
            if self._locks_of_lost():
                return
            self.network.plug(lost)

    def _locks_of_lost(self) -> list[str]:
        """Only who has found rows to lock has a number of its own."""
        table = "SELECT pid FROM pg_locks WHERE relation = 'tickets'::regclass AND mode = 'RowShareLock'"
        return self._sessions_of_lost(f"backend_xid IS NOT NULL AND pid IN ({table})")

    def _sessions_of_lost(self, which: str) -> list[str]:
        """What the server's sessions with the lost host are doing."""
        address = self.hosts[SCHEDULERS[0]].address
        query = f"SELECT state FROM pg_stat_activity WHERE client_addr = '{address}' AND {which}"
        with self.app_context.snapshot() as ctx:
            return list(ctx.session.scalars(text(query)))

    def _note_on_all(self) -> float:
        """Notes on the first tickets of the ladder, by several people at once; the longest that any of them waited."""
        token, took = self.cast.tokens["operator"], list[float]()

        def note(position: int) -> None:
            person, begin = Person("等", [self.webs[0].place], token), time.monotonic()
            path = f"/tickets/{number_of(position)}/actions/add_note"
            until(lambda: person.send(path, {"text": "催"})[0] == 200, "a note is taken", lambda: person.statuses)
            took.append(time.monotonic() - begin)

        at_once(note, 3)
        assert len(took) == 3
        return max(took)

    def database_unreachable(self) -> None:
        """the host of the database cannot be reached by anybody for 20 s."""
        with self.trial("database_unreachable"):
            for name in SCHEDULERS:
                self.scheduler(name)
            until(lambda: steps_fired(self.app_context), "a scheduler has begun")
            self.app_context.database.dispose()
            self.network.pull(self.database_host)
            begin = time.monotonic()
            for web in self.webs:
                check_silent(web, FIRST_ANSWER, f"from {web.place}")
            time.sleep(max(0.0, UNREACHABLE - (time.monotonic() - begin)))
            self.network.plug(self.database_host)
            self._check_ready(self.webs)

    def clocks_differ(self) -> None:
        """the clocks of a web host and a scheduler are 3 s behind, of the others 3 s ahead, when a step comes due."""
        due = STEPS[1]
        shift = due - timedelta(seconds=LEAD) - clock.now()
        with self.trial("clocks_differ", clocks(self.folder, shift)):
            left = (due - clock.now() - shift).total_seconds() - RUNS_BEFORE
            assert left > 0, "the machine was too slow to be there before the step"
            time.sleep(left)
            first = self._first_fired(due) + shift
            say(f"   the step was there {(first - due).total_seconds():+.1f} s from its instant by the true clock")
            assert due - first <= timedelta(seconds=SKEW)
            # By the clock of today, so that nothing is owed at the end.
            today = self.sites[SCHEDULERS[0]]
            today.environment.pop("LD_PRELOAD")
            today.scheduler()

    def _first_fired(self, due: datetime) -> datetime:
        """When the step was seen first, the schedulers running again and again until then."""
        running = {name: self.sites[name].scheduler("--once") for name in SCHEDULERS}
        while not self._step_fired(due):
            for name, process in running.items():
                if process.popen.poll() is not None:
                    running[name] = self.sites[name].scheduler("--once")
            time.sleep(0.02)
        seen = clock.now()
        for process in running.values():
            process.popen.wait()
        return seen

    def _step_fired(self, due: datetime) -> int:
        query = select(func.count()).select_from(Escalation).join(Clock, Clock.id == Escalation.clock_id)
        with self.app_context.snapshot() as ctx:
            found = ctx.session.scalar(query.where(Clock.kind == ClockKind.SIGN, Escalation.at == due))
        return found or 0

    def _check_ready(self, webs: list[Web]) -> None:
        begin = time.monotonic()
        for web in webs:
            until(lambda web=web: ask(web, "/readyz").status == 200, f"{web.place} is ready again")  # type: ignore[misc]
        took = time.monotonic() - begin
        say(f"   ready again {took:.1f} s after the cable")
        assert took <= READY_AGAIN


def clocks(folder: Path, shift: timedelta) -> dict[str, dict[str, str]]:
    """The environment of each host: the first of each kind is behind, the second ahead."""
    found = {}
    for names, seconds in ((("web1", "scheduler1"), -SKEW), (("web2", "scheduler2"), SKEW)):
        place = folder / f"clock{seconds}"
        place.mkdir()
        environment, set_clock = moving(place)
        set_clock(f"{(shift + timedelta(seconds=seconds)).total_seconds():+.3f}")
        found |= dict.fromkeys(names, environment)
    return found


def check_silent(web: Web, seconds: float, when: str) -> None:
    shortest, longest = silent_within(web, seconds, AT_ONCE)
    say(f"   {when}: {AT_ONCE} at once were answered {SILENT} within {shortest:.1f} to {longest:.1f} s")


def say(sentence: str) -> None:
    print(sentence, flush=True)


TRIALS = ("all_at_work", "web_host_cut_off", "scheduler_cut_off", "database_unreachable", "clocks_differ")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trials", nargs="*", default=TRIALS, metavar="TRIAL", help=", ".join(TRIALS))
    given = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("hosts: network namespaces can be made by root alone; run it as root.")
    enclose()
    with tempfile.TemporaryDirectory(prefix="hotline-hosts-") as folder:
        hosts = Hosts(Path(folder))
        try:
            hosts.server.made()
            for name in given.trials:
                getattr(hosts, name)()
        finally:
            hosts.server.removed()
    say(f"{len(given.trials)} trials: every acknowledged deed once, every step once, timelines whole")


if __name__ == "__main__":
    main()
