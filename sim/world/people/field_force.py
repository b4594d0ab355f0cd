"""The field force as it really is: crews, ships and partners, and how long they take. Plain data, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from ossbss.contract.hours import Hours
from ossbss.contract.units import HOUR_MS
from sim.world.faults.laws import Law, Lognormal, draw_ms
from sim.world.network.geography import distance_km
from sim.world.network.state import Network

Place = tuple[float, float]
"""longitude and latitude in degrees"""
Skill = Literal["fibre", "ip", "power", "radio", "submarine"]
Part = Literal["card", "node", "fibre_spool", "battery"]
RESUPPLY = Lognormal(72 * HOUR_MS, 0.5)
"""(assumption)"""
KM_H_PER_KNOT = 1.852
"""A knot is a nautical mile (1852 m, exactly) an hour."""


@dataclass(frozen=True)
class Ship:
    """A cable ship: loads in its port, sails, waits for a window in the weather, and mends."""

    speed_knots: float = 12.0
    loading_ms: int = 48 * HOUR_MS
    weather: Law | None = None
    """how long the ship waits at the fault for weather in which it can work; None: no time"""


@dataclass(frozen=True)
class CrewPlan:
    """One crew. ``skills`` empty: everything on land; of a ship: submarine cables."""

    base_site: str
    skills: frozenset[str] = frozenset()
    shift: Hours | None = None
    """None: around the clock"""
    on_call_ms: int | None = None
    """outside the shift they set out so long after they are called; None: when the shift begins"""
    overtime: bool = True
    """a job that has begun goes on when the shift is over; otherwise it rests until the next"""
    ship: Ship | None = None
    spares: Mapping[Part, int] = field(default_factory=dict)
    """part → how many are in the van"""

    def masters(self, skill: str | None) -> bool:
        """Whether this crew can mend what needs that skill (None: nothing special)."""
        if self.ship or skill == "submarine":
            return bool(self.ship) and skill == "submarine"
        return not self.skills or skill is None or skill in self.skills


@dataclass(frozen=True)
class Access:
    """Who may enter a site: at which hours, and how long the key takes to come."""

    hours: Hours | None = None
    delay_ms: int = 0


@dataclass(frozen=True)
class Partner:
    """A third party that mends what it owns, by its own clock. Laws of the time from the opening of the ticket.

    ``hours``: the clock runs then only; None: always.
    """

    acknowledges: Law
    repairs: Law
    hours: Hours | None = None


@dataclass(frozen=True)
class FieldForce:
    """How all crews travel and mend."""

    speed_km_h: float = 60.0
    repair_median_ms: int = 4 * HOUR_MS
    """at the place, without travel (A; 12 h in all is the classic figure for terrestrial fibre)"""
    repair_sigma: float = 0.4
    look_ms: int = HOUR_MS // 2
    """how long it takes to see that nothing is wrong (A)"""
    repair: Law | None = None
    """in place of the lognormal of ``repair_median_ms`` and ``repair_sigma``"""
    road_factor: float = 1.0
    """the road's length by the great circle's"""
    mobilisation_ms: int = 0
    no_travel: Hours | None = None
    """when nobody drives, for safety"""
    access: Mapping[str, Access] = field(default_factory=dict)
    """site → who may enter; others are always open"""
    depots: Mapping[str, Mapping[Part, int]] | None = None
    """site → part → how many lie there; None: parts are never short"""
    resupply: Law = RESUPPLY
    """how long a part takes to come where no depot and no van has one (A)"""


def travel_ms(force: FieldForce, a: Place, b: Place) -> int:
    """Time on the road between two places."""
    return round(distance_km(a, b) * force.road_factor / force.speed_km_h * HOUR_MS)


def sailing_ms(ship: Ship, a: Place, b: Place) -> int:
    """Time at sea between two places, along the great circle."""
    return round(distance_km(a, b) / (ship.speed_knots * KM_H_PER_KNOT) * HOUR_MS)


def repair_ms(force: FieldForce, rng: np.random.Generator) -> int:
    """Time to mend; ``rng`` is the stream of this fault's occasion, whoever comes and when."""
    if force.repair is not None:
        return draw_ms(force.repair, rng)
    return round(rng.lognormal(np.log(force.repair_median_ms), force.repair_sigma))


def owner_of(network: Network, resource: str) -> str | None:
    """The third party that owns a site, node, card, link, duct or cable; None: it is our own."""
    for records in (network.sites, network.links, network.groups, network.nodes, network.cards):
        if resource in records:
            owner = records[resource].get("owner")
            return str(owner) if owner is not None else None
    return None


def skill_for(network: Network, resource: str) -> Skill | None:
    """What mending this takes; None: nothing special."""
    if resource in network.links:
        return "fibre"
    if resource in network.groups:
        by_kind: dict[str, Skill] = {"duct": "fibre", "cable": "submarine", "power": "power"}
        return by_kind.get(network.groups[resource]["kind"])
    if resource in network.cards or resource in network.nodes:
        return "ip"
    if resource in network.sites:
        return "power"
    return "radio" if resource in network.cells else None


def part_for(network: Network, resource: str) -> Part | None:
    """What mending this uses up; a ship loads its cable in port, so a submarine cable takes none of these."""
    if resource in network.cards:
        return "card"
    if resource in network.nodes:
        return "node"
    by_skill: dict[Skill | None, Part] = {"fibre": "fibre_spool", "power": "battery"}
    return by_skill.get(skill_for(network, resource))
