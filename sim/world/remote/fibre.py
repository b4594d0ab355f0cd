"""Where a fibre is broken, and what a reflectometer at one end of it sees of that (OTDR, IEC 61746-1)."""

from collections.abc import Iterable
from dataclasses import dataclass

from ossbss.contract.assurance import FibreEvent
from sim.world.faults.registry import Faults
from sim.world.network.state import Network
from sim.world.plan import Fault
from sim.world.streams import Streams

LIGHT_KM_S, GROUP_INDEX = 299_792.458, 1.468
"""Speed of light; group index of a standard fibre at 1550 nm (ITU-T G.652 gives none; data sheets say 1.4682)."""
REACH_KM = 200.0
"""Further than this the pulse comes back too weak: 45 dB of dynamic range, 0.2 dB/km, and a margin (assumption)."""
OFFSET_KM, SCALE = 0.001, 1e-4
"""An instrument's error: 1 m and 10⁻⁴ of the distance (Agilent E6000C Mini-OTDR, User's Guide E0302)."""
_PULSES = ((10.0, 100), (40.0, 300), (80.0, 1_000), (160.0, 10_000), (REACH_KM, 20_000))
"""(fibres up to so many km, are looked at with pulses of so many ns): longer reach costs resolution (assumption)."""
_BREAKS: frozenset[str] = frozenset(("cut_link", "cut_duct", "cut_cable", "flap_link", "planned_work"))


@dataclass(frozen=True)
class Event:
    """What the trace shows: where it really is, in km from the end at which the instrument stands."""

    kind: FibreEvent
    at_km: float


def resolution_km(fibre_km: float, at_km: float) -> float:
    """Within what the distance that is told is right: half the pulse's length in the fibre (c·W/2n), offset, scale.

    >>> round(resolution_km(15.7, 10.0), 4)
    0.0326
    """
    pulse_ns = next((ns for up_to_km, ns in _PULSES if fibre_km <= up_to_km), _PULSES[-1][1])
    return LIGHT_KM_S * pulse_ns * 1e-9 / (2 * GROUP_INDEX) + OFFSET_KM + SCALE * at_km


def told_km(at_km: float, resolution: float) -> float:
    """The distance that the instrument tells: it knows no finer steps than its resolution."""
    return round(round(at_km / resolution) * resolution, 4)


def first_event(network: Network, faults: Faults, link: str, node: str, streams: Streams) -> Event | None:
    """The nearest thing that stops the light or takes some of it; behind a break nothing is seen."""
    seen = []
    for fault in _of_the_fibre(network, faults, link):
        place_km = from_first_end_km(network, fault, faults.occasion[fault.fault_id], link, streams)
        if place_km is not None:
            kind: FibreEvent = "loss" if fault.kind == "degrade_link" else "break"
            seen.append(Event(kind, _from_end(network, link, node, place_km)))
    return min(seen, key=lambda event: event.at_km, default=None)


def _of_the_fibre(network: Network, faults: Faults, link: str) -> Iterable[Fault]:
    """Faults of the link itself or of a duct or cable in which it lies, as far as they hold it now."""
    lies_in = {link, *network.links[link]["shared_risk_groups"]}
    for fault in faults.active.values():
        holds_now = any(item[0] in ("links", "groups", "lossy") for item in faults.holding.get(fault.fault_id, ()))
        if fault.target in lies_in and holds_now and (fault.kind in _BREAKS or fault.kind == "degrade_link"):
            yield fault


def _from_end(network: Network, link: str, node: str, position_km: float) -> float:
    record = network.links[link]
    return position_km if record["a"] == node else float(record["length_km"]) - position_km


def from_first_end_km(network: Network, fault: Fault, occasion: int, link: str, streams: Streams) -> float | None:
    """Where a fault lies along one of the links it is on, from the link's end ``a``; None where no length is known.

    Every place is alike likely (assumption). The links of a duct run side by side from the node that they have in
    common, for as long as the shortest of them is: the place is equally far from that node on all of them. Without a
    common node each is struck at the same share of its length (assumption). Stream: ``place/TARGET/N``.
    """
    length_km = network.links[link].get("length_km")
    if not length_km:
        return None
    share = float(streams.get(f"place/{fault.target}/{occasion}").random())
    together = _in_duct(network, fault.target)
    anchor = _common_node(network, together)
    if len(together) < 2 or anchor is None:
        return share * float(length_km)
    lengths = (float(network.links[one].get("length_km") or length_km) for one in together)
    from_anchor_km = share * min(lengths)
    return from_anchor_km if network.links[link]["a"] == anchor else float(length_km) - from_anchor_km


def _in_duct(network: Network, target: str) -> list[str]:
    return sorted(network.links_on.get(target, ())) if target in network.groups else []


def _common_node(network: Network, links: Iterable[str]) -> str | None:
    ends = [{network.links[link]["a"], network.links[link]["z"]} for link in links]
    return min(set.intersection(*ends), default=None) if ends else None
