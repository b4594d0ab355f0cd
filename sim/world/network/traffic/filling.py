"""Max-min rates link by link, the fullest first: a kernel that numba compiles.

The heap holds each link under a level (rate over weight) at which it would be full. A level never falls while other
flows are settled at or below it, so an old level is a bound: it is looked at again when the link comes to the top.
"""

from collections.abc import Callable
from functools import cache
from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Kernel = Callable[[Ints, Ints, Floats, Floats, Floats, Floats], Floats]


def fill_link_by_link(
    starts: Ints, flow: Ints, share: Floats, capacity: Floats, weight: Floats, offered: Floats
) -> Floats:
    """The rate of each flow; arguments as in ``sharing.Shared``. ``flow`` and ``share`` are left in another order."""
    links = len(capacity)
    rate = offered.copy()
    settled = np.zeros(len(offered), dtype=np.bool_)
    ends, taken = starts[1:].copy(), np.zeros(links)
    heap = [(0.0, link) for link in range(links)]
    heapify(heap)
    reached = 0.0
    while len(heap) > 0:
        bound, link = heappop(heap)
        reached = max(reached, bound)
        # Settled flows leave the link's list; those that have what they asked for are settled on the way.
        growth, at = 0.0, starts[link]
        while at < ends[link]:
            who = flow[at]
            if not settled[who] and offered[who] <= reached * weight[who]:
                settled[who] = True
            if settled[who]:
                taken[link] += rate[who] * share[at]
                ends[link] -= 1
                flow[at], share[at] = flow[ends[link]], share[ends[link]]
            else:
                growth += weight[who] * share[at]
                at += 1
        if at == starts[link]:
            continue
        level = max(0.0, capacity[link] - taken[link]) / growth
        if level > reached:
            heappush(heap, (level, link))
            continue
        for at in range(starts[link], ends[link]):
            settled[flow[at]] = True
            rate[flow[at]] = weight[flow[at]] * reached
    return rate


@cache
def compiled() -> Kernel | None:
    """The kernel compiled; None where numba is not installed."""
    try:
        from numba import njit  # noqa: PLC0415 - an extra, and slow to import
    except ImportError:
        return None
    kernel: Kernel = njit(cache=True)(fill_link_by_link)
    return kernel
