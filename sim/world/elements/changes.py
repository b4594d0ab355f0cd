"""What do the elements notice when the network changes? One event for each element and thing that changed there."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sim.world.elements.events import ElementEvent, EventKind
from sim.world.network.state import FailureState, Network, dead_links, dead_nodes


def changes(
    network: Network, before: FailureState, after: FailureState, downs: Sequence[str], ups: Sequence[str], at_ms: int
) -> list[ElementEvent]:
    """Events of power, cards, ports and service probes, each at a living element (a dying one has a last gasp)."""
    found = [*_power(network, before, after, at_ms), *_cards(network, before, after, at_ms)]
    found += _ports(network, before, after, at_ms)
    dead = dead_nodes(network, after)
    kinds: tuple[tuple[EventKind, Sequence[str]], ...] = (("probe_failed", downs), ("probe_restored", ups))
    for kind, services in kinds:
        for service in services:
            record = network.services[service]
            ends = sorted({record["a"], record["z"]} - dead)
            found += [ElementEvent(kind, end, at_ms, record["probe"]) for end in ends]
    return found


def _power(network: Network, before: FailureState, after: FailureState, at_ms: int) -> Iterator[ElementEvent]:
    was, is_now = dead_nodes(network, before), dead_nodes(network, after)
    failed_itself = before.nodes | after.nodes
    for node in sorted(is_now - was - failed_itself):
        if network.nodes[node]["last_gasp"]:
            yield ElementEvent("power_lost", node, at_ms)
    for node in sorted(was - is_now):
        yield ElementEvent("power_restored", node, at_ms)


def _cards(network: Network, before: FailureState, after: FailureState, at_ms: int) -> Iterator[ElementEvent]:
    dead = dead_nodes(network, after)
    for card in sorted(before.cards ^ after.cards):
        record = network.cards[card]
        if record["node"] not in dead:
            kind: EventKind = "card_failed" if card in after.cards else "card_restored"
            yield ElementEvent(kind, record["node"], at_ms, str(record["slot"]))


def _ports(network: Network, before: FailureState, after: FailureState, at_ms: int) -> Iterator[ElementEvent]:
    """What a configuration does to routing, no port notices; a port that was shut says so itself, its peer is down."""
    was, is_now = (dead_links(network, replace(state, isolated=frozenset())) for state in (before, after))
    dead, leased = dead_nodes(network, after), before.lit ^ after.lit
    for link in sorted(was ^ is_now):
        record = network.links[link]
        for end in ("a", "z"):
            if record[end] in dead:
                continue
            told = link in leased or (link, record[end]) in before.shut | after.shut
            yield ElementEvent(_port_kind(told, link not in is_now), record[end], at_ms, record[f"{end}_port"])


def _port_kind(told: bool, up: bool) -> EventKind:
    """``told``: somebody shut or opened the port by command."""
    if told:
        return "port_opened" if up else "port_shut"
    return "port_up" if up else "port_down"
