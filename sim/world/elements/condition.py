"""What an element knows of itself when it is asked: nothing but what its own parts show it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sim.world.elements.dialects import radio_name
from sim.world.elements.events import ElementEvent, EventKind
from sim.world.faults.registry import Faults
from sim.world.network.state import FailureState, Network, dead_links, dead_nodes

DARK_DBM = -40.0
"""What a receiver shows that sees no light."""
LAUNCHED_DBM, FIBRE_DB_KM, AMPLIFIED_EVERY_KM, SPOILT_DB = -3.0, 0.2, 80.0, 8.0
"""Light that is sent; loss of the fibre (ITU-T G.652: at most 0.3 dB/km at 1550 nm; 0.2 is usual); a span between
amplifiers; what a fibre that loses packets takes beside (assumptions)."""
PACKETS_PER_S = 1_000
"""That a port receives (assumption, where no load is stated): what a lossy line damages is counted from them."""
IDLE_BPS = 100
"""What one attached line sends when nobody uses it (assumption)."""


@dataclass(frozen=True)
class Port:
    """One port of an element. ``rx_dbm`` None: the module cannot be read, its card is dead. ``metric`` None: no routing
    on it, a radio hangs there."""

    name: str
    description: str
    admin_up: bool
    up: bool
    rx_dbm: float | None
    input_errors: int
    input_bps: int
    metric: int | None


@dataclass(frozen=True)
class ChangeNote:
    """One change of the configuration: when by the element's clock, and by whom."""

    at_ms: int
    user: str


@dataclass(frozen=True)
class Element:
    """An element as it sees itself at one instant; ``changes`` oldest first, ``alarms`` what is wrong now."""

    hostname: str
    now_ms: int
    ports: Mapping[str, Port]
    slots: Mapping[str, bool]
    """slot → whether its card works"""
    changes: Sequence[ChangeNote]
    alarms: Sequence[ElementEvent]
    unconfirmed: bool = False
    """a change waits for its confirmation, and is taken back without"""


def ports_of(network: Network, faults: Faults, node: str, now_ms: int, lines_of: Mapping[str, int]) -> list[Port]:
    """All ports of a node: those of its links, then those of its radios. ``lines_of``: cell → lines attached to it."""
    state = faults.plant.state
    lines = [_line_port(network, state, faults, link, node, now_ms) for link in network.links_at[node]]
    return lines + [_radio_port(network, state, cell, lines_of.get(cell, 0)) for cell in cells_at(network, node)]


def cells_at(network: Network, node: str) -> list[str]:
    """The cells whose radios hang on a node, in the order of its radio ports: that of the document."""
    return [cell for cell, record in network.cells.items() if record["node"] == node]


def link_at(network: Network, node: str, port: str) -> str | None:
    """The link of a port, by its vendor's name; None where no link is."""
    at = ((link, network.links[link][f"{end_of(network, link, node)}_port"]) for link in network.links_at[node])
    return next((link for link, name in at if name == port), None)


def cell_at(network: Network, node: str, port: str) -> str | None:
    """The cell whose radio hangs on a port; None where none does."""
    vendor = network.nodes[node]["vendor"]
    return next((c for n, c in enumerate(cells_at(network, node)) if radio_name(vendor, n) == port), None)


def end_of(network: Network, link: str, node: str) -> str:
    """``a`` or ``z``."""
    return "a" if network.links[link]["a"] == node else "z"


def card_works(network: Network, state: FailureState, link: str, node: str) -> bool:
    """A card that is being started anew works no more than a broken one."""
    return network.links[link][f"{end_of(network, link, node)}_card"] not in state.cards | state.restarting


_SITE_ALARMS = ("mains_failed", "battery_low", "generator_failed", "fuel_low")


def alarms(
    element: str, ports: Iterable[Port], slots: Mapping[str, bool], failing_probes: Iterable[str],
    remembered: Sequence[ElementEvent], now_ms: int,
) -> list[ElementEvent]:  # fmt: skip
    """What is wrong now, with the time at which the element noticed it; what was so when it started, since then."""
    noticed_ms = {(event.kind, event.name): event.at_ms for event in remembered}
    started_ms = noticed_ms.get(("power_restored", ""), now_ms)
    wrong: list[tuple[EventKind, str]] = [("port_down", port.name) for port in ports if port.admin_up and not port.up]
    wrong += [("card_failed", slot) for slot, works in slots.items() if not works]
    wrong += [("probe_failed", probe) for probe in failing_probes]
    found = [ElementEvent(kind, element, noticed_ms.get((kind, name), started_ms), name) for kind, name in wrong]
    return found + [event for event in remembered if event.kind in _SITE_ALARMS]


def _line_port(network: Network, state: FailureState, faults: Faults, link: str, node: str, now_ms: int) -> Port:
    record, admin_up = network.links[link], (link, node) not in state.shut
    rx_dbm = _received_dbm(network, state, link, node) if card_works(network, state, link, node) else None
    return Port(
        name=record[f"{end_of(network, link, node)}_port"], description=link, admin_up=admin_up,
        up=admin_up and rx_dbm is not None and rx_dbm > DARK_DBM, rx_dbm=rx_dbm,
        input_errors=_damaged(faults, link, now_ms), input_bps=0 if rx_dbm in (None, DARK_DBM) else IDLE_BPS,
        metric=dict(state.metrics).get(link, int(record["igp_metric"])),
    )  # fmt: skip


def _received_dbm(network: Network, state: FailureState, link: str, node: str) -> float:
    """Light comes where the far port sends it and the fibre carries it, whatever is configured at this end."""
    as_if_open = replace(state, shut=state.shut - {(link, node)}, isolated=frozenset())
    if link in dead_links(network, as_if_open):
        return DARK_DBM
    span_km = min(float(network.links[link].get("length_km") or 0.0), AMPLIFIED_EVERY_KM)
    spoilt = SPOILT_DB if any(lossy == link for lossy, _ in state.lossy) else 0.0
    return round(LAUNCHED_DBM - FIBRE_DB_KM * span_km - spoilt, 1)


def _damaged(faults: Faults, link: str, now_ms: int) -> int:
    """Packets that have come damaged over a link up to now."""
    found = 0
    for fault_id, (fault, begun_ms) in faults.begun.items():
        if fault.kind == "degrade_link" and fault.target == link:
            ended_ms = faults.ended_ms.get(fault_id, now_ms)
            found += (ended_ms - begun_ms) * PACKETS_PER_S * fault.terms.loss_milli // 1_000_000
    return found


def _radio_port(network: Network, state: FailureState, cell: str, lines: int) -> Port:
    """A radio's port is up while the radio has power; what comes in tells whether it has anybody to serve."""
    record: dict[str, Any] = network.cells[cell]
    number = cells_at(network, record["node"]).index(cell)
    alive = record["node"] not in dead_nodes(network, state)
    asleep = cell in state.sleeping
    return Port(
        name=radio_name(network.nodes[record["node"]]["vendor"], number), description=cell, admin_up=True, up=alive,
        rx_dbm=None, input_errors=0, input_bps=0 if asleep else lines * IDLE_BPS, metric=None,
    )  # fmt: skip
