"""The plant: outages by cell."""

import pytest
import simpy

from sim.world.network.state import FailureState, Network, loss_milli_of_path
from sim.world.plant import Plant
from sim.world.truth import Truth
from tests.town import town


def test_two_services_of_one_cell_are_refused() -> None:
    document = town()
    document["services"].append({**document["services"][0], "id": "svc-again"})
    with pytest.raises(ValueError, match="more than one service of a cell: cell-hub"):
        Plant(simpy.Environment(), Network(document), 3_000, Truth(), lambda event, state: None)


def plant_of(env: simpy.Environment, document: dict) -> Plant:
    return Plant(env, Network(document), 3_000, Truth(), lambda event, state: None)


def test_a_cell_that_sleeps_while_its_way_is_cut_has_one_outage() -> None:
    """Asleep 10 to 40 s, cut 20 to 60 s; another cell of the same way is out from the cut to convergence."""
    env = simpy.Environment()
    plant = plant_of(env, town())
    for at, act in [(10, plant.hold), (20, plant.hold), (40, plant.let_go), (60, plant.let_go)]:
        env.run(until=at * 1000)
        act([("sleeping", "cell-port")] if at in (10, 40) else [("links", "east-port")])
    env.run(until=100_000)
    assert plant.outages == {"cell-port": [(10_000, 63_000)]}


def test_a_cell_that_wakes_late_is_served_at_once_and_not_before() -> None:
    env = simpy.Environment()
    plant = plant_of(env, town())
    plant.hold([("links", "east-port"), ("sleeping", "cell-port"), ("sleeping", "cell-farm")])
    env.run(until=20_000)
    plant.let_go([("links", "east-port"), ("sleeping", "cell-farm")])
    env.run(until=50_000)
    plant.let_go([("sleeping", "cell-port")])
    assert plant.outages == {"cell-port": [(0, 50_000)], "cell-farm": [(0, 20_000)]}


def test_the_latest_wrong_weight_counts_and_the_planned_one_comes_back() -> None:
    plant = plant_of(simpy.Environment(), town())
    seen = []
    for act, metric in [(plant.hold, 50), (plant.hold, 70), (plant.let_go, 70), (plant.let_go, 50)]:
        act([("metrics", ("hub-north", metric))])
        seen.append((dict(plant.state.metrics).get("hub-north", 10), len(plant.state.metrics)))
    assert seen == [(50, 1), (70, 1), (50, 1), (10, 0)]


def test_what_two_reasons_hold_goes_with_the_second() -> None:
    plant = plant_of(simpy.Environment(), town())
    for act, failed in [(plant.fail, True), (plant.fail, True), (plant.mend, True), (plant.mend, False)]:
        act("east-port")
        assert ("east-port" in plant.state.links) == failed


def test_losses_along_a_path_multiply() -> None:
    state = FailureState(lossy=frozenset({("a", 500), ("b", 200), ("c", 1000)}))
    assert loss_milli_of_path(state, ["a", "b", "x"]) == pytest.approx(600)
    assert loss_milli_of_path(state, ["x"]) == 0
    assert loss_milli_of_path(state, ["a", "c"]) == 1000
