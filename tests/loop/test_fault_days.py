"""Random days of every fault kind: the laws hold, and what has ended has left no trace in the network."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sim.testbed.compose import compose
from sim.testbed.scenario import Scenario
from sim.world.network.management import reachable
from sim.world.network.routing.forwarding import Forwarding
from sim.world.network.state import FailureState, Network
from sim.world.network.traffic.backbone import Backbone, TrafficPlan
from tests.loop import laws
from tests.loop.days import managements
from tests.town import SPANS, play, scenario_file

LINKS = [f"{a}-{z}" for a, z in SPANS]
NODES = [f"r-{site}" for site in ("north", "east", "south", "port", "farm")]
ends = st.sampled_from(["20 min", "2 h"])


def of(do, targets, **keys):
    """An event of this kind, of any of the targets."""
    return st.fixed_dictionaries({"do": st.just(do), "target": st.sampled_from(targets), **keys})


happenings = st.one_of(
    of("cut_link", LINKS, repair=ends), of("fail_node", NODES, repair=ends),
    of("flap_link", LINKS, repair=ends, period=st.sampled_from(["30 s", "3 min"])),
    of("cut_power", ["south", "port", "farm"], repair=st.sampled_from(["20 min", "3 h"])),
    of("sleep_cell", ["cell-port", "cell-farm"], repair=ends),
    of("degrade_link", LINKS, repair=ends, loss_milli=st.integers(0, 1000)),
    of("bad_change", NODES, rollback=ends), of("bad_change", [*LINKS, *NODES, "r-east/1"], effect=st.just("shutdown"), rollback=ends),
    of("bad_change", LINKS, effect=st.just("metric"), metric=st.integers(1, 99), rollback=ends),
    of("planned_work", [*LINKS, *NODES, "south", "duct-river"], lasts=ends),
    of("disaster", ["port", "hub"], radius_km=st.integers(0, 40), severity_milli=st.integers(0, 1000), repair=ends),
    of("steal_fuel", ["south", "port"], share_milli=st.integers(0, 1000)), of("refuel", ["south", "port"]),
)  # fmt: skip
powers = st.sampled_from([{"generator": True, "battery": "1 h", "fuel": "30 min", "generator_fails_milli": 300},
                          {"battery": "0 s", "generator": True}, {"battery": "40 min", "generator": True, "low_milli": 1000}])  # fmt: skip


def day(draws, power):
    """The events, each of a thing of its own, at their minutes; ten hours before the end all is over."""
    timeline = [{"at": f"{minute} min", **event} for minute, event in draws]
    return timeline, {"power": power}


days = st.lists(st.tuples(st.integers(0, 300), happenings), max_size=5, unique_by=lambda draw: draw[1]["target"])
EASY = {"deadline": None, "derandomize": True, "phases": [Phase.generate], "suppress_health_check": list(HealthCheck)}


@settings(max_examples=10, **EASY)
@given(days, powers, managements, st.integers(0, 3))
def test_what_is_over_has_left_the_network_as_it_was(draws, power, management, seed):
    with tempfile.TemporaryDirectory() as folder:
        timeline, world = day(draws, power)
        path = scenario_file(Path(folder), timeline, world=world, management=management,
                             population={"subscribers": 6, "offerings": {"postpay-s": 1}})  # fmt: skip
        composed = compose(Scenario.load(path, seed=seed))
    composed.exchange.start()
    composed.env.run(until=composed.env.now + 16 * 3_600_000)
    plant = composed.world.plant
    assert plant.state == FailureState()
    assert not plant.held
    assert not composed.world.faults.active
    never_failed = Forwarding(plant.network, 0)
    assert plant.forwarding.down() == never_failed.down() == frozenset()
    assert {s: plant.forwarding.path_of(s) for s in plant.network.services} == {
        s: never_failed.path_of(s) for s in plant.network.services
    }
    assert all(spans[-1][1] is not None for spans in plant.outages.values())
    assert all(fact.until_ms is not None for fact in composed.world.truth.facts)
    assert composed.world.power.dead == set()
    assert not any(set(told) - {"fuel_low"} for told in composed.world.power.told.values())


narrow = st.sampled_from([
    {}, {"transit": {"total": "8 Mbit/s"}}, {"capacity": {"cells": "200 kbit/s", "voice_channels": 1}},
    {"capacity": {"links": "1 Mbit/s"}, "transit": {"total": "3 Mbit/s"}},
])  # fmt: skip


@pytest.mark.slow
@settings(max_examples=100, **EASY)
@given(days, powers, managements, narrow, st.integers(0, 3))
def test_what_routing_and_load_remember_is_what_they_would_work_out_anew(draws, power, management, capacity, seed):
    with tempfile.TemporaryDirectory() as folder:
        timeline, world = day(draws, power)
        path = scenario_file(Path(folder), timeline, world=world, population={"subscribers": 6, "offerings": {"postpay-s": 1}},
                             network={"file": "town.json", "management": management, **capacity, "transit": {"total": "5 Mbit/s"}})  # fmt: skip
        composed = compose(Scenario.load(path, seed=seed))
    composed.exchange.start()
    plant, load = composed.world.plant, composed.world.traffic.load
    for _ in range(16):
        composed.env.run(until=composed.env.now + 1_800_000)
        anew, backbone = Forwarding(Network(plant.network.document), 0), Backbone(plant.network, TrafficPlan(), 0)
        anew.change(plant.state)
        anew.converge()
        if not plant.forwarding.due():
            assert {s: plant.forwarding.path_of(s) for s in plant.network.services} == {s: anew.path_of(s) for s in plant.network.services}
        paths = {cell: plant.forwarding.path_of(plant.service_of[cell]) if plant.down_since(cell) is None else None for cell in backbone.cells}
        remembered, worked_out = load.marks[-1][1], backbone.use(plant.state, paths)
        assert (remembered.shares != worked_out.shares).nnz == 0
        assert (remembered.joined == worked_out.joined).all()
        assert reachable(plant.network, plant.state) == reachable(Network(plant.network.document), plant.state)


@pytest.mark.slow
@settings(max_examples=100, **EASY)
@given(days, powers, managements, narrow, st.integers(0, 3))
def test_the_laws_of_a_run_hold_on_days_of_every_kind(draws, power, management, capacity, seed):
    with tempfile.TemporaryDirectory() as folder:
        first = [(0, {"do": "cut_link", "target": "farm-north", "repair": "1 min"})]
        draws = [draw for draw in draws if draw[1]["target"] != "farm-north"]
        timeline, world = day(first + draws, power)
        network = {"file": "town.json", "management": management, **capacity}
        run = play(Path(folder), timeline, seed=seed, world=world, network=network)
    laws.check_all(run)
    assert run.view.truth("fault")["until_ms"].null_count() == 0
