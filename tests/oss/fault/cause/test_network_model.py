"""The OSS's model of the network against the benchmark's worked examples and against the world's own rules."""

import json
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ossbss.oss.fault.cause.network_model import NetworkModel
from ossbss.oss.fault.cause.numbering import number
from ossbss.oss.inventory import read_inventory
from sim.testbed.windows.networks import dressed_network
from sim.testbed.windows.symptoms import Symptoms
from tests.town import town

EXAMPLES = Path(__file__).parents[5] / "shared" / "diagnosis" / "examples"
KINDS = ("link", "duct", "card", "node", "site", "power")


def model_of(document):
    return NetworkModel(number(read_inventory(document)))


def no_of(model, resource):
    found = model.numbers.candidate_no
    return next(found[resource, kind] for kind in KINDS if (resource, kind) in found)


def effect(model, failed, lost=()):
    """(alarms, services that do not work) by name"""
    numbers = model.numbers
    managers = [numbers.managers.index(manager) for manager in lost]
    done = model.effect([no_of(model, resource) for resource in failed], managers)
    alarms = {numbers.symptoms[s] for s in done.expected.nonzero()[0]}
    return alarms, {numbers.services[s] for s in done.down.nonzero()[0]}


@pytest.mark.skipif(not EXAMPLES.exists(), reason="shared/diagnosis/examples is not beside this checkout")
@pytest.mark.parametrize("mode", ["in_band", "out_of_band"])
def test_the_worked_examples_of_the_benchmark(mode):
    model = model_of(json.loads((EXAMPLES / f"tiny-{mode}.json").read_text()))
    rows = [json.loads(line) for line in (EXAMPLES / "expected.jsonl").read_text().splitlines()]
    mine = [row for row in rows if row["mode"] == mode]
    assert len(mine) == 36
    for row in mine:
        alarms, down = effect(model, row["failed"])
        assert alarms == {tuple(alarm) for alarm in row["alarms"]}, row["failed"]
        assert down == set(row["services_down"])


WORLDS = {mode: dressed_network("sndlib/polska", mode, 3) for mode in ("in_band", "out_of_band")}
MODELS = {mode: (model_of(document), Symptoms(document)) for mode, document in WORLDS.items()}


@settings(derandomize=True, phases=[Phase.generate], deadline=None, max_examples=150)
@given(st.sampled_from(sorted(WORLDS)), st.data())
def test_what_several_failures_do_together_is_what_the_world_would_do(mode, data):
    model, world = MODELS[mode]
    every = sorted(set().union(*world.candidates.values()))
    failed = data.draw(st.lists(st.sampled_from(every), max_size=4, unique=True))
    lost = data.draw(st.lists(st.sampled_from(WORLDS[mode]["element_managers"]), max_size=2, unique=True))
    assert effect(model, failed, lost) == tuple(map(set, world.of(failed, lost)))


@settings(derandomize=True, phases=[Phase.generate], deadline=None, max_examples=60)
@given(st.sampled_from(sorted(WORLDS)), st.data())
def test_what_is_not_told_is_never_expected(mode, data):
    model, world = MODELS[mode]
    every = sorted(set().union(*world.candidates.values()))
    failed = data.draw(st.lists(st.sampled_from(every), max_size=3, unique=True))
    done = model.effect([no_of(model, resource) for resource in failed])
    assert not (done.expected & ~done.told).any()


def test_of_two_links_between_the_same_nodes_one_is_enough():
    """Parallel links are common; a graph library must not lose its way in them."""
    document = town()
    twin = next(link for link in document["links"] if link["id"] == "east-port") | {"id": "east-port-2"}
    model = NetworkModel(number(read_inventory(document | {"links": [*document["links"], twin]})))
    served = [model.numbers.service_no["svc-port"]]

    def down(*failed):
        return bool(model.effect(model.numbers.called(failed)).down[served].all())

    assert not down("east-port")
    assert not down("east-port-2")
    assert down("east-port", "east-port-2")
