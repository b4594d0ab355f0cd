"""The load of the network over time: what changes routing is marked, each hour is shared out and counted at its end."""

from itertools import pairwise, takewhile

import numpy as np
import polars as pl
import simpy

from sim.world.network.traffic.backbone import Backbone, Got, TrafficPlan, Use
from sim.world.network.traffic.counters import COUNTER_SCHEMA, QUARTER_MS, REST_SCHEMA, WHAT, events, volumes
from sim.world.network.traffic.loading import PACKET_OCTETS
from sim.world.network.traffic.throughput import Floats, Ints, Throughput, asked_bps
from sim.world.people.channels import CALLS
from sim.world.plant import Plant

OUT_OCTETS, CARRIED_OCTETS = "ifHCOutOctets", "carriedOctets"
"""Of a port (IF-MIB, RFC 2863); of a cell towards its people (ours)."""
OUT_DISCARDS, IN_ERRORS = "ifOutDiscards", "ifInErrors"
"""Packets that found a port full, and that came damaged over its line (IF-MIB)."""
CALL_ATTEMPTS, CALLS_BLOCKED = "callAttempts", "callsBlocked"


class Load:
    """Throughput of every cell and counters of every port and cell, for a network whose capacities are stated."""

    def __init__(self, env: simpy.Environment, plant: Plant, plan: TrafficPlan, utc_offset_ms: int) -> None:
        self.env, self.plant = env, plant
        self.backbone = Backbone(plant.network, plan, utc_offset_ms)
        self.throughput = Throughput(self.backbone.cells, int(env.now))
        self.marks: list[tuple[int, Use]] = [(int(env.now), self._use_now())]
        """from when on who uses what"""
        self.counted: list[pl.DataFrame] = [pl.DataFrame(schema=COUNTER_SCHEMA)]
        self.closed: list[tuple[int, pl.DataFrame]] = []
        """(end of a time that was counted, what was)"""
        self.rest = {unit: pl.DataFrame(schema=REST_SCHEMA) for unit in (1, PACKET_OCTETS)}
        self.octets, self.packets = self._octets(), self._packets()
        plant.watchers.append(self._mark)

    def close(self, begins_ms: int, ends_ms: int, wishes: pl.DataFrame) -> None:
        """Share out and count the time that is over; ``wishes``: as ``cut`` gives them, going on or begun in it.

        Times end with periods, or with the hours in which wishes are drawn.
        """
        quarters = range(-(-begins_ms // QUARTER_MS) * QUARTER_MS, ends_ms, QUARTER_MS)
        inner = {at_ms for at_ms, _ in self.marks if begins_ms < at_ms < ends_ms}
        bounds = np.array(sorted({begins_ms, ends_ms, *quarters, *inner}), dtype=np.int64)
        asked = asked_bps(wishes, self.throughput.places, bounds)
        uses = [self._use_at(int(at_ms)) for at_ms in bounds[:-1]]
        got = [self.backbone.get(*each) for each in zip(uses, bounds.tolist(), asked, strict=False)]
        self.throughput.extend(bounds, np.array([one.cell_ppm for one in got]))
        octets = self._count(bounds, self.octets, [one.carried_bps for one in got], 1)
        lost = [self._lost_bps(*each) for each in zip(uses, got, strict=True)]
        packets = self._count(bounds, self.packets, lost, PACKET_OCTETS)
        self.counted += [octets, packets]
        self.closed.append((ends_ms, pl.concat([octets, packets])))
        self.marks = self.marks[-1:]

    def recent(self, from_ms: int) -> pl.DataFrame:
        """COUNTER_SCHEMA: what was counted since, in parts; calls are left out. The first part may begin before."""
        since = takewhile(lambda closed: closed[0] > from_ms, reversed(self.closed))
        return pl.concat([pl.DataFrame(schema=COUNTER_SCHEMA), *(part for _, part in since)])

    def counters(self) -> pl.DataFrame:
        """COUNTER_SCHEMA: all that was counted; the last period may still have been going on."""
        same = [*WHAT, "interval_start_ms", "interval_ms"]
        return pl.concat(self.counted).group_by(same).agg(pl.col("value").sum()).select(*COUNTER_SCHEMA)

    def count_calls(self, attempts: pl.DataFrame) -> None:
        """Attempts and blocked calls of each cell, from attempts that are over."""
        calls = attempts.filter(pl.col("class").is_in(CALLS))
        node_of = {cell: record["node"] for cell, record in self.plant.network.cells.items()}
        for counter, of in ((CALL_ATTEMPTS, calls), (CALLS_BLOCKED, calls.filter(pl.col("outcome") == "blocked"))):
            happened = of.select(
                pl.col("place_id").replace_strict(node_of, return_dtype=pl.String).alias("element_id"),
                pl.col("place_id").alias("object"), pl.lit(counter).alias("counter"),
                pl.col("started_ms").alias("at_ms"), pl.lit(1, dtype=pl.Int64).alias("count"),
            )  # fmt: skip
            self.counted.append(events(happened))

    def _use_at(self, at_ms: int) -> Use:
        found: Use = next(use for since_ms, use in reversed(self.marks) if since_ms <= at_ms)
        return found

    def _use_now(self) -> Use:
        served = {cell: self.plant.down_since(cell) is None for cell in self.backbone.cells}
        paths = {cell: self.plant.forwarding.path_of(service) for cell, service in self.plant.service_of.items()}
        return self.backbone.use(self.plant.state, {cell: paths.get(cell) if served[cell] else None for cell in served})

    def _mark(self) -> None:
        now_ms = int(self.env.now)
        self.marks = [mark for mark in self.marks if mark[0] < now_ms] + [(now_ms, self._use_now())]

    def _octets(self) -> pl.DataFrame:
        """WHAT of each arc, then of each cell, in the order of their rates."""
        return _objects(self._sent(OUT_OCTETS, CARRIED_OCTETS))

    def _packets(self) -> pl.DataFrame:
        """WHAT of packets discarded before arcs, then before cells, then of those that come damaged off an arc."""
        arcs = self.backbone.arcs
        return _objects([*self._sent(OUT_DISCARDS, OUT_DISCARDS), *self._ports(arcs.heads, IN_ERRORS)])

    def _sent(self, of_port: str, of_cell: str) -> list[tuple[str, str, str]]:
        cells = self.plant.network.cells
        radio = [(cells[cell]["node"], cell, of_cell) for cell in self.backbone.cells]
        return [*self._ports(self.backbone.arcs.tails, of_port), *radio]

    def _ports(self, ends: Ints, counter: str) -> list[tuple[str, str, str]]:
        arcs = self.backbone.arcs
        pairs = zip(ends.tolist(), arcs.link_of.tolist(), strict=True)
        return [(arcs.nodes[end], arcs.links[link], counter) for end, link in pairs]

    def _lost_bps(self, use: Use, got: Got) -> Floats:
        """In the order of ``_packets``."""
        return np.concatenate([got.discarded_bps, got.carried_bps[: len(use.spoilt)] * use.spoilt])

    def _count(self, bounds: Ints, objects: pl.DataFrame, rates: list[Floats], unit_octets: int) -> pl.DataFrame:
        """``rates``: of each stretch between bounds, bps of each object."""
        spans = [
            objects.with_columns(
                pl.lit(int(from_ms)).alias("from_ms"), pl.lit(int(until_ms)).alias("until_ms"),
                pl.Series("bps", np.rint(bps).astype(np.int64)),
            )
            for (from_ms, until_ms), bps in zip(pairwise(bounds), rates, strict=True)
        ]  # fmt: skip
        counted, rest = volumes(pl.concat(spans), unit_octets=unit_octets, carried=self.rest[unit_octets])
        self.rest[unit_octets] = rest
        return counted


def _objects(rows: list[tuple[str, str, str]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(WHAT, pl.String), orient="row")
