"""Faults by chance: availability as theory has it, luck of one's own, and what a whole run makes of them."""

from math import sqrt

import networkx as nx
import numpy as np
import polars as pl
import pytest
import simpy

from ossbss.contract.units import HOUR_MS
from sim.world.faults.chance import play_chance
from sim.world.faults.laws import Constant, Exponential, Lognormal
from sim.world.faults.registry import Faults
from sim.world.plan import RandomFaults
from sim.world.streams import Streams
from sim.world.truth import Truth
from tests.town import play

Z_999 = 3.291
"""two-sided 99.9 % point of the normal distribution"""


class Shed:
    """A plant of independent parts that only counts: what is down, and for how long a condition was not met."""

    def __init__(self, env, works):
        self.env, self.works = env, works
        self.network = None
        self.failed = set()
        self.since, self.down_ms = env.now, 0

    def fail(self, part):
        self._account()
        self.failed.add(part)

    def mend(self, part):
        self._account()
        self.failed.discard(part)

    def _account(self):
        if not self.works(self.failed):
            self.down_ms += self.env.now - self.since
        self.since = self.env.now


def unavailability(parts, mtbf_h, mttr_h, works, years, seeds):
    """Of each seed: the share of time in which it did not work."""
    found = []
    for seed in range(seeds):
        env = simpy.Environment(initial_time=0)
        shed = Shed(env, works)
        rule = RandomFaults("cut_link", tuple(parts), Exponential(int(mtbf_h * HOUR_MS)), Exponential(int(mttr_h * HOUR_MS)))
        play_chance(env, Faults(env, shed, Truth()), [rule], Streams(seed))
        length_ms = round(years * 8760 * HOUR_MS)
        env.run(until=length_ms)
        shed._account()
        found.append(shed.down_ms / length_ms)
    return np.array(found)


def interval(values):
    half = Z_999 * values.std(ddof=1) / sqrt(len(values))
    return values.mean() - half, values.mean() + half


def joined(failed):
    """The bridge: two ends, two middles, five links."""
    graph = nx.Graph([tuple(link) for link in ("sa", "sb", "ab", "at", "bt") if link not in failed])
    return graph.has_node("s") and graph.has_node("t") and nx.has_path(graph, "s", "t")


CASES = {
    # parts, MTBF and MTTR in hours, when it works, availability, years of each of the lives
    "one part, 10,000 h and 4 h": (["x"], 10_000, 4, lambda failed: not failed, 0.99960016, 100),
    "two of three at 0.99": (list("xyz"), 99, 1, lambda failed: len(failed) <= 1, 0.999702, 3),
    "bridge at 0.9": (["sa", "sb", "ab", "at", "bt"], 9, 1, joined, 0.97848, 0.2),
}


@pytest.mark.parametrize("name", CASES)
def test_availability_is_that_of_theory(name):
    parts, mtbf_h, mttr_h, works, published, years = CASES[name]
    low, high = interval(unavailability(parts, mtbf_h, mttr_h, works, years, seeds=40))
    assert low <= 1 - published <= high


def test_another_component_moves_nobodys_luck():
    def lives(targets):
        env, truth = simpy.Environment(initial_time=0), Truth()
        rule = RandomFaults("cut_link", targets, Exponential(50 * HOUR_MS), Lognormal(HOUR_MS, 0.5))
        play_chance(env, Faults(env, Shed(env, bool), truth), [rule], Streams(7))
        env.run(until=1000 * HOUR_MS)
        return [(f.at_ms, f.until_ms) for f in truth.facts if f.subject == "a"]

    assert lives(("a",)) == lives(("b", "a", "c")) != []


RULES = [{"do": "cut_link", "between": {"exponential": "30 h"}, "repair": {"lognormal": {"median": "1 h", "sigma": 0.4}}}]


def test_a_run_with_random_faults_ends_each_and_is_believed(tmp_path):
    run = play(tmp_path, [], world={"random_faults": RULES}, lasts="4 days", seed=5)
    faults = run.view.truth("fault")
    assert faults.height > 5
    assert set(faults["subject"]) <= {link["id"] for link in run.scenario.network["links"]}
    lasted = (faults["until_ms"] - faults["at_ms"]).drop_nulls()
    assert lasted.median() == pytest.approx(HOUR_MS, rel=0.6)
    assert run.kpis["root_cause_recall"] > 0.7


def test_a_crew_mends_what_fails_by_chance(tmp_path):
    rules = [{"do": "cut_link", "targets": ["east-port"], "between": {"constant": "10 h"}}]
    run = play(tmp_path, [], world={"random_faults": rules}, lasts="2 days")
    faults = run.view.truth("fault").sort("at_ms")
    worked = (faults["at_ms"] - faults["until_ms"].shift()).drop_nulls().to_list()
    assert faults["at_ms"][0] - run.view.starts_ms == Constant(10 * HOUR_MS).value_ms
    assert set(worked) == {10 * HOUR_MS}
    ended = faults.filter(pl.col("until_ms").is_not_null()).height
    assert run.table("actions").filter((pl.col("kind") == "dispatch") & (pl.col("state") == "succeeded")).height == ended
