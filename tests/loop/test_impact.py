"""Whole days of which the OSS tells whom they harm, against the truth; and problems that are opened and resolved once."""

import json
import tempfile
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sim.testbed.true_redundancy import TrueRedundancy, truly_at_risk
from sim.world.network.state import Network, failing
from tests.loop.days import managements, timelines, worlds
from tests.loop.fault_stories import H
from tests.loop.laws import check_all
from tests.loop.test_rerouting import HUB_FAILS, two_cores, with_network
from tests.oss.fault.every_failure import resources, states
from tests.town import play, town

RING_CUT_TWICE = [{"at": "1 h", "do": "cut_link", "target": "east-north", "repair": "3 h"},
                  {"at": "2 h", "do": "cut_link", "target": "hub-south", "repair": "1 h"}]  # fmt: skip
RING = {f"svc-{site}" for site in ("north", "east", "south", "port", "farm")}
FAR = {"svc-south", "svc-east", "svc-port"}


def believed(run, at_ms):
    """State → services that some incident's impact named, so long after the start."""
    told = run.table("journal").filter((pl.col("kind") == "impact.assessed") & (pl.col("at_ms") <= run.view.starts_ms + at_ms))
    last = told.group_by("subject").agg(pl.col("body").last())["body"].to_list()
    found = {"down": set(), "at_risk": set(), "degraded": set()}
    for body in map(json.loads, last):
        for state, services in found.items():
            services.update(body[state])
    return found


@pytest.fixture(scope="module")
def ring_cut_twice(tmp_path_factory):
    return play(tmp_path_factory.mktemp("ring"), RING_CUT_TWICE, lasts="8 h", drawn=True)


def test_a_ring_that_is_cut_is_at_risk_cut_twice_it_is_down_mended_it_works(ring_cut_twice):
    run = ring_cut_twice
    assert believed(run, H - 1) == {"down": set(), "at_risk": set(), "degraded": set()}
    assert believed(run, 1.5 * H) == {"down": set(), "at_risk": RING, "degraded": set()}
    assert believed(run, 2.5 * H) == {"down": FAR, "at_risk": RING - FAR, "degraded": set()}
    assert believed(run, 3.5 * H) == {"down": set(), "at_risk": RING, "degraded": set()}
    assert believed(run, 4.5 * H) == {"down": set(), "at_risk": set(), "degraded": set()}
    check_all(run)


def test_belief_is_held_against_the_truth(ring_cut_twice):
    """Five services are truly at risk for three hours, but for the hour in which three of them are down."""
    kpis = ring_cut_twice.kpis
    assert kpis["services_truly_at_risk_s"] == (5 * 3 - 3 * 1) * 3600
    assert kpis["services_at_risk_s"] == pytest.approx(kpis["services_truly_at_risk_s"], rel=0.05)
    assert 0.9 < kpis["at_risk_overlap"] <= 1


def test_the_report_and_the_table_say_it_in_numbers(ring_cut_twice):
    run = ring_cut_twice
    page, impacts = (run.folder / "report.html").read_text(), run.table("impacts")
    assert "Whom each incident harmed" in page
    assert impacts["services_down"].max() == 3
    assert impacts["services_at_risk"].max() == 5
    lines = run.view.lines_of_service
    assert impacts["subscribers_down"].max() == sum(lines[service] for service in FAR)
    last = impacts.group_by("incident_id").last().select(pl.exclude("incident_id", "known_ms"))
    assert last.sum_horizontal().sum() == 0


def test_a_healthy_day_puts_nobody_at_risk(tmp_path):
    run = play(tmp_path, [], lasts="6 h", drawn=True)
    assert (run.kpis["services_at_risk_s"], run.kpis["services_truly_at_risk_s"], run.kpis["at_risk_overlap"]) == (0, 0, None)
    assert run.table("impacts").is_empty()
    assert "Whom each incident harmed" not in (run.folder / "report.html").read_text()


def test_the_cell_of_a_dead_core_says_nothing_and_is_found_out_by_a_probe(tmp_path):
    """East backs the hub up, so that somebody is left who can probe: nobody calls, nobody alarms."""
    network = with_network(tmp_path, two_cores)
    run = play(tmp_path, HUB_FAILS, network=network, world={"routing": {}, "callers_milli": 0}, lasts="12 h")
    problem = run.table("service_problems").filter(pl.col("service_id") == "svc-hub").row(0, named=True)
    truth = run.view.truth("service_outage").filter(pl.col("subject") == "svc-hub").row(0, named=True)
    assert (problem["source"], problem["state"]) == ("probe", "resolved")
    assert problem["root_cause_resource"] is not None
    assert truth["at_ms"] <= problem["occurred_ms"] < truth["at_ms"] + H / 4
    assert problem["occurred_ms"] - problem["occurred_uncertainty_ms"] <= truth["at_ms"]
    assert truth["until_ms"] <= problem["resolved_ms"]
    check_all(run)


@settings(max_examples=60, derandomize=True, deadline=None, phases=[Phase.generate])
@given(st.lists(st.sampled_from(resources(town())), min_size=1, max_size=3, unique=True).filter(lambda r: not {"hub", "r-hub"} & {*r}))
def test_the_truth_is_what_trying_out_every_failure_says(failed):
    """Against networkx; the station's node, which never dies, fails in neither."""
    document = town()
    found = TrueRedundancy(Network(document)).at_risk(failing(Network(document), failed))
    assert found == {service for service, state in states(document, failed).items() if state == "at_risk"}


def opened_and_resolved_once(run):
    """Told to the BSS: each problem opened once, resolved once at most and later, never two of a service at a time."""
    journal = run.table("journal").filter(pl.col("kind").is_in(["service_problem.opened", "service_problem.resolved"]))
    open_of, seen = {}, set()
    for kind, body in journal.sort("position").select("kind", "body").iter_rows():
        problem = json.loads(body)
        name, service = problem["problem_id"], problem["service_id"]
        if kind == "service_problem.opened":
            assert name not in seen
            assert service not in open_of
            seen.add(name)
            open_of[service] = name
        else:
            assert open_of.pop(service) == name
            assert problem["resolved_ms"] >= problem["occurred_ms"]


def check(seed, timeline, world, management):
    with tempfile.TemporaryDirectory() as folder:
        run = play(Path(folder), timeline, seed=seed, world=world, management=management, lasts="8 h",
                   population={"subscribers": 12, "offerings": {"postpay-s": 1}})  # fmt: skip
        opened_and_resolved_once(run)
        check_all(run)
        told = run.table("journal").filter(pl.col("kind") == "impact.assessed").sort("position")
        for _, of in told.group_by("subject", maintain_order=True):
            bodies = of["body"].to_list()
            assert all(one != other for one, other in pairwise(bodies))  # once per change
        assert set(truly_at_risk(run.view)) <= RING
        assert 0 <= (run.kpis["at_risk_overlap"] or 0) <= 1


DAYS = {"deadline": None, "phases": [Phase.generate], "suppress_health_check": [HealthCheck.too_slow]}


@settings(max_examples=8, derandomize=True, **DAYS)
@given(st.integers(0, 10**6), timelines(5), worlds, managements)
def test_on_random_days_problems_and_impacts_are_told_once(seed, timeline, world, management):
    check(seed, timeline, world, management)


@pytest.mark.slow
@settings(max_examples=60, derandomize=True, **DAYS)
@given(st.integers(0, 10**6), timelines(6), worlds, managements)
def test_on_many_random_days_too(seed, timeline, world, management):
    check(seed, timeline, world, management)
