"""The split of one destination after the other, compiled by numba where the extra ``fast`` is installed.

It adds in the same order as ``ecmp.spread`` does for all destinations at once: by falling distance of the arc's tail,
then by arc. So the bits are the same with and without numba (its own ``NUMBA_DISABLE_JIT=1`` turns it off).
"""

from collections.abc import Callable
from functools import cache

import numpy as np

from sim.world.network.routing.arcs import Floats, Ints

COMPILING_PAYS_FROM = 5_000_000
"""Destinations times arcs: NumPy needs for these about as long as numba needs to start."""

Kernel = Callable[[Ints, Ints, Ints, Ints, Floats, Floats], None]


def spread_each(tails: Ints, heads: Ints, dist: Ints, lengths: Ints, starting: Floats, loads: Floats) -> None:
    """Fills ``loads`` (row, arc) from ``starting`` (row, node), which it changes; see ``ecmp.spread``."""
    on = np.empty(len(tails), dtype=np.int64)
    nearness = np.empty(len(tails), dtype=np.int64)
    for row in range(len(dist)):
        next_hops = np.zeros(dist.shape[1], dtype=np.int64)
        used = 0
        for arc in range(len(tails)):
            if dist[row, tails[arc]] == dist[row, heads[arc]] + lengths[row, arc]:
                next_hops[tails[arc]] += 1
                on[used], nearness[used] = arc, -dist[row, tails[arc]]
                used += 1
        for place in np.argsort(nearness[:used], kind="mergesort"):
            arc = on[place]
            share = starting[row, tails[arc]] / next_hops[tails[arc]]
            loads[row, arc] = share
            starting[row, heads[arc]] += share


@cache
def compiled_spread() -> Kernel | None:
    """The compiled kernel; None where numba is not installed or is turned off: then NumPy is quicker than Python."""
    try:
        from numba import njit  # noqa: PLC0415 - an extra, and slow to import
    except ImportError:
        return None
    kernel: Kernel = njit(cache=True)(spread_each)
    return kernel if kernel is not spread_each else None
