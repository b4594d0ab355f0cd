"""What rating must know of what was rated before."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ossbss.bss.revenue.charging.by_quantity import Used

Counted = tuple[str, str, int]
"""Line, price and month (its begin in ms) whose usage is counted together."""


@dataclass(frozen=True)
class Memory:
    """``left``: entitlement → units left, of those that were looked at; ``settled``: those to which what was left has
    been carried over; ``used`` at prices by quantity."""

    left: Mapping[str, int] = field(default_factory=dict)
    settled: frozenset[str] = frozenset()
    used: Mapping[Counted, Used] = field(default_factory=dict)


NOTHING_YET = Memory()
