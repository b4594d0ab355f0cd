"""Blocking of loss systems by formula: one rate (Erlang B) and several rates (Kaufman-Roberts).

The world itself decides call by call, see ``admission``; these say what to expect of it and how to dimension.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_RESCALE_ABOVE = 1e250


def erlang_b(erlangs: float, channels: int) -> float:
    """Share of calls blocked when ``erlangs`` are offered to ``channels``, whatever the law of their lengths.

    The recursion over channels (ITU-D Teletraffic Engineering Handbook, Erlang's loss system) on 1/B, which only
    grows: stable at any size. Nothing offered to no channels counts as blocked. ValueError below 0 of either.

    >>> erlang_b(1, 2)
    0.2
    """
    _require(erlangs, channels)
    if not erlangs:
        return float(channels == 0)
    inverse = 1.0
    for channel in range(1, channels + 1):
        inverse = 1.0 + inverse * channel / erlangs
    return 1.0 / inverse


def channels_for(erlangs: float, blocking: float) -> int:
    """The fewest channels that block at most this share (above 0, at most 1); ValueError otherwise.

    >>> channels_for(20, 0.01)
    30
    """
    _require(erlangs, 0)
    if not 0 < blocking <= 1:
        raise ValueError(f"blocking {blocking}: give more than 0, at most 1")
    if not erlangs:
        return 0 if blocking == 1 else 1
    inverse, channels = 1.0, 0
    while 1.0 / inverse > blocking:
        channels += 1
        inverse = 1.0 + inverse * channels / erlangs
    return channels


def kaufman_roberts(erlangs: Sequence[float], slots: Sequence[int], capacity: int) -> list[float]:
    """Share of each class's calls blocked; a call of class k takes ``slots[k]`` of ``capacity`` slots.

    Exact for Poisson arrivals and any law of lengths (Kaufman, IEEE Trans. Comm. 29, 1981; Roberts 1981):
    j q(j) = sum over k of a(k) b(k) q(j - b(k)). ValueError below 0 of anything, and for less than 1 slot.
    """
    if len(erlangs) != len(slots) or any(width < 1 for width in slots):
        raise ValueError(f"slots {list(slots)}: give 1 or more to each of {len(erlangs)} classes")
    for offered in erlangs:
        _require(offered, capacity)
    weights = _occupancy(erlangs, slots, capacity)
    total = weights.sum()
    return [float(weights[max(0, capacity - width + 1) :].sum() / total) for width in slots]


def _occupancy(erlangs: Sequence[float], slots: Sequence[int], capacity: int) -> NDArray[np.float64]:
    """Weights in proportion to the chance that j slots are taken."""
    weights = np.zeros(capacity + 1)
    weights[0] = 1.0
    for taken in range(1, capacity + 1):
        below = (a * b * weights[taken - b] for a, b in zip(erlangs, slots, strict=True) if b <= taken)
        weights[taken] = sum(below) / taken
        if weights[taken] > _RESCALE_ABOVE:
            weights /= weights[taken]
    return weights


def _require(erlangs: float, channels: int) -> None:
    if not 0 <= erlangs < np.inf or channels < 0:
        raise ValueError(f"{erlangs} erlangs on {channels} channels: give 0 or more of each")
