"""A street of prepaid lines in the town, whose wishes are told, and what became of them with charging at the door."""

from dataclasses import dataclass
from unittest.mock import patch

import polars as pl

from ossbss.contract.units import HOUR_MS, MINUTE_MS
from sim import Scenario
from sim.testbed.compose import Composed, compose
from sim.world.people.intents import CLASSES, INTENTS_SCHEMA, first_id
from sim.world.world import World
from tests.town import scenario_file

STARTS_MS = 1_714_964_400_000  # 2024-05-06T06:00+03:00, when the town's day begins
FIRST_LINE = 6
"""of the five who live at the port"""
STEADY = {"opening": {10: 1}, "top_ups": {50: 1}, "tops_up_below": 0, "dry_tops_up_milli": 0, "dry_borrows_milli": 0}
"""Habits of people who have 10 and never get more, whatever happens."""


@dataclass
class Played:
    """A day on the street."""

    composed: Composed

    @property
    def attempts(self) -> pl.DataFrame:
        return self.composed.world.traffic.table()

    def money(self, line: int = 0) -> float:
        """What a line has left, in shillings."""
        return self.composed.world.traffic.credit.door.charging.money[f"line-{FIRST_LINE + line:07d}"] / 1_000_000

    def asked(self) -> list[tuple]:
        """(kind, minutes from the start, quantity, used, granted) of what the port's lines asked, after the opening."""
        at_min = ((pl.col("at_ms") - STARTS_MS) / MINUTE_MS).alias("at_min")
        later = self.log.filter((pl.col("place_id") == "cell-port") & (pl.col("at_ms") > STARTS_MS))
        return later.select("kind", at_min, "quantity", "used", "granted").rows()

    @property
    def log(self) -> pl.DataFrame:
        return self.composed.world.traffic.charging_log()

    @property
    def records(self) -> pl.DataFrame:
        return self.composed.oss.tables()["usage"].unique("usage_id")

    def story(self) -> list[tuple]:
        """(outcome, units served, ended in minutes from the start, cut off, dropped) of each wish in order of time."""
        ordered = self.attempts.sort("started_ms").with_columns((pl.col("ended_ms") - STARTS_MS) / MINUTE_MS)
        return ordered.select("outcome", "served", "ended_ms", "cut_off", "dropped").rows()


def wish(at_min: float, kind: str = "voice", size: int | None = None, lasts_min: float = 0, line: int = 0, **more):
    """Somebody wants something ``at_min`` minutes after the start; a call as long as it lasts."""
    lasts_ms = int(lasts_min * MINUTE_MS)
    return {
        "subscriber_id": f"line-{FIRST_LINE + line:07d}", "class": kind, "place_id": "cell-port", "zone": "on_net",
        "started_ms": STARTS_MS + int(at_min * MINUTE_MS), "requested": size or lasts_ms or 1, "lasts_ms": lasts_ms,
        "answer": "answered", "patience": 1.0, "spoil": 2999, **more,
    }  # fmt: skip


def live(folder, wishes, charging, habits=None, timeline=(), lasts="12 h", reach=None, prepaid="payg") -> Played:
    """The wishes of lines at the port, asked of ``charging`` when their hour is over."""
    ahead = {"offerings": [prepaid], "habits": STEADY | (habits or {})}
    population = {
        "subscribers": 6, "offerings": {"payg": 1}, "prepaid": ahead, "places": {"port": {"subscribers": 5}},
        "habits": {"calls_per_day": 0, "sms_per_day": 0, "emergency_calls_per_day": 0, "data_octets_per_day": 0},
    }  # fmt: skip
    told = _numbered(wishes)

    def of_hour(places, habits, hour, hour_ms, local_hour, streams):
        return told.filter(pl.col("started_ms").is_between(hour_ms, hour_ms + HOUR_MS, closed="left"))

    path = scenario_file(folder, list(timeline), lasts=lasts, population=population)
    with patch("sim.world.people.traffic.draw_hour", of_hour):
        return go(Scenario.load(path, seed=1), charging, reach)


def go(scenario: Scenario, charging, reach=None) -> Played:
    """A scenario with this charging at the door of its network."""

    def world(*told, **more):
        return World(*told, **{**more, "charging": charging})

    with patch("sim.testbed.compose.World", world):
        composed = compose(scenario)
    if reach and composed.world.traffic.credit:
        composed.world.traffic.credit.door.reach = reach
    composed.exchange.start()
    composed.env.run(until=scenario.spec.ends_ms + 1)
    return Played(composed)


def _numbered(wishes) -> pl.DataFrame:
    """With numbers as ``draw_hour`` gives them, and the lines that live at the port."""
    rows, counts = [], {}
    for each in sorted(wishes, key=lambda w: w["started_ms"]):
        code = CLASSES.tolist().index(each["class"])
        key = ((each["started_ms"] - STARTS_MS) // HOUR_MS, code)
        counts[key] = counts.get(key, -1) + 1
        rows.append({"intent_id": first_id(key[0], 5, code) + counts[key], **each})
    return pl.DataFrame(rows, schema=INTENTS_SCHEMA) if rows else pl.DataFrame(schema=INTENTS_SCHEMA)
