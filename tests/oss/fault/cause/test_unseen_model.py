"""Failures of which no port tells, in the OSS's model of the network: for any set of them, beside ordinary ones, what
the world's own state, routing and elements say."""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ossbss.oss.fault.cause.beliefs import UNSEEN
from ossbss.oss.fault.cause.network_model import NetworkModel
from ossbss.oss.fault.cause.numbering import number
from ossbss.oss.fault.cause.planned_ways import planned_ways
from ossbss.oss.fault.symptoms import STATION, idle_cell, path_loss, port_errors
from ossbss.oss.inventory import read_inventory
from tests.oss.fault.cause.unseen_world import MODES, NAMES, document, world

LAST_WORDS = "powerProblem"
MODELS = {}


def model_of(name, mode):
    if (name, mode) not in MODELS:
        MODELS[name, mode] = NetworkModel(number(read_inventory(document(name, mode)), STATION, UNSEEN), discards=False)
    return MODELS[name, mode]


def effect(name, mode, wrong, lost=()):
    numbers = model_of(name, mode).numbers
    return model_of(name, mode).effect(
        [numbers.candidate_no[one] for one in wrong], [numbers.managers.index(manager) for manager in lost]
    )


def symptoms(name, mode, which):
    numbers = model_of(name, mode).numbers
    return {numbers.symptoms[place] for place in which.nonzero()[0]}


def services(name, mode, which):
    return {model_of(name, mode).numbers.services[place] for place in which.nonzero()[0]}


@settings(derandomize=True, phases=[Phase.generate], deadline=None, max_examples=200)
@given(st.sampled_from(NAMES), st.sampled_from(MODES), st.data())
def test_any_set_of_them_does_what_the_world_does(name, mode, data):
    real = world(name, mode)
    hidden = [one for kind in UNSEEN for one in real.hidden(kind)]
    wrong = data.draw(st.lists(st.sampled_from(hidden), max_size=3, unique=True))
    wrong += data.draw(st.lists(st.sampled_from(real.ordinary()), max_size=2, unique=True))
    lost = data.draw(st.lists(st.sampled_from(sorted(real.inventory.managers)), max_size=1))
    seen, done = real.seen(wrong, lost), effect(name, mode, wrong, lost)
    open_ = {path_loss(service) for service in seen.detoured}  # whether a detour loses, the model leaves open
    expected = {alarm for alarm in symptoms(name, mode, done.expected) if alarm[1] != LAST_WORDS}
    assert expected - open_ == seen.alarms - open_
    assert seen.alarms <= symptoms(name, mode, done.expected | done.possible)
    assert services(name, mode, done.down) == seen.down
    assert services(name, mode, done.suffering) == seen.unserved
    possible = symptoms(name, mode, done.possible)
    assert {alarm for alarm in possible if alarm[1] == "degradedSignal"} == seen.errors
    assert possible & {idle_cell(cell) for cell in real.network.cells} == real.idle(wrong)


@settings(derandomize=True, phases=[Phase.generate], deadline=None, max_examples=60)
@given(st.sampled_from(NAMES), st.sampled_from(MODES), st.data())
def test_what_is_not_told_is_never_expected(name, mode, data):
    real = world(name, mode)
    every = [*real.ordinary(), *(one for kind in UNSEEN for one in real.hidden(kind))]
    done = effect(name, mode, data.draw(st.lists(st.sampled_from(every), max_size=3, unique=True)))
    assert not (done.expected & ~done.told).any()


@pytest.mark.parametrize("name", NAMES)
def test_planned_ways_are_the_ways_that_routing_takes(name):
    real = world(name, "out_of_band")
    names = sorted(real.inventory.services)
    ways = dict(zip(names, planned_ways(real.inventory, names), strict=True))
    assert ways == {service: real.usual.path_of(service).links for service in names}
    assert any(len(way) > 1 for way in ways.values())


def test_of_two_ways_of_one_metric_the_shorter_and_then_the_first_by_name():
    """The town's ring: every link costs 10, so that the east is as far over the north as over the south."""
    inventory = world("town", "in_band").inventory
    assert planned_ways(inventory, ["svc-east"]) == [("east-north", "hub-north")]


def test_an_isolated_node_is_in_contact_beside_the_network_and_silent_within_it():
    """Timed by hand: the north carries the farm; no port of it goes dark."""
    services_ = {("svc-farm", "underlyingResourceUnavailable"), ("svc-north", "underlyingResourceUnavailable")}
    beside = symptoms("town", "out_of_band", effect("town", "out_of_band", [("r-north", "routing")]).expected)
    assert {alarm[:2] for alarm in beside} == services_
    within = symptoms("town", "in_band", effect("town", "in_band", [("r-north", "routing")]).expected)
    silent = {(node, "communicationsSubsystemFailure") for node in ("r-north", "r-farm")}
    assert {alarm[:2] for alarm in within} == services_ | silent
    assert {alarm[2] for alarm in within} == {"r-hub", STATION}


def test_a_lossy_link_is_told_by_the_services_over_it_and_by_its_ends():
    done = effect("town", "out_of_band", [("hub-north", "lossy")])
    over = ("svc-east", "svc-farm", "svc-north", "svc-port")
    assert symptoms("town", "out_of_band", done.expected) == {path_loss(service) for service in over}
    assert symptoms("town", "out_of_band", done.possible) == {port_errors("hub-north", e) for e in ("r-hub", "r-north")}
    assert not done.down.any()
    assert not done.suffering.any()


def test_a_sleeping_cell_has_customers_who_suffer_and_a_service_that_works():
    done = effect("town", "in_band", [("cell-farm", "cell")])
    assert not done.expected.any()
    assert symptoms("town", "in_band", done.possible) == {idle_cell("cell-farm")}
    assert services("town", "in_band", done.suffering) == {"svc-farm"}
    assert not done.down.any()


def test_a_protected_service_loses_on_its_second_way_once_its_first_is_broken():
    """1+1: what its working path loses counts; while the first works the second's loss harms nobody."""
    name, mode = "polska", "out_of_band"
    protected = [s for s in world(name, mode).inventory.services.values() if s.protection == "1+1"]
    assert protected
    for service in protected:
        first, second = (service.path[0], "link"), (service.backup_path[0], "lossy")
        told = path_loss(service.service_id)
        assert told not in symptoms(name, mode, effect(name, mode, [second]).expected)
        assert told in symptoms(name, mode, effect(name, mode, [first, second]).expected)
        assert told in symptoms(name, mode, effect(name, mode, [(service.path[0], "lossy")]).expected)


@pytest.mark.parametrize("kind", UNSEEN)
def test_what_may_not_be_named_is_not_even_numbered(kind):
    plain = number(read_inventory(document("town", "in_band")), STATION)
    assert kind not in plain.kinds
    assert not {alarm[1] for alarm in plain.symptoms} & {"performanceDegraded", "degradedSignal"}
    some = number(read_inventory(document("town", "in_band")), STATION, [kind])
    assert set(some.kinds) - set(plain.kinds) == {kind}
    assert some.candidates[: len(plain.candidates)] == plain.candidates
    assert some.symptoms[: len(plain.symptoms)] == plain.symptoms
