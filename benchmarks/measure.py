"""Measures two ways of doing a thing side by side, turn about, so that a busy machine slows both."""

import time
from collections.abc import Callable
from statistics import median
from typing import NamedTuple

ROUNDS = 15


class Compared(NamedTuple):
    """What was compared: microseconds for each, by the median of all rounds."""

    what: str
    ours: float
    beside: str
    theirs: float

    @property
    def ratio(self) -> float:
        """How many times longer ours takes."""
        return self.ours / self.theirs

    def __str__(self) -> str:
        return f"{self.what:<58} {self.ours:>10.1f} µs   {self.ratio:>8.1f} x {self.beside} ({self.theirs:.1f} µs)"


def compare(what: str, ours: Callable[[], object], beside: str, theirs: Callable[[], object], times: int = 20) -> Compared:
    """Run both `times` times in each of several rounds, turn about."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for run, into in ((ours, taken[0]), (theirs, taken[1])):
            began = time.perf_counter()
            for _ in range(times):
                run()
            into.append((time.perf_counter() - began) / times * 1e6)
    return Compared(what, median(taken[0]), beside, median(taken[1]))
