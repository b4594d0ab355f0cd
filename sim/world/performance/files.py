"""Performance files: at the end of each granularity period every living element counts and hands one in.

What an element counted while it was dead or being started is not all of the period, so it says ``suspect``; so it does
in the first period of a run that begins in the middle of one. An element that is dead at the end hands in nothing.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any

import simpy

from sim.world.elements.condition import cells_at, end_of
from sim.world.elements.pm_xml import MeasInfo, write
from sim.world.load import CARRIED_OCTETS
from sim.world.network.state import Network, dead_nodes
from sim.world.people.traffic import Traffic
from sim.world.performance.cells import CellCounts
from sim.world.performance.ports import PORT_COUNTERS, Counts, Ends, counts_between, port_counts
from sim.world.performance.twamp import Counted, Sessions
from sim.world.plant import Plant
from sim.world.streams import Streams

PORT, CELL, SESSION = "IpInterface", "NRCellCU", "TwampSession"
"""Class of an object in its distinguished name; behind it the vendor's name of the port, the number of the radio (from
0), the number of the probe."""
CELL_COUNTERS = ("RRC.ConnEstabSucc.Sum", "DRB.PdcpSduVolumeDL_Filter")
"""Of TS 28.552 (5.1.1.15, 5.1.2.1.1.1): connections that were established; Mbit towards people."""
SESSION_COUNTERS = ("twampSent", "twampLost", "twampUnavailable")
"""Packets (ours; see ``twamp.Counted``)."""
OCTETS_OF_MBIT = 125_000

HandIn = Callable[[str, bytes, int], None]
"""(element, file, when its period ended): takes it on its way"""


class PerformanceFiles:
    """Waits for the ends of periods, multiples of their length since the Unix epoch (TS 32.401)."""

    def __init__(
        self, env: simpy.Environment, plant: Plant, traffic: Traffic, streams: Streams, period_ms: int, hand_in: HandIn
    ) -> None:
        """``period_ms``: of whole quarters of an hour. ValueError where the traffic counts no cells."""
        if traffic.cell_counts is None:
            raise ValueError("nobody counts what cells carry")
        self.env, self.plant, self.traffic, self.period_ms, self.hand_in = env, plant, traffic, period_ms, hand_in
        self.network, self.sessions = plant.network, Sessions(env, plant, streams)
        self.cells = CellPeriods(traffic.cell_counts)
        self.objects = {node: _objects(plant.network, node) for node in plant.network.nodes}
        self.disturbed: frozenset[str] = frozenset()
        """elements that were dead at some time of this period"""
        plant.watchers.append(self._note)
        env.process(self._periods())

    def _note(self) -> None:
        self.disturbed |= dead_nodes(self.network, self.plant.state)

    def _periods(self) -> Generator[simpy.Event, Any, None]:
        while True:
            now_ms = int(self.env.now)
            ends_ms = (now_ms // self.period_ms + 1) * self.period_ms
            yield self.env.timeout(ends_ms - now_ms)
            self._write(ends_ms, whole=ends_ms - now_ms == self.period_ms)

    def _write(self, ends_ms: int, *, whole: bool) -> None:
        begins_ms = ends_ms - self.period_ms
        self.traffic.count_until(ends_ms)
        load = self.traffic.load
        counts = counts_between(load, begins_ms, ends_ms) if load else None
        ports = port_counts(self.network.links, counts) if counts is not None else {}
        sessions, cells = self.sessions.close(begins_ms, ends_ms), self.cells.close(self.network, counts)
        dead = dead_nodes(self.network, self.plant.state)
        for node, record in self.network.nodes.items():
            if node not in dead:
                infos = self.objects[node].infos(node, ports, cells, sessions)
                suspect = not whole or node in self.disturbed
                file = write(node, record["vendor"], begins_ms, ends_ms, infos, suspect=suspect)
                self.hand_in(node, file, ends_ms)
        self.disturbed = dead


class CellPeriods:
    """What each cell carried in one period, from what it has carried since the run began."""

    def __init__(self, totals: CellCounts) -> None:
        self.totals = totals
        self.connections = dict(totals.connections)
        self.octets, self.mbit = dict(totals.octets), dict.fromkeys(totals.octets, 0)

    def close(self, network: Network, counts: Counts | None) -> Mapping[str, tuple[int, int]]:
        """Cell → its counts, in the order of ``CELL_COUNTERS``; a Mbit that is not full is counted in the next period.

        ``counts``: of the load, which knows what came through to people; None: all that they asked for.
        """
        octets = dict(self.totals.octets)
        if counts is not None:
            carried = {cell: counts.get((network.cells[cell]["node"], cell, CARRIED_OCTETS), 0) for cell in octets}
            octets = {cell: self.octets[cell] + more for cell, more in carried.items()}
        mbit = {cell: count // OCTETS_OF_MBIT for cell, count in octets.items()}
        connections = dict(self.totals.connections)
        found = {cell: (connections[cell] - self.connections[cell], mbit[cell] - self.mbit[cell]) for cell in octets}
        self.connections, self.octets, self.mbit = connections, octets, mbit
        return found


@dataclass(frozen=True)
class _Objects:
    """What one element measures: (distinguished name, what it is), of sessions also at which end of the service."""

    ports: list[tuple[str, str]]
    cells: list[tuple[str, str]]
    sessions: list[tuple[str, str, int]]

    def infos(
        self, node: str, ports: Ends, cells: Mapping[str, tuple[int, int]], sessions: Mapping[str, tuple[Counted, ...]]
    ) -> tuple[MeasInfo, ...]:
        """``ports`` is empty where no load is counted."""
        of_ports = tuple((name, ports[node, link]) for name, link in self.ports) if ports else ()
        of_cells = tuple((name, cells[cell]) for name, cell in self.cells)
        of_sessions = tuple((name, sessions[service][side]) for name, service, side in self.sessions)
        return (MeasInfo("ports", PORT_COUNTERS, of_ports), MeasInfo("cells", CELL_COUNTERS, of_cells),
                MeasInfo("sessions", SESSION_COUNTERS, of_sessions))  # fmt: skip


def _objects(network: Network, node: str) -> _Objects:
    links = network.links
    ports = [(f"{PORT}={links[link][f'{end_of(network, link, node)}_port']}", link) for link in network.links_at[node]]
    cells = [(f"{CELL}={number}", cell) for number, cell in enumerate(cells_at(network, node))]
    ends = ((service, record, (record["a"], record["z"])) for service, record in network.services.items())
    sessions = [(f"{SESSION}={record['probe']}", service, both.index(node)) for service, record, both in ends
                if node in both and record.get("probe")]  # fmt: skip
    return _Objects(ports, cells, sessions)
