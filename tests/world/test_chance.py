"""Faults by chance: availability as theory has it, luck of one's own, and what a whole run makes of them."""

from collections import Counter
from dataclasses import replace
from math import sqrt

import networkx as nx
import numpy as np
import polars as pl
import pytest
import simpy
from scipy.stats import t as student_t

from ossbss.contract.units import HOUR_MS
from sim.world.faults.chance import play_chance
from sim.world.faults.laws import AgedWeibull, Constant, Exponential, Lognormal, Mixture, Weibull
from sim.world.faults.lives import outages
from sim.world.faults.registry import Faults
from sim.world.plan import RandomFaults
from sim.world.streams import Streams
from sim.world.truth import Truth
from tests.town import play


class Shed:
    """A plant of independent parts that only counts what is down."""

    class network:  # noqa: N801 - stands in for one
        @staticmethod
        def kind_of(resource):
            return "links"

    def __init__(self, env):
        self.env, self.held, self.log = env, Counter(), []

    def hold(self, items):
        self.held.update(items)
        self.log.append((self.env.now, frozenset(part for _, part in +self.held)))

    def let_go(self, items):
        self.held.subtract(items)
        self.log.append((self.env.now, frozenset(part for _, part in +self.held)))


def exponential(mtbf_h, mttr_h, parts, **more):
    law = (Exponential(int(hours * HOUR_MS)) for hours in (mtbf_h, mttr_h))
    return RandomFaults("cut_link", tuple(parts), *law, **more)


def played(rule, seed, length_ms):
    """Facts of the rule's faults, and the log of what was down from when."""
    env, truth = simpy.Environment(initial_time=0), Truth()
    shed = Shed(env)
    play_chance(env, Faults(env, shed, truth), [rule], Streams(seed))
    env.run(until=length_ms)
    return truth.facts, shed.log


def unavailability(rule, works, occasions, seeds):
    """Of each seed: the share of time in which it did not work, from the columns of its parts' lives."""
    found = []
    for seed in range(seeds):
        lives = [outages(rule, part, Streams(seed), occasions) for part in rule.targets]
        until = min(int(ends[-1]) for _, ends in lives)
        times = np.concatenate([column for life in lives for column in life])
        bits = np.concatenate([np.full(occasions, sign << n) for n in range(len(lives)) for sign in (1, -1)])
        order = np.argsort(times, kind="stable")
        times, masks = times[order], np.cumsum(bits[order])
        down = ~np.array([works({p for n, p in enumerate(rule.targets) if mask >> n & 1}) for mask in range(1 << len(lives))])
        lasts = np.diff(np.minimum(times, until))
        found.append(float(lasts[down[masks[:-1]]].sum()) / until)
    return np.array(found)


def interval(values):
    """The 99.9 % interval of the mean."""
    half = student_t.ppf(0.9995, len(values) - 1) * values.std(ddof=1) / sqrt(len(values))
    return values.mean() - half, values.mean() + half


def joined(failed):
    """The bridge: two ends, two middles, five links."""
    graph = nx.Graph([tuple(link) for link in ("sa", "sb", "ab", "at", "bt") if link not in failed])
    return graph.has_node("s") and graph.has_node("t") and nx.has_path(graph, "s", "t")


CASES = {
    # parts, MTBF and MTTR in hours, when it works, availability, failures of each part, lives
    "one part, 10,000 h and 4 h": (["x"], 10_000, 4, lambda failed: not failed, 0.99960016, 10_000, 100),
    "two of three at 0.99": (list("xyz"), 99, 1, lambda failed: len(failed) <= 1, 0.999702, 45_000, 100),
    "bridge at 0.9": (["sa", "sb", "ab", "at", "bt"], 9, 1, joined, 0.97848, 7_500, 100),
}


@pytest.mark.parametrize("name", CASES)
def test_availability_is_that_of_theory_within_one_per_cent_of_the_unavailability(name):
    parts, mtbf_h, mttr_h, works, published, occasions, seeds = CASES[name]
    low, high = interval(unavailability(exponential(mtbf_h, mttr_h, parts), works, occasions, seeds))
    unavailable = 1 - published
    print(f"{name}: unavailability {unavailable:.6g}, 99.9 % interval {low:.6g} to {high:.6g}, "
          f"half of it {(high - low) / 2 / unavailable:.2%}")  # fmt: skip
    rounding = 5e-7 if published == 0.999702 else 5e-9  # the digits of the published figure
    assert low - rounding <= unavailable <= high + rounding
    assert (high - low) / 2 <= 0.01 * unavailable


@pytest.mark.parametrize("repair", [Exponential(4 * HOUR_MS), Lognormal(HOUR_MS, 0.5), Mixture(935, Lognormal(HOUR_MS, 1.7), Lognormal(92 * HOUR_MS, 0.15))])
def test_what_is_played_is_what_the_columns_say(repair):
    rule = replace(exponential(30, 1, ["a", "b"]), repair=repair, between=Weibull(30 * HOUR_MS, 1.5), first=AgedWeibull(Weibull(30 * HOUR_MS, 1.5), 20 * HOUR_MS))
    facts, _ = played(rule, 3, 20_000 * HOUR_MS)
    for part in "ab":
        begins, ends = outages(rule, part, Streams(3), 1000)
        lived = [(f.at_ms, f.until_ms) for f in facts if f.subject == part and f.until_ms]
        assert len(lived) > 100
        assert lived == list(zip(begins.tolist(), ends.tolist(), strict=True))[: len(lived)]


# -- failures in common --------------------------------------------------------------------------------


def both_down(rule, seeds, years):
    found = []
    for seed in range(seeds):
        length_ms = years * 8760 * HOUR_MS
        _, log = played(rule, seed, length_ms)
        times = [at for at, _ in log] + [length_ms]
        found.append(sum(until - at for (at, down), until in zip(log, times[1:], strict=True) if len(down) == 2) / length_ms)
    return np.array(found)


def test_with_shared_failures_the_formula_for_independent_branches_overstates():
    """Two branches, MTBF 99 h, MTTR 1 h, three failures of ten in common (Sprint): 1 − (1 − A)² says 0.9999.

    Exact by Markov chain: the lives of the two alone and that of the common occasion are independent; the common one
    is at rest, has both down, or one. Both are down when it has both, or one and the other is down alone, or neither
    and both are down alone.
    """
    beta, failing, mending = 0.3, 1 / 99, 1.0
    alone = (1 - beta) * failing / ((1 - beta) * failing + mending)
    rest = 1 / (1 + 1.5 * beta * failing / mending)
    two, one = rest * beta * failing / (2 * mending), rest * beta * failing / mending
    exact = two + one * alone + rest * alone**2
    independent = (1 - 0.99) ** 2
    low, high = interval(both_down(exponential(99, 1, "ab", common_milli=300), seeds=30, years=5))
    assert low <= exact <= high
    assert low > 10 * independent


def test_the_rate_of_one_part_is_the_same_whatever_is_shared():
    def failures(common_milli):
        facts, _ = played(exponential(99, 1, "ab", common_milli=common_milli), 1, 40 * 8760 * HOUR_MS)
        return sum(f.subject == "a" for f in facts)

    expected = 40 * 8760 / 100
    for common_milli in (0, 300, 1000):
        assert failures(common_milli) == pytest.approx(expected, abs=4 * sqrt(expected))


def test_a_common_occasion_takes_its_group_at_one_instant():
    rule = exponential(99, 1, "abcd", common_milli=1000, groups=(("a", "b"), ("c", "d")))
    facts, _ = played(rule, 1, 8760 * HOUR_MS)
    at = {part: [f.at_ms for f in facts if f.subject == part] for part in "abcd"}
    assert at["a"] == at["b"] != at["c"] == at["d"]
    assert len(at["a"]) > 50


def test_what_stands_in_no_group_shares_nothing_and_fails_as_often():
    rule = exponential(99, 1, "abx", common_milli=500, groups=(("a", "b"),))
    facts, _ = played(rule, 1, 40 * 8760 * HOUR_MS)
    at = {part: [f.at_ms for f in facts if f.subject == part] for part in "abx"}
    assert len(set(at["a"]) & set(at["b"])) == pytest.approx(0.5 * len(at["a"]), rel=0.1)
    assert not set(at["x"]) & set(at["a"])
    expected = 40 * 8760 / 100
    assert len(at["x"]) == pytest.approx(expected, abs=4 * sqrt(expected))


# -- ageing --------------------------------------------------------------------------------------------


def test_an_old_part_fails_sooner_and_its_replacement_is_new():
    new = Weibull(1000 * HOUR_MS, 3.0)
    rule = replace(exponential(1, 1, "a"), between=new, repair=Constant(1), first=AgedWeibull(new, 900 * HOUR_MS))
    firsts, seconds = np.array([np.diff(outages(rule, "a", Streams(seed), 2)[0], prepend=0) for seed in range(3000)]).T
    assert firsts.mean() == pytest.approx(rule.first.mean_ms, rel=0.05)
    assert seconds.mean() == pytest.approx(new.mean_ms, rel=0.03)
    assert rule.first.mean_ms < 0.5 * new.mean_ms


def test_another_component_moves_nobodys_luck():
    def lives(targets):
        rule = RandomFaults("cut_link", targets, Exponential(50 * HOUR_MS), Lognormal(HOUR_MS, 0.5))
        return [(f.at_ms, f.until_ms) for f in played(rule, 7, 1000 * HOUR_MS)[0] if f.subject == "a"]

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
