"""Backup power of a site: a battery with age and charge, a generator and its fuel. Plain arithmetic, no clock.

The load is constant, so that stores are measured in the time for which they carry it (ms). A store moves in a
straight line between two instants: what happens next, and when, follows from what is stored now.
"""

from dataclasses import dataclass, replace
from typing import Literal

from ossbss.contract.units import HOUR_MS, MINUTE_MS

MILLI = 1_000
Threshold = Literal["battery_low", "battery_empty", "fuel_low", "fuel_empty"]


@dataclass(frozen=True)
class Supply:
    """What stands at a site. Defaults: failure_statistics.md, section 3 (4 h, 24 h: assumptions); others assumptions.

    ``age_factor_milli``: what age has left of the battery's capacity. ``charge_milli``: how full it is at the start.
    ``recharge_ms``: from empty to full. ``start_failure_milli``: chance that the generator does not start.
    ``low_milli``: a store below this part of its capacity is told to be low. No generator: ``generator`` False.
    """

    battery_ms: int = 4 * HOUR_MS
    age_factor_milli: int = MILLI
    charge_milli: int = MILLI
    recharge_ms: int = 10 * HOUR_MS
    generator: bool = False
    start_delay_ms: int = MINUTE_MS
    start_failure_milli: int = 0
    fuel_ms: int = 24 * HOUR_MS
    low_milli: int = 200

    @property
    def capacity_ms(self) -> int:
        """How long the battery carries the site when it is full, at its age."""
        return self.battery_ms * self.age_factor_milli // MILLI


@dataclass(frozen=True)
class Stores:
    """What is left at ``at_ms``, and what feeds the site since then."""

    at_ms: int
    battery_ms: float
    fuel_ms: float
    grid: bool = True
    running: bool = False
    """the generator"""

    @property
    def powered(self) -> bool:
        return self.grid or self.running or self.battery_ms > 0


def full_at_start(supply: Supply, at_ms: int) -> Stores:
    """On the grid, the battery as full as the scenario says, the tank full."""
    return Stores(at_ms, supply.capacity_ms * supply.charge_milli / MILLI, supply.fuel_ms if supply.generator else 0)


def advanced(supply: Supply, stores: Stores, now_ms: int) -> Stores:
    """The stores at a later instant, with nothing switched in between.

    Grid and generator charge the battery beside carrying the load; without them it carries the load itself.
    """
    passed_ms = now_ms - stores.at_ms
    battery = stores.battery_ms + passed_ms * _battery_rate(supply, stores)
    fuel = stores.fuel_ms - (passed_ms if stores.running else 0)
    battery = min(max(battery, 0.0), max(float(supply.capacity_ms), 0.0))
    return replace(stores, at_ms=now_ms, battery_ms=battery, fuel_ms=max(fuel, 0.0))


def _battery_rate(supply: Supply, stores: Stores) -> float:
    """Milliseconds of load that the battery gains in a millisecond."""
    if not (stores.grid or stores.running):
        return -1.0
    return supply.capacity_ms / supply.recharge_ms if supply.recharge_ms else 0.0


def next_threshold(supply: Supply, stores: Stores) -> tuple[int, Threshold] | None:
    """The next instant at which something runs low or empty, and what; None where nothing is being used up."""
    found: list[tuple[int, Threshold]] = []
    if stores.running:
        found += _falling(stores, stores.fuel_ms, supply.fuel_ms * supply.low_milli // MILLI, "fuel_low", "fuel_empty")
    elif not stores.grid:
        low_ms = supply.capacity_ms * supply.low_milli // MILLI
        found += _falling(stores, stores.battery_ms, low_ms, "battery_low", "battery_empty")
    return min(found, default=None)


def _falling(
    stores: Stores, level_ms: float, low_ms: int, low: Threshold, empty: Threshold
) -> list[tuple[int, Threshold]]:
    if level_ms <= 0:
        return []
    left = -int(-level_ms // 1)  # up to the whole millisecond: never before it is empty
    until_low = -int(-(level_ms - low_ms) // 1)
    return [(stores.at_ms + until_low, low)] * (level_ms > low_ms) + [(stores.at_ms + left, empty)]
