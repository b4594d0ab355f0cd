"""Cells that carry nothing: is that chance, or should they have?

What is to be expected of a cell is learnt from its own earlier periods: its share of what all cells carried, and what
it carried at this hour of the day on days before; the lower of the two counts, so that neither a quiet night nor a
quiet day is a fault. Connections come at random (Poisson): nothing where m are to be expected happens with e⁻ᵐ.
Estimates from n connections are taken two standard deviations low, n − 2 √n.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import sqrt

from ossbss.contract.units import DAY_MS, HOUR_MS

HOURS = DAY_MS // HOUR_MS


@dataclass(frozen=True)
class Seen:
    """One period: at which hour (UTC), connections of the cell, and of the other cells that were judged."""

    hour: int
    own: int
    others: int


@dataclass(frozen=True)
class History:
    """What is known of one cell. ``by_hour``: hour → (connections, periods). ``quiet``: its periods without any since
    the last connection, which are learnt when it carries again. ``missed``: connections to be expected in them."""

    own: int = 0
    others: int = 0
    by_hour: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    quiet: tuple[Seen, ...] = ()
    missed: float = 0.0
    quiet_ms: int | None = None
    """when the first of them began"""
    idle: bool = False


def hour_of(at_ms: int) -> int:
    return at_ms // HOUR_MS % HOURS


def expected(history: History, seen: Seen) -> float:
    """Connections to be expected in a period at least; 0 where nothing is known."""
    found = []
    if history.others:
        found.append(_cautious(history.own) * seen.others / history.others)
    if seen.hour in history.by_hour:
        own, periods = history.by_hour[seen.hour]
        found.append(_cautious(own) / periods)
    return min(found, default=0.0)


def judged(history: History, seen: Seen, begins_ms: int, enough: int) -> History:
    """The history after one more period; ``enough``: connections missed from which on the cell is idle."""
    if seen.own:
        known = history if history.idle else _learnt(history, *history.quiet)
        return replace(_learnt(known, seen), quiet=(), missed=0.0, quiet_ms=None, idle=False)
    missed = history.missed + expected(history, seen)
    since_ms = begins_ms if history.quiet_ms is None else history.quiet_ms
    idle = history.idle or missed >= enough
    return replace(history, quiet=() if idle else (*history.quiet, seen), missed=missed, quiet_ms=since_ms, idle=idle)


def _learnt(history: History, *periods: Seen) -> History:
    by_hour = dict(history.by_hour)
    for seen in periods:
        own, count = by_hour.get(seen.hour, (0, 0))
        by_hour[seen.hour] = (own + seen.own, count + 1)
    own, others = (sum(getattr(seen, name) for seen in periods) for name in ("own", "others"))
    return replace(history, own=history.own + own, others=history.others + others, by_hour=by_hour)


def _cautious(count: int) -> float:
    return max(0.0, count - 2 * sqrt(count))
