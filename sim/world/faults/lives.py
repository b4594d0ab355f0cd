"""The life of a part in turns: it works, it fails, it is mended, it works again. Columns of durations, drawn by name.

The Nth failure of a target takes the Nth draw of the stream ``failure/KIND/TARGET``, its repair the Nth draw of
``mend/KIND/TARGET``: the draws are numbered by the occasion, so no other target and no other repair moves them.

Failures in common: the beta-factor model (Fleming 1975, "A reliability model for common mode failures in redundant
safety systems"). Of each target's failures a share β comes on an occasion that takes its whole group, the rest on
occasions of its own; for exponential laws the rate of failures of one target is the same whatever β.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.world.faults.laws import Stretched, draws_ms, durations_ms
from sim.world.plan import RandomFaults
from sim.world.streams import Streams

MILLI = 1_000
_AT_ONCE = 32
Column = NDArray[np.int64]


def lives_of(rule: RandomFaults) -> tuple[list[str], list[tuple[str, tuple[str, ...]]], RandomFaults, RandomFaults]:
    """(targets with lives of their own, (name, targets) of groups, the rule of the first, the rule of the second)."""
    if not rule.common_milli:
        return list(rule.targets), [], rule, rule
    groups = rule.groups or (rule.targets,)
    named = [("+".join(group), group) for group in groups]
    alone = replace(rule, between=Stretched(rule.between, MILLI / max(1, MILLI - rule.common_milli)), first=None)
    if rule.first is not None:
        alone = replace(alone, first=Stretched(rule.first, MILLI / max(1, MILLI - rule.common_milli)))
    common = replace(rule, between=Stretched(rule.between, MILLI / rule.common_milli), first=None)
    return (list(rule.targets) if rule.common_milli < MILLI else []), named, alone, common


def works_ms(rule: RandomFaults, name: str, streams: Streams, count: int) -> Column:
    """How long it works before each of its first ``count`` failures."""
    rng = streams.get(f"failure/{rule.kind}/{name}")
    found = draws_ms(rule.between, rng, count)
    if rule.first is not None and count:
        again = streams.get(f"failure/{rule.kind}/{name}")
        found[0] = durations_ms(rule.first, again.uniform(1e-12, 1, 1))[0]
    return found


def failed_ms(rule: RandomFaults, name: str, streams: Streams, count: int) -> Column:
    """How long each of its first ``count`` failures lasts; ValueError for a rule whose failures a crew mends."""
    if rule.repair is None:
        raise ValueError("when a crew comes is not known beforehand")
    return draws_ms(rule.repair, streams.get(f"mend/{rule.kind}/{name}"), count)


def outages(rule: RandomFaults, name: str, streams: Streams, count: int) -> tuple[Column, Column]:
    """(begin, end) of its first ``count`` failures, in ms after the start."""
    works, failed = works_ms(rule, name, streams, count), failed_ms(rule, name, streams, count)
    ends = np.cumsum(works + failed)
    return ends - failed, ends


def life(rule: RandomFaults, name: str, streams: Streams) -> Iterator[tuple[int, int | None]]:
    """(works for, then is down for) of each turn, without end; down for None: until a crew has mended it."""
    up, down = streams.get(f"failure/{rule.kind}/{name}"), streams.get(f"mend/{rule.kind}/{name}")
    first = True
    while True:
        shares = up.uniform(1e-12, 1, _AT_ONCE)
        works = durations_ms(rule.between, shares)
        if first and rule.first is not None:
            works[0] = durations_ms(rule.first, shares[:1])[0]
        first = False
        fails = [None] * _AT_ONCE if rule.repair is None else draws_ms(rule.repair, down, _AT_ONCE).tolist()
        yield from zip(works.tolist(), fails, strict=True)
