"""Which services were truly at risk, and when? Every single failure is tried out on the world's own network."""

import json
from collections.abc import Iterable
from itertools import pairwise

import polars as pl
from scipy.sparse.csgraph import connected_components

from sim.testbed.view import RunView
from sim.world.network.state import FailureState, Network, core_nodes, dead_links, dead_nodes
from sim.world.truth import OUT_OF_WORK

Spans = dict[str, list[tuple[int, int]]]
"""service → disjoint half-open times (from_ms, until_ms), in order"""


class TrueRedundancy:
    """Services at risk in a state of the network: those that one more failure would take down, which on the whole
    network would not. What may fail: a link, card, duct or cable, node, site or power area."""

    def __init__(self, network: Network) -> None:
        self.network = network
        kinds = (network.links, network.cards, network.groups, network.nodes, network.sites)
        self.resources = [(network.kind_of(name), name) for records in kinds for name in records]
        self._alone: dict[str, frozenset[str]] = {}

    def at_risk(self, state: FailureState) -> frozenset[str]:
        """Ids of services."""
        served, found = self.served(state), set[str]()
        for kind, name in self.resources:
            lost = served - self.served(state.failed(kind, name)) - found
            if lost:
                if name not in self._alone:
                    self._alone[name] = self.served(FailureState().failed(kind, name))
                found |= lost & self._alone[name]
        return frozenset(found)

    def served(self, state: FailureState) -> frozenset[str]:
        """Services with a way, when routing has converged."""
        network, number = self.network, self.network.arcs.node_no
        dark, dead = dead_links(network, state), dead_nodes(network, state)
        rows, _ = network.arcs.rows([network.arcs.link_no[link] for link in dark], {})
        part = connected_components(rows, directed=False)[1].tolist()
        found = []
        for service, record in network.services.items():
            here = str(record["a"])
            if record["protection"] == "restoration":
                cores = [core for core in core_nodes(record) if core not in dead]
                works = any(part[number[core]] == part[number[here]] for core in cores)
            else:
                paths = [record["path"], *([record["backup_path"]] if record["protection"] == "1+1" else [])]
                works = record["z"] not in dead and any(dark.isdisjoint(path) for path in paths)
            if works and here not in dead:
                found.append(service)
        return frozenset(found)


def states(view: RunView) -> list[tuple[int, int, FailureState]]:
    """(from_ms, until_ms, what was out of work) by the truth, in order, without times in which nothing was."""
    turns: dict[int, list[tuple[bool, str, object]]] = {}
    for at_ms, until_ms, body in view.truth(OUT_OF_WORK).select("at_ms", "until_ms", "body").iter_rows():
        told = json.loads(body)
        value = tuple(told["value"]) if isinstance(told["value"], list) else told["value"]
        turns.setdefault(at_ms, []).append((True, told["of"], value))
        if until_ms is not None:
            turns.setdefault(until_ms, []).append((False, told["of"], value))
    found, state, times = [], FailureState(), [*sorted(turns), view.ends_ms]
    for at_ms, until_ms in pairwise(times):
        for begins, kind, value in sorted(turns[at_ms], key=lambda turn: turn[0]):  # ends before beginnings
            state = (state.failed if begins else state.repaired)(kind, value)  # type: ignore[arg-type]
        if state != FailureState() and until_ms > at_ms:
            found.append((at_ms, until_ms, state))
    return found


def truly_at_risk(view: RunView) -> Spans:
    """Service → when it was at risk."""
    model, known = TrueRedundancy(Network(view.network)), dict[FailureState, frozenset[str]]()
    found: dict[str, list[tuple[int, int]]] = {}
    for at_ms, until_ms, state in states(view):
        if state not in known:
            known[state] = model.at_risk(state)
        for service in known[state]:
            found.setdefault(service, []).append((at_ms, until_ms))
    return {service: merged(spans) for service, spans in found.items()}


def believed_at_risk(view: RunView) -> Spans:
    """Service → when some incident's impact named it at risk."""
    told = view.tables["journal"].filter(pl.col("kind") == "impact.assessed").select("at_ms", "subject", "body")
    found: dict[str, list[tuple[int, int]]] = {}
    for (_,), of in told.group_by(["subject"], maintain_order=True):
        times = [*of["at_ms"].to_list(), view.ends_ms]
        for at_ms, until_ms, body in zip(times, times[1:], of["body"], strict=False):
            for service in json.loads(body)["at_risk"]:
                found.setdefault(service, []).append((at_ms, until_ms))
    return {service: merged(spans) for service, spans in found.items()}


def merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same time without overlap, in order; empty spans are left out."""
    found: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif end > begin:
            found.append((begin, end))
    return found


def total_ms(spans: Spans) -> int:
    """Service-milliseconds."""
    return sum(end - begin for of in spans.values() for begin, end in of)


def overlap(one: Spans, other: Spans) -> tuple[int, int]:
    """Service-milliseconds in both, and in either."""
    both = {service: merged([*one.get(service, ()), *other.get(service, ())]) for service in one.keys() | other.keys()}
    return total_ms(one) + total_ms(other) - total_ms(both), total_ms(both)
