"""What of a network can fail in which way."""

from typing import get_args

from ossbss.documents import listing, nearest
from sim.testbed.fault_schema import EVENTS, FaultKind
from sim.world.network.state import Network

_SPARES_THE_STATION = ("disaster", "steal_fuel", "refuel")


def targets_of(network: Network, do: str) -> list[str]:
    """What of the network this can happen to."""
    kinds = {group: record["kind"] for group, record in network.groups.items()}
    power = [group for group, kind in kinds.items() if kind == "power"]
    ducts = [group for group in kinds if group not in power]
    dormant = [link for link, record in network.links.items() if record.get("dormant")]
    by_kind = {
        **{kind: list(network.links) for kind in ("cut_link", "flap_link", "degrade_link")},
        "cut_duct": ducts,
        "cut_cable": [group for group, kind in kinds.items() if kind == "cable"],
        "fail_node": list(network.nodes),
        "fail_card": list(network.cards),
        "cut_power": [*network.sites, *power],
        "sleep_cell": list(network.cells),
        "fail_manager": list(network.document["element_managers"]),
        "bad_change": [*network.nodes, *network.links, *network.cards],
        "planned_work": [*network.links, *ducts, *network.nodes, *network.cards, *network.sites],
        **{kind: list(network.sites) for kind in _SPARES_THE_STATION},
        **dict.fromkeys(("buy_capacity", "release_capacity"), dormant),
    }
    return by_kind[do]


def vulnerable(network: Network, do: FaultKind) -> tuple[str, ...]:
    """The same, but what holds the management station, which never fails."""
    return tuple(target for target in targets_of(network, do) if target not in network.never_fails)


def target_problem(network: Network, do: str, target: str) -> tuple[str, str]:
    """What is wrong with the target of an event, and the mend; two empty texts when nothing is."""
    allowed = targets_of(network, do)
    if target not in allowed:
        other = next((kind for kind in get_args(FaultKind) if target in targets_of(network, kind)), None)
        known = f"; they are {listing(allowed, target)}" if other is None else ""
        mend = f"did you mean do: {other}?" if other else nearest(target, allowed)
        return f"{do} needs one of the network's {EVENTS[do].of}; it has no {target!r}{known}", mend
    if target in network.never_fails and do not in _SPARES_THE_STATION:
        return f"{target!r} holds the management station, which never fails; name another", ""
    return "", ""
