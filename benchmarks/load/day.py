"""The shape of the day: eight hours, pressed into so many minutes, with a peak of ten times the mean."""

import random
import time
from collections.abc import Iterator

HOURS = 8
CALLS = 2400
"""300 operators who all talk at once in the peak, six minutes a call, are 50 calls a minute: ten times the mean of this."""
PEAK, PEAK_BEGINS, PEAK_LASTS = 10, 0.25, 0.03
BASE = (1 - PEAK * PEAK_LASTS) / (1 - PEAK_LASTS)


class Day:
    """`seconds`: how long the day takes here; `pressed`: how many times faster than it is lived.

    `part`: from which share of it to which it is driven.
    """

    def __init__(self, minutes: float, part: tuple[float, float] = (0.0, 1.0)) -> None:
        self.seconds, self.part = minutes * 60, part
        self.pressed = HOURS * 3600 / self.seconds
        self.began = 0.0

    def begin(self) -> None:
        """The first of the day would have been then."""
        self.began = time.monotonic() - self.part[0] * self.seconds

    def passed(self) -> float:
        """The share of the day that is over."""
        return (time.monotonic() - self.began) / self.seconds

    def over(self) -> bool:
        return self.passed() >= self.part[1]

    def in_peak(self) -> bool:
        return PEAK_BEGINS <= self.passed() < PEAK_BEGINS + PEAK_LASTS

    def lived(self, seconds: float) -> float:
        """So many seconds of the day, as seconds here."""
        return seconds / self.pressed

    def calls(self, chance: random.Random, count: int = CALLS) -> Iterator[float]:
        """The instants of the calls, in seconds from the beginning: by chance, with the peak."""
        at, end = (share * self.seconds for share in self.part)
        while at < end:
            share = at / self.seconds
            peak = PEAK_BEGINS <= share < PEAK_BEGINS + PEAK_LASTS
            at += chance.expovariate(count / self.seconds * (PEAK if peak else BASE))
            yield at
