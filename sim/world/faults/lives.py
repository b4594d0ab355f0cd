"""The life of a part in turns: it works, it fails, it is mended, it works again. Columns of durations, drawn by name.

The Nth failure of a target takes the Nth draw of the stream ``failure/KIND/TARGET``, its repair the Nth draw of
``mend/KIND/TARGET``: the draws are numbered by the occasion, so no other target and no other repair moves them.

Failures in common: the beta-factor model (Fleming 1975, "A reliability model for common mode failures in redundant
safety systems"). Of each target's failures a share β comes on an occasion that takes its whole group, the rest on
occasions of its own; for exponential laws the rate of failures of one target is the same whatever β.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import numpy as np
from numpy.typing import NDArray

from sim.world.faults.laws import LEAST, Stretched, draws_ms, durations_ms
from sim.world.plan import RandomFaults
from sim.world.streams import Streams

MILLI = 1_000
_AT_ONCE = 32
Column = NDArray[np.int64]


def alone(rule: RandomFaults, target: str) -> RandomFaults | None:
    """The rule of what a target has not in common with others; None where it has everything in common."""
    if not rule.common_milli or (rule.groups and not any(target in group for group in rule.groups)):
        return rule
    if rule.common_milli == MILLI:
        return None
    factor = MILLI / (MILLI - rule.common_milli)
    first = None if rule.first is None else Stretched(rule.first, factor)
    return replace(rule, between=Stretched(rule.between, factor), first=first)


def in_common(rule: RandomFaults) -> tuple[RandomFaults, tuple[tuple[str, ...], ...]]:
    """(the rule of the common occasions, the groups that they take); no groups where nothing is in common."""
    if not rule.common_milli:
        return rule, ()
    rarer = Stretched(rule.between, MILLI / rule.common_milli)
    return replace(rule, between=rarer, first=None), rule.groups or (rule.targets,)


def works_ms(rule: RandomFaults, name: str, streams: Streams, failures: int) -> Column:
    """How long it works before each of its first failures, so many as are asked for."""
    return _works(rule, streams.get(f"failure/{rule.kind}/{name}"), failures, at_first=True)


def _works(rule: RandomFaults, rng: np.random.Generator, draws: int, at_first: bool) -> Column:
    """The next ``draws`` draws; the very first may be what is left of a life that began before the run."""
    shares = rng.uniform(LEAST, 1, draws)
    found = durations_ms(rule.between, shares)
    if at_first and rule.first is not None:
        found[:1] = durations_ms(rule.first, shares[:1])
    return found


def failed_ms(rule: RandomFaults, name: str, streams: Streams, failures: int) -> Column:
    """How long each of its first failures lasts; ValueError for a rule whose failures a crew mends."""
    if rule.repair is None:
        raise ValueError("when a crew comes is not known beforehand")
    return draws_ms(rule.repair, streams.get(f"mend/{rule.kind}/{name}"), failures)


def outages(rule: RandomFaults, name: str, streams: Streams, failures: int) -> tuple[Column, Column]:
    """(begin, end) of its first failures, so many as are asked for, in ms after the start."""
    works, failed = works_ms(rule, name, streams, failures), failed_ms(rule, name, streams, failures)
    ends = np.cumsum(works + failed)
    return ends - failed, ends


def life(rule: RandomFaults, name: str, streams: Streams) -> Iterator[tuple[int, int | None]]:
    """(works for, then is down for) of each turn, without end; down for None: until a crew has mended it."""
    up, down = streams.get(f"failure/{rule.kind}/{name}"), streams.get(f"mend/{rule.kind}/{name}")
    for block in count(0):
        works = _works(rule, up, _AT_ONCE, at_first=block == 0)
        fails = [None] * _AT_ONCE if rule.repair is None else draws_ms(rule.repair, down, _AT_ONCE).tolist()
        yield from zip(works.tolist(), fails, strict=True)
