"""What was measured: every answer by what it was, in the peak and outside; what the processes took."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Callable

import psutil

FAILED = 500


class Figures:
    """`in_peak` says whether the day is in its peak now; with `begin` it starts anew."""

    def __init__(self, in_peak: Callable[[], bool]) -> None:
        self.in_peak, self.begun, self.most_waiting = in_peak, False, 0
        self.seconds: dict[tuple[str, bool], list[float]] = defaultdict(list)
        self.statuses: Counter[int] = Counter()
        self.failures: Counter[tuple[str, int]] = Counter()

    def begin(self) -> None:
        self.begun = True
        for noted in (self.seconds, self.statuses, self.failures):
            noted.clear()

    def note(self, kind: str, seconds: float, status: int) -> None:
        self.seconds[kind, self.begun and self.in_peak()].append(seconds)
        self.statuses[status] += 1
        if status == 0 or status >= FAILED:
            self.failures[kind, status] += 1

    def print(self) -> None:
        kinds = sorted({kind for kind, _ in self.seconds})
        print(
            "| | answers | median | 95 of 100 | 99 of 100 | in the peak: median | 95 of 100 |\n|---|---|---|---|---|---|---|"
        )
        for kind in kinds:
            calm, peak = self.seconds[kind, False], self.seconds[kind, True]
            row = [kind, f"{len(calm) + len(peak):,}", *_said(calm, 50, 95, 99), *_said(peak, 50, 95)]
            print("| " + " | ".join(row) + " |")
        print("statuses:", dict(sorted(self.statuses.items())), "failures:", dict(self.failures) or "none")


def _said(seconds: list[float], *hundredths: int) -> list[str]:
    if len(seconds) < 2:
        return ["" for _ in hundredths]
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return [f"{cuts[cut - 1] * 1000:,.0f} ms" for cut in hundredths]


class Taken:
    """Processor seconds and memory (PSS) of a tree of processes since it was first asked."""

    def __init__(self, **roots: list[int]) -> None:
        self.roots = roots
        self.before = {name: self._seconds(pids) for name, pids in roots.items()}

    def print(self, elapsed: float) -> None:
        for name, pids in self.roots.items():
            spent = self._seconds(pids) - self.before[name]
            held = sum(process.memory_full_info().pss for process in self._all(pids)) / 2**20
            print(f"{name}: {spent:,.0f} s of the processor ({spent / elapsed:.2f} cores), {held:,.0f} MB")

    def _seconds(self, pids: list[int]) -> float:
        spent = 0.0
        for process in self._all(pids):
            times = process.cpu_times()
            spent += times.user + times.system
            if process.pid in pids:
                spent += times.children_user + times.children_system
        return spent

    @staticmethod
    def _all(pids: list[int]) -> list[psutil.Process]:
        roots = [psutil.Process(pid) for pid in pids]
        return roots + [child for root in roots for child in root.children(recursive=True)]
