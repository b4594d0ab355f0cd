"""Estimates over independent seeds, with Student's interval of 99.9 %."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import stats

CONFIDENCE = 0.999


@dataclass(frozen=True)
class Estimate:
    mean: float
    half_width: float

    def holds(self, value: float) -> bool:
        return abs(self.mean - value) <= self.half_width

    def __str__(self) -> str:
        return f"{self.mean:.6f} ± {self.half_width:.6f} ({self.half_width / self.mean:.2%})"


def over_seeds(observe: Callable[[int], np.ndarray], seeds: int) -> list[Estimate]:
    """One estimate for each number that ``observe(seed)`` returns."""
    seen = np.array([observe(seed) for seed in range(seeds)])
    wide = stats.t.ppf((1 + CONFIDENCE) / 2, seeds - 1) * seen.std(axis=0, ddof=1) / seeds**0.5
    return [Estimate(float(mean), float(half)) for mean, half in zip(seen.mean(axis=0), wide, strict=True)]


def check(name: str, values: tuple[float, ...], found: list[Estimate], widest: float) -> None:
    """Each value inside its interval, and each half-width at most ``widest`` of the value."""
    for value, estimate in zip(values, found, strict=True):
        print(f"{name}: {value} ~ {estimate}")
        assert estimate.holds(value), f"{name}: {value} is not in {estimate}"
        assert estimate.half_width <= widest * value, f"{name}: {estimate} is wider than {widest:.0%} of {value}"
