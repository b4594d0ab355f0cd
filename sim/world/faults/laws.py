"""Laws of durations: how long until it fails, how long until it is mended. Each knows its mean and its quantiles.

All in milliseconds. ``draw`` is the quantile of one uniform number, so that two policies that meet the same occasion
meet the same luck, whatever the law.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import erf, exp, gamma, log, log1p, sqrt
from statistics import NormalDist
from typing import Protocol

import numpy as np

_NORMAL = NormalDist()


class Law(Protocol):
    """A distribution of durations."""

    @property
    def mean_ms(self) -> float: ...

    def quantile_ms(self, p: float) -> float:
        """The duration that a share ``p`` (above 0, below 1) does not exceed."""
        ...


def draw_ms(law: Law, rng: np.random.Generator) -> int:
    """One duration, at least a millisecond."""
    return max(1, round(law.quantile_ms(float(rng.uniform(1e-12, 1)))))


@dataclass(frozen=True)
class Constant:
    """Always the same."""

    value_ms: int

    @property
    def mean_ms(self) -> float:
        return self.value_ms

    def quantile_ms(self, p: float) -> float:  # noqa: ARG002 - the same at every p
        return self.value_ms


@dataclass(frozen=True)
class Exponential:
    """Memoryless: what has worked for a year is as good as new."""

    mean_ms: int

    def quantile_ms(self, p: float) -> float:
        return -self.mean_ms * log1p(-p)


@dataclass(frozen=True)
class Weibull:
    """Shape 1 is exponential; above 1 things age, below 1 they settle (Weibull 1951)."""

    scale_ms: int
    shape: float

    @property
    def mean_ms(self) -> float:
        return self.scale_ms * gamma(1 + 1 / self.shape)

    def quantile_ms(self, p: float) -> float:
        return float(self.scale_ms * (-log1p(-p)) ** (1 / self.shape))


@dataclass(frozen=True)
class Lognormal:
    """Half of all are shorter than ``median_ms``; ``sigma`` is the standard deviation of the logarithm."""

    median_ms: int
    sigma: float

    @property
    def mean_ms(self) -> float:
        return self.median_ms * exp(self.sigma**2 / 2)

    def quantile_ms(self, p: float) -> float:
        return self.median_ms * exp(self.sigma * _NORMAL.inv_cdf(p))

    def share_below(self, value_ms: float) -> float:
        """The cumulative distribution function."""
        if value_ms <= 0:
            return 0.0
        if not self.sigma:
            return float(value_ms >= self.median_ms)
        return (1 + erf(log(value_ms / self.median_ms) / (self.sigma * sqrt(2)))) / 2


@dataclass(frozen=True)
class Mixture:
    """Of so many thousandths the first lognormal, of the rest the second: short faults and long ones."""

    first_milli: int
    first: Lognormal
    second: Lognormal

    @property
    def mean_ms(self) -> float:
        return (self.first_milli * self.first.mean_ms + (1000 - self.first_milli) * self.second.mean_ms) / 1000

    def quantile_ms(self, p: float) -> float:
        """By bisection: a mixture's quantiles have no closed form."""
        bounds = [law.quantile_ms(p) for law in (self.first, self.second)]
        low, high = min(bounds), max(bounds)
        while high - low > max(0.5, 1e-9 * high):
            middle = (low + high) / 2
            low, high = (middle, high) if self._share_below(middle) < p else (low, middle)
        return high

    def _share_below(self, value_ms: float) -> float:
        share = self.first_milli / 1000
        return share * self.first.share_below(value_ms) + (1 - share) * self.second.share_below(value_ms)


@dataclass(frozen=True)
class QuantileTable:
    """Points (share in thousandths, duration), in order, from 0 to 1000; straight lines between them."""

    points: Sequence[tuple[int, int]]

    @property
    def mean_ms(self) -> float:
        return sum((b - a) / 1000 * (low + high) / 2 for (a, low), (b, high) in pairwise(self.points))

    def quantile_ms(self, p: float) -> float:
        shares, durations = zip(*self.points, strict=True)
        return float(np.interp(p * 1000, shares, durations))
