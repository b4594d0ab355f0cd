"""Laws of durations: how long until it fails, how long until it is mended. Each knows its mean and its quantiles.

All in milliseconds. ``draw`` is the quantile of one uniform number, so that two policies that meet the same occasion
meet the same luck, whatever the law.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, gamma
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincc, ndtr, ndtri

Shares = NDArray[np.float64]
"""Shares above 0 and below 1, or durations in ms."""
LEAST = 1e-12
"""Shares are drawn from here to 1: at 0 some laws have no quantile."""
_HALVINGS = 45


class Law(Protocol):
    """A distribution of durations."""

    @property
    def mean_ms(self) -> float: ...

    def quantile_ms(self, p: float) -> float:
        """The duration that a share ``p`` (above 0, below 1) does not exceed."""
        ...

    def quantiles_ms(self, p: Shares) -> Shares:
        """The same for many shares."""
        ...


class _Quantiles:
    """One quantile is a column of one."""

    def quantiles_ms(self, p: Shares) -> Shares:
        raise NotImplementedError

    def quantile_ms(self, p: float) -> float:
        return float(self.quantiles_ms(np.array([p]))[0])


def draw_ms(law: Law, rng: np.random.Generator) -> int:
    """One duration, at least a millisecond."""
    return int(draws_ms(law, rng, 1)[0])


def draws_ms(law: Law, rng: np.random.Generator, count: int) -> NDArray[np.int64]:
    """So many durations of at least a millisecond, a draw each: the Nth is the same however many are asked for."""
    return durations_ms(law, rng.uniform(LEAST, 1, count))


def durations_ms(law: Law, shares: Shares) -> NDArray[np.int64]:
    """The durations at these shares, at least a millisecond each."""
    return np.maximum(1, np.rint(law.quantiles_ms(shares)).astype(np.int64))


@dataclass(frozen=True)
class Constant(_Quantiles):
    """Always the same."""

    value_ms: int

    @property
    def mean_ms(self) -> float:
        return self.value_ms

    def quantiles_ms(self, p: Shares) -> Shares:
        return np.full(len(p), float(self.value_ms))


@dataclass(frozen=True)
class Exponential(_Quantiles):
    """Memoryless: what has worked for a year is as good as new."""

    mean_ms: int

    def quantiles_ms(self, p: Shares) -> Shares:
        return np.asarray(-self.mean_ms * np.log1p(-p))


@dataclass(frozen=True)
class Weibull(_Quantiles):
    """Shape 1 is exponential; above 1 things age, below 1 they settle (Weibull 1951)."""

    scale_ms: int
    shape: float

    @property
    def mean_ms(self) -> float:
        return self.scale_ms * gamma(1 + 1 / self.shape)

    def quantiles_ms(self, p: Shares) -> Shares:
        return np.asarray(self.scale_ms * (-np.log1p(-p)) ** (1 / self.shape))


@dataclass(frozen=True)
class AgedWeibull(_Quantiles):
    """What is left of a Weibull life after ``age_ms`` of it: the law of T − age, given that T is longer than the age.

    Its survival is S(age + t) / S(age); with shape 1 it is the new part's, as nothing ages.
    """

    new: Weibull
    age_ms: int

    @property
    def mean_ms(self) -> float:
        """Integral of the survival: scale · e^z · Γ(1 + 1/shape, z) − age, with z = (age / scale)^shape."""
        order = 1 + 1 / self.new.shape
        rest = exp(self._hazard) * float(gammaincc(order, self._hazard)) * gamma(order)
        return self.new.scale_ms * rest - self.age_ms

    def quantiles_ms(self, p: Shares) -> Shares:
        lives = self.new.scale_ms * (self._hazard - np.log1p(-p)) ** (1 / self.new.shape)
        return np.asarray(lives - self.age_ms)

    @property
    def _hazard(self) -> float:
        """Cumulative hazard up to the age."""
        return float((self.age_ms / self.new.scale_ms) ** self.new.shape)


@dataclass(frozen=True)
class Stretched(_Quantiles):
    """A law with every duration so many times as long: a rarer occasion of the same shape."""

    law: Law
    factor: float

    @property
    def mean_ms(self) -> float:
        return self.law.mean_ms * self.factor

    def quantiles_ms(self, p: Shares) -> Shares:
        return self.law.quantiles_ms(p) * self.factor


@dataclass(frozen=True)
class Lognormal(_Quantiles):
    """Half of all are shorter than ``median_ms``; ``sigma`` is the standard deviation of the logarithm."""

    median_ms: int
    sigma: float

    @property
    def mean_ms(self) -> float:
        return self.median_ms * exp(self.sigma**2 / 2)

    def quantiles_ms(self, p: Shares) -> Shares:
        return np.asarray(self.median_ms * np.exp(self.sigma * ndtri(p)))

    def shares_below(self, values_ms: Shares) -> Shares:
        """The cumulative distribution function, of durations above 0."""
        if not self.sigma:
            return np.asarray(values_ms >= self.median_ms, dtype=np.float64)
        return np.asarray(ndtr(np.log(values_ms / self.median_ms) / self.sigma))


@dataclass(frozen=True)
class Mixture(_Quantiles):
    """Of so many thousandths the first lognormal, of the rest the second: short faults and long ones."""

    first_milli: int
    first: Lognormal
    second: Lognormal

    @property
    def mean_ms(self) -> float:
        return (self.first_milli * self.first.mean_ms + (1000 - self.first_milli) * self.second.mean_ms) / 1000

    def quantiles_ms(self, p: Shares) -> Shares:
        """By bisection, as there is no closed form; always as often, so that one is as it is in a column."""
        bounds = self.first.quantiles_ms(p), self.second.quantiles_ms(p)
        low, high = np.minimum(*bounds), np.maximum(*bounds)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            short = self._shares_below(middle) < p
            low, high = np.where(short, middle, low), np.where(short, high, middle)
        return high

    def _shares_below(self, values_ms: Shares) -> Shares:
        share = self.first_milli / 1000
        return share * self.first.shares_below(values_ms) + (1 - share) * self.second.shares_below(values_ms)


@dataclass(frozen=True)
class QuantileTable(_Quantiles):
    """Points (share in thousandths, duration), in order, from 0 to 1000; straight lines between them."""

    points: Sequence[tuple[int, int]]

    @property
    def mean_ms(self) -> float:
        return sum((b - a) / 1000 * (low + high) / 2 for (a, low), (b, high) in pairwise(self.points))

    def quantiles_ms(self, p: Shares) -> Shares:
        shares, durations = zip(*self.points, strict=True)
        return np.asarray(np.interp(p * 1000, shares, durations), dtype=np.float64)
