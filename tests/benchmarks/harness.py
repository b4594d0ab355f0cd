"""What the benchmarks share: rivals run in turn in one process, medians, and the JSON that they print."""

import gc
import os
import platform
import statistics
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from time import perf_counter
from typing import Any

PACKAGES = ("ossbss", "simpy", "numpy", "polars")
REPETITIONS = 5


def machine() -> dict[str, Any]:
    """Where it ran; ``load_1min`` tells what else ran there (jobs wanting a processor, None where unknown)."""
    load = round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None
    return {
        "platform": platform.platform(),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "load_1min": load,
    }


@dataclass(frozen=True)
class Result:
    """``figures``: name with its unit → number; ``ratios``: what is divided by what → number."""

    name: str
    figures: Mapping[str, float]
    ratios: Mapping[str, float]
    repetitions: int
    machine: Mapping[str, Any] = field(default_factory=machine)
    versions: Mapping[str, str] = field(default_factory=lambda: {name: version(name) for name in PACKAGES})

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def interleaved(
    rivals: Mapping[str, Callable[[], Callable[[], object]]],
    repetitions: int,
    clock: Callable[[], float] = perf_counter,
) -> dict[str, float]:
    """Median seconds of each rival; every repetition runs all of them, one after the other.

    A rival is a function that gets ready, untimed, and returns the work to be timed. ``clock``: ``process_time`` for
    work on one core, whatever else the machine does meanwhile.
    """
    seconds: dict[str, list[float]] = {name: [] for name in rivals}
    for _ in range(repetitions):
        for name, prepare in rivals.items():
            work = prepare()
            gc.collect()  # nobody pays for what another left behind
            began = clock()
            work()
            seconds[name].append(clock() - began)
    return {name: statistics.median(times) for name, times in seconds.items()}
