"""How much of each record does an allowance still cover? Records take from their owner's allowance in event order.

An integer kernel: plain Python, and compiled by numba for large batches where the extra ``fast`` is installed; the
results are equal (numba's own ``NUMBA_DISABLE_JIT=1`` turns it off).
"""

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
COMPILING_PAYS_FROM = 1_000_000
"""Records: plain Python needs for these about as long as numba needs to start."""


def draw_down(owner: Ints, wanted: Ints, allowance: Ints, used: Ints) -> tuple[Ints, Ints]:
    """(free, used after): what each record got for nothing, and what each owner has used after all of them.

    Records in event order; quantities in ms, messages or octets.
    ``owner``: record → index into ``used``. ``allowance``: of the record's price-list version, UNLIMITED at most.
    """
    free, after = np.zeros_like(wanted), used.copy()
    kernel = _compiled() if len(wanted) >= COMPILING_PAYS_FROM else _take
    kernel(owner, wanted, allowance, after, free)
    return free, after


def _take(owner: Ints, wanted: Ints, allowance: Ints, used: Ints, free: Ints) -> None:
    """Fills ``free`` and moves ``used``, record after record."""
    for record in range(len(wanted)):
        left = allowance[record] - used[owner[record]]
        taken = min(wanted[record], max(left, 0))
        free[record] = taken
        used[owner[record]] += taken


@cache
def _compiled() -> Callable[[Ints, Ints, Ints, Ints, Ints], None]:
    try:
        from numba import njit  # noqa: PLC0415 - an extra, and slow to import
    except ImportError:
        return _take
    compiled: Callable[[Ints, Ints, Ints, Ints, Ints], None] = njit(cache=True)(_take)
    return compiled
