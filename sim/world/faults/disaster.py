"""One disaster, many failures: who stands within its radius, and what it does to each."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.world.network.geography import distance_km
from sim.world.network.state import Network
from sim.world.plan import Terms

MILLI = 1_000
Draw = Callable[[str], np.random.Generator]
"""The stream of one site or link."""


@dataclass(frozen=True)
class Struck:
    """One thing that failed: what kind of fault it is, and of what."""

    kind: str
    target: str


def struck(network: Network, centre: str, terms: Terms, draw: Draw) -> list[Struck]:
    """What a disaster at a site destroys: each site within ``radius_km`` loses its power, each duct or cable whose
    links all have an end there is cut, both with the chance ``severity_milli``, each by a draw of its own.

    What holds the management station is spared, as by every fault (FORMAT.md).
    """
    here = [site for site in sorted(network.sites) if _within(network, centre, site, terms.radius_km)]
    within = {node for node, record in network.nodes.items() if record["site"] in here}
    ducts = [group for group in sorted(network.groups) if _lies_there(network, group, within)]
    threatened = [Struck("lose_site", site) for site in here] + [Struck("cut_duct", duct) for duct in ducts]
    return [
        one
        for one in threatened
        if one.target not in network.never_fails and float(draw(one.target).random()) * MILLI < terms.severity_milli
    ]


def _within(network: Network, centre: str, site: str, radius_km: float) -> bool:
    a, b = ((network.sites[name]["lon"], network.sites[name]["lat"]) for name in (centre, site))
    return distance_km(a, b) <= radius_km


def _lies_there(network: Network, group: str, nodes: set[str]) -> bool:
    links = [link for link in network.links.values() if group in link["shared_risk_groups"]]
    return bool(links) and all(nodes.intersection((link["a"], link["z"])) for link in links)
