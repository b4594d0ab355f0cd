"""Backup power of the sites, as a scenario writes it."""

from pydantic import Field

from ossbss.contract.quantities import DurationMs
from ossbss.contract.units import HOUR_MS, MINUTE_MS
from ossbss.documents import Strict
from sim.testbed.scenario_words import Milli, PositiveMs
from sim.world.network.power import Supply


class SitePowerSpec(Strict):
    """One site's backup power, where it differs from the others'."""

    battery: DurationMs | None = None
    """how long the battery carries the site when it is new and full; 0 s: there is none"""
    age_factor_milli: Milli | None = None
    """what age has left of that capacity"""
    charge_milli: Milli | None = None
    """how full it is when the run starts"""
    recharge: PositiveMs | None = None
    """from empty to full"""
    generator: bool | None = None
    """whether there is one"""
    generator_start: DurationMs | None = None
    """from the failure of the grid until it feeds the site"""
    generator_fails_milli: Milli | None = None
    """chance that it does not start"""
    fuel: PositiveMs | None = None
    """how long a full tank lasts; it is full when the run starts"""
    low_milli: Milli | None = None
    """battery and tank are told to be low below this part of what they hold"""


class PowerSpec(Strict):
    """Every site's backup power; the load is constant, so that stores are written as the time they last."""

    battery: DurationMs = 4 * HOUR_MS
    """how long the battery carries a site when it is new and full (assumption); 0 s: there is none"""
    age_factor_milli: Milli = 1000
    """what age has left of that capacity; at 800 a battery is to be replaced (IEEE 1188, IEEE 450)"""
    charge_milli: Milli = 1000
    """how full it is when the run starts"""
    recharge: PositiveMs = 10 * HOUR_MS
    """from empty to full (assumption)"""
    generator: bool = False
    """whether sites have one"""
    generator_start: DurationMs = MINUTE_MS
    """from the failure of the grid until it feeds the site (assumption)"""
    generator_fails_milli: Milli = 0
    """chance that it does not start"""
    fuel: PositiveMs = 24 * HOUR_MS
    """how long a full tank lasts (assumption); it is full when the run starts"""
    low_milli: Milli = 200
    """battery and tank are told to be low below this part of what they hold (assumption)"""
    sites: dict[str, SitePowerSpec] = Field(default_factory=dict)
    """site → what is different there"""

    def supply(self, site: str) -> Supply:
        """What stands at this site."""
        own = self.sites.get(site, SitePowerSpec())
        given = {name: value for name, value in own if value is not None}
        spec = self.model_copy(update=given)
        return Supply(
            spec.battery, spec.age_factor_milli, spec.charge_milli, spec.recharge, spec.generator,
            spec.generator_start, spec.generator_fails_milli, spec.fuel, spec.low_milli,
        )  # fmt: skip
