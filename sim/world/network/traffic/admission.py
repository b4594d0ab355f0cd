"""Which calls of a cell or trunk get in: each takes its slots when they are free, else it is blocked and gone.

An integer kernel: plain Python, and compiled by numba for large batches where the extra ``fast`` is installed; the
decisions are equal. A call that ends at the instant another starts frees its slots first.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Kernel = Callable[[Ints, Ints, Ints, Ints, Ints, Ints, Ints, Ints, Bools], None]

COMPILING_PAYS_FROM = 500_000
"""Calls: plain Python needs for these about as long as numba needs to start."""


def _nothing() -> Ints:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class InProgress:
    """Calls still going on, by place: when each ends and what it holds until then."""

    place: Ints = field(default_factory=_nothing)
    ends_ms: Ints = field(default_factory=_nothing)
    slots: Ints = field(default_factory=_nothing)

    def after(self, at_ms: int) -> "InProgress":
        """Those that still hold their slots for a call that starts at ``at_ms``, by place and end."""
        kept = np.flatnonzero(self.ends_ms > at_ms)
        kept = kept[np.lexsort((self.slots[kept], self.ends_ms[kept], self.place[kept]))]
        return InProgress(self.place[kept], self.ends_ms[kept], self.slots[kept])


def admit(
    place: Ints, start_ms: Ints, hold_ms: Ints, slots: Ints, capacity: Ints, held: InProgress | None = None
) -> tuple[Bools, InProgress]:
    """(admitted, in progress): the decision on each call, and the calls of ``held`` with those admitted.

    Calls are sorted by ``place`` (an integer of yours), ``start_ms`` and id; every column has one entry a call.
    ``hold_ms``: how long the call lasts if admitted, 0 or more. ``slots``: what it takes. ``capacity``: slots of its
    place at that moment; calls already admitted stay when it shrinks. ``held``: in progress before the first start.
    For the next batch pass ``in_progress.after(its first instant)``. ValueError where the calls are out of order or
    a number is below 0.
    """
    held = held or InProgress()
    _require(place, start_ms, hold_ms, slots, held)
    order = np.argsort(held.place, kind="stable")
    admitted = np.zeros(len(place), dtype=np.bool_)
    kernel = _compiled() if len(place) >= COMPILING_PAYS_FROM else _decide
    kernel(place, start_ms, hold_ms, slots, capacity, held.place[order], held.ends_ms[order], held.slots[order],
           admitted)  # fmt: skip
    joined = (
        np.concatenate([held.place, place[admitted]]),
        np.concatenate([held.ends_ms, start_ms[admitted] + hold_ms[admitted]]),
        np.concatenate([held.slots, slots[admitted]]),
    )
    return admitted, InProgress(*joined)


def _require(place: Ints, start_ms: Ints, hold_ms: Ints, slots: Ints, held: InProgress) -> None:
    later = (place[1:] > place[:-1]) | ((place[1:] == place[:-1]) & (start_ms[1:] >= start_ms[:-1]))
    if not later.all():
        raise ValueError(f"call {int(np.argmin(later)) + 1} is out of order; sort by place and start")
    for name, values in (("hold_ms", hold_ms), ("slots", slots), ("slots in progress", held.slots)):
        if len(values) and values.min() < 0:
            raise ValueError(f"{name} {values.min()} is below 0")


def _decide(
    place: Ints, start_ms: Ints, hold_ms: Ints, slots: Ints, capacity: Ints,
    held_place: Ints, held_ends_ms: Ints, held_slots: Ints, admitted: Bools,
) -> None:  # fmt: skip
    """Fills ``admitted``, call after call; the heap holds (end, slots) of the calls of the place at hand."""
    ends, taken, carried = [(np.int64(0), np.int64(0))], np.int64(0), 0
    for call in range(len(place)):
        if call == 0 or place[call] != place[call - 1]:
            ends.clear()
            taken = np.int64(0)
            while carried < len(held_place) and held_place[carried] < place[call]:
                carried += 1
            while carried < len(held_place) and held_place[carried] == place[call]:
                heappush(ends, (held_ends_ms[carried], held_slots[carried]))
                taken += held_slots[carried]
                carried += 1
        while len(ends) > 0 and ends[0][0] <= start_ms[call]:
            taken -= heappop(ends)[1]
        if taken + slots[call] <= capacity[call]:
            admitted[call] = True
            taken += slots[call]
            heappush(ends, (start_ms[call] + hold_ms[call], slots[call]))


@cache
def _compiled() -> Kernel:
    try:
        from numba import njit  # noqa: PLC0415 - an extra, and slow to import
    except ImportError:
        return _decide
    compiled: Kernel = njit(cache=True)(_decide)
    return compiled
