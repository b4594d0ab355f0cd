"""People's days, hour by hour: intents drawn at the start of the hour, cut at its end, records put into files."""

from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Any

import polars as pl
import simpy

from ossbss.contract.charging import USAGE_SCHEMA, UsageFile
from ossbss.contract.ports import Message, OnlineCharging
from ossbss.contract.units import HOUR_MS
from sim.world.load import Load
from sim.world.network.management import reachable
from sim.world.network.traffic.backbone import is_limited
from sim.world.network.traffic.counters import COUNTER_SCHEMA
from sim.world.people.callers import Callers
from sim.world.people.channels import blocked
from sim.world.people.credit.credit import Credit
from sim.world.people.credit.door import LOG_SCHEMA
from sim.world.people.credit.people import Hour
from sim.world.people.credit.reach import reach_in, shut_out
from sim.world.people.intents import INTENTS_SCHEMA, draw_hour
from sim.world.people.usage import attempts, cut
from sim.world.people.usage_files import records, spoil
from sim.world.performance.cells import CellCounts
from sim.world.plan import WorldPlan
from sim.world.plant import Plant
from sim.world.streams import Streams


class Traffic:
    """Draws, cuts and files usage."""

    def __init__(
        self,
        env: simpy.Environment,
        plan: WorldPlan,
        lines: pl.DataFrame,
        plant: Plant,
        streams: Streams,
        post: Callable[[Message], None],
        charging: OnlineCharging | None = None,
    ) -> None:
        """``lines``: subscriber_id, place_id, payment, octets_per_day; ``charging``: asked for the prepaid ones; None,
        or no prepaid habits in the plan: nobody is prepaid."""
        self.env, self.plan, self.plant, self.streams, self.post = env, plan, plant, streams, post
        self.places = {str(place[0]): of for place, of in lines.group_by("place_id", maintain_order=True)}
        self.core_of = {cell: record["core_node"] for cell, record in plant.network.cells.items()}
        """cell → the core node that carries it, as things stood at the end of the last hour in which it was served"""
        self.unfinished = self.everything = pl.DataFrame(schema=INTENTS_SCHEMA)
        """going on since before this hour; these and what begins in it"""
        self.attempts: list[pl.DataFrame] = []
        backups = (core for record in plant.network.cells.values() for core in record.get("backup_core_node", ()))
        self.sequence = dict.fromkeys(sorted({*self.core_of.values(), *backups}), 0)
        self.waiting: dict[str, list[UsageFile]] = {core: [] for core in self.sequence}
        kinds = {event.kind for event in plan.script} | {rule.kind for rule in plan.random_faults}
        limited = "degrade_link" in kinds or is_limited(plant.network)
        self.load = Load(env, plant, plan.traffic, plan.utc_offset_ms) if limited else None
        """None: links and cells carry whatever is asked of them"""
        self.cell_counts = CellCounts(plant.network.cells) if plan.performance_period_ms is not None else None
        self.counted_ms = plan.starts_ms
        self.has_channels = any("voice_channels" in cell for cell in plant.network.cells.values())
        self.credit = self._credit_at(charging) if charging and plan.prepaid else None
        self.callers = Callers(env, plant, plan.callers_milli, post)
        env.process(self._hours())

    def _credit_at(self, charging: OnlineCharging) -> Credit:
        assert self.plan.prepaid is not None
        reach = reach_in(self.plant, self.plan.charging)
        return Credit(self.places, self.plan.prepaid, self.streams, charging, reach)

    def table(self) -> pl.DataFrame:
        """What became of every attempt by the end, in order of intent; those still going on are in progress."""
        last = self._attempts(self._cut(self.unfinished, self.plan.ends_ms), self.plan.ends_ms)
        return pl.concat([*self.attempts, last]).sort("intent_id")

    def charging_log(self) -> pl.DataFrame:
        """What charging was asked and answered, top-ups and all (LOG_SCHEMA), in the order of asking."""
        return self.credit.door.log() if self.credit else pl.DataFrame(schema=LOG_SCHEMA)

    def counters(self) -> pl.DataFrame:
        """What ports and cells counted (COUNTER_SCHEMA); nothing where no capacity is stated."""
        return self.load.counters() if self.load else pl.DataFrame(schema=COUNTER_SCHEMA)

    def count_until(self, now_ms: int) -> None:
        """Count what was carried up to now, within the hour that goes on or to its end."""
        self._count(self._cut(self.everything.filter(pl.col("started_ms") < now_ms), now_ms), now_ms)

    def _count(self, wishes: pl.DataFrame, now_ms: int) -> None:
        if now_ms == self.counted_ms:
            return
        if self.load:
            self.load.close(self.counted_ms, now_ms, wishes)
        if self.cell_counts:
            self.cell_counts.add(wishes, self.counted_ms, now_ms)
        self.counted_ms = now_ms

    def _hours(self) -> Generator[simpy.Event, Any, None]:
        if self.credit:
            self.credit.open(self.plan.starts_ms)
        for number in range(-(-(self.plan.ends_ms - self.plan.starts_ms) // HOUR_MS)):
            hour = Hour.of(number, self.plan.starts_ms + number * HOUR_MS, self.plan.utc_offset_ms)
            intents = draw_hour(
                self.places, self.plan.habits, number, hour.begins_ms, hour.local_hour, self.streams
            ).filter(pl.col("started_ms") < self.plan.ends_ms)  # fmt: skip
            self.callers.expect(intents)
            self.everything = pl.concat([self.unfinished, intents])
            ends_ms = min(hour.begins_ms + HOUR_MS, self.plan.ends_ms)
            yield self.env.timeout(ends_ms - int(self.env.now))
            self._close_hour(hour, ends_ms)

    def _close_hour(self, hour: Hour, now_ms: int) -> None:
        """First the network, by itself: it carries, blocks and drops the same whoever has credit. Then charging.

        So within one hour what is refused for want of credit takes channels and loads cells as if it were served.
        """
        everything = self.everything
        cut_now = self._cut(everything, now_ms)
        if self.has_channels:
            cut_now = blocked(cut_now, hour.begins_ms, self.plant.network.cells)
        self._count(cut_now, now_ms)
        found = self._attempts(cut_now, now_ms)
        if self.credit:
            found = self.credit.charge(found, hour, now_ms)
        goes_on = pl.col("outcome") == "in_progress"
        self.unfinished = everything.join(found.filter(goes_on).select("intent_id"), on="intent_id", how="semi")
        done = found.filter(~goes_on)
        if self.load:
            self.load.count_calls(done)
        self.attempts.append(done)
        self._file(done, everything, now_ms)

    def _cut(self, intents: pl.DataFrame, until_ms: int) -> pl.DataFrame:
        found = cut(intents, self.plant.outages, until_ms)
        return shut_out(found, self.credit.people.lines, self.plant, self.plan.charging) if self.credit else found

    def _attempts(self, wishes: pl.DataFrame, until_ms: int) -> pl.DataFrame:
        found = attempts(wishes, until_ms)
        return self.load.throughput.throttled(found, until_ms) if self.load else found

    # -- usage files -----------------------------------------------------------------------------------

    def _file(self, done: pl.DataFrame, intents: pl.DataFrame, now_ms: int) -> None:
        self.core_of |= self.plant.moved_cells()
        for core in self.sequence:
            usage = records(done, self.core_of, core, f"{core}/{now_ms}", self.sequence[core])
            self.sequence[core] += usage.height
            spoilt = spoil(usage, intents, self.plan.records_corrupted_milli)
            file = self._usage_file(core, f"{core}/{now_ms}", spoilt)
            copies = [file, replace(file, message_id=f"{file.message_id}/again")]
            doubled = self.streams.get(f"usage-file/doubled/{core}/{now_ms}").integers(1000)
            self.waiting[core] += copies if doubled < self.plan.files_doubled_milli else copies[:1]
        managed = reachable(self.plant.network, self.plant.state)
        for core in [c for c in self.waiting if c in managed]:
            for waiting in self.waiting[core]:
                self.post(replace(waiting, occurred_ms=now_ms))
            self.waiting[core] = []

    def _usage_file(self, core: str, file_id: str, usage: pl.DataFrame) -> UsageFile:
        return UsageFile(
            sender=core, message_id=file_id, occurred_ms=int(self.env.now), element_id=core, file_id=file_id,
            usage=usage.select(*USAGE_SCHEMA),
        )  # fmt: skip
