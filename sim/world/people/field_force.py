"""Crews: they travel, they look, they mend what is broken there, or report that nothing is."""

from dataclasses import dataclass

import numpy as np

from ossbss.contract.units import HOUR_MS
from sim.world.network.geography import distance_km


@dataclass(frozen=True)
class FieldForce:
    """How fast crews travel and mend."""

    speed_km_h: float = 60.0
    repair_median_ms: int = 4 * HOUR_MS
    """at the place, without travel (A; 12 h in all is the classic figure for terrestrial fibre)"""
    repair_sigma: float = 0.4
    look_ms: int = HOUR_MS // 2
    """how long it takes to see that nothing is wrong (A)"""


def travel_ms(force: FieldForce, a: tuple[float, float], b: tuple[float, float]) -> int:
    """Time on the road between two places (longitude, latitude in degrees), great-circle distance."""
    return round(distance_km(a, b) / force.speed_km_h * HOUR_MS)


def repair_ms(force: FieldForce, rng: np.random.Generator) -> int:
    """Lognormal time to mend; ``rng`` is the stream of this fault's occasion, whoever comes and when."""
    return round(rng.lognormal(np.log(force.repair_median_ms), force.repair_sigma))
