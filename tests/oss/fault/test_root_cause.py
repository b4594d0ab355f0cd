"""What every method of diagnosis must do: one compliance suite for the port, and the town as its case."""

import json
from itertools import combinations

import pytest

from ossbss.oss.fault.correlation import correlate
from ossbss.oss.fault.root_cause import SetCover
from ossbss.oss.fault.symptoms import footprint
from ossbss.oss.inventory import read_inventory
from ossbss.oss.policy import OperationsPolicy
from tests.oss.fault.test_surveillance import alarm
from tests.town import town

FINDERS = [SetCover()]
POLICY = OperationsPolicy()


def model(mode="out_of_band"):
    document = town()
    document["management"]["mode"] = mode
    inventory = read_inventory(json.loads(json.dumps(document)))
    return {r: footprint(inventory, r) for r in inventory.resources}


@pytest.fixture(params=["in_band", "out_of_band"])
def footprints(request):
    return model(request.param)


@pytest.mark.parametrize("finder", FINDERS, ids=lambda f: type(f).__name__)
class TestEveryFinder:
    def test_names_each_single_failure_or_one_that_looks_the_same(self, finder, footprints):
        for resource, alarms in footprints.items():
            if alarms and resource not in ("r-hub", "hub"):
                found = finder.find(alarms, footprints, frozenset(), POLICY)
                assert len(found.causes) == 1
                best = found.causes[0]
                assert resource in (best.resource, *best.equivalents)
                assert (found.unexplained, best.absent) == (frozenset(), frozenset())

    def test_equivalents_are_exactly_those_with_the_same_footprint(self, finder, footprints):
        for resource, alarms in footprints.items():
            twins = {r for r, f in footprints.items() if f == alarms}
            if alarms and resource not in ("r-hub", "hub"):
                best = finder.find(alarms, footprints, frozenset(), POLICY).causes[0]
                assert {best.resource, *best.equivalents} == twins

    def test_explains_every_alarm_of_two_failures_with_at_most_two(self, finder, footprints):
        links = [r for r in footprints if "-" in r and not r.startswith(("r-", "duct-"))]
        for pair in combinations(links, 2):
            present = footprints[pair[0]] | footprints[pair[1]]
            found = finder.find(present, footprints, frozenset(), POLICY)
            assert found.unexplained == frozenset()
            assert len(found.causes) <= 2

    def test_never_names_what_was_ruled_out(self, finder, footprints):
        alarms = footprints["east-port"]
        first = finder.find(alarms, footprints, frozenset(), POLICY).causes[0]
        ruled_out = frozenset({first.resource, *first.equivalents})
        again = finder.find(alarms, footprints, ruled_out, POLICY)
        assert not ruled_out & {c.resource for c in again.causes}

    def test_leaves_what_nothing_explains_unexplained(self, finder, footprints):
        strange = frozenset({("moon", "lossOfSignal", "r-hub")})
        assert finder.find(strange, footprints, frozenset(), POLICY).unexplained == strange

    def test_no_alarm_no_cause(self, finder, footprints):
        assert finder.find(frozenset(), footprints, frozenset(), POLICY).causes == ()


def test_the_shared_duct_is_blamed_when_both_its_fibres_are_dark_one_fibre_when_one_is():
    footprints = model()
    both = footprints["hub-north"] | footprints["hub-south"] | footprints["duct-river"]
    assert SetCover().find(both, footprints, frozenset(), POLICY).causes[0].resource == "duct-river"
    assert SetCover().find(footprints["hub-north"], footprints, frozenset(), POLICY).causes[0].resource == "hub-north"


def test_in_band_the_cut_off_part_says_nothing_and_contact_with_it_is_lost():
    inside, outside = model("in_band")["east-port"], model("out_of_band")["east-port"]
    assert {source for _, _, source in inside} == {"r-east", "r-hub", "oss.surveillance"}
    assert {source for _, _, source in outside} == {"r-east", "r-port", "r-hub"}


def test_alarms_of_unrelated_failures_form_groups_of_their_own():
    causes = {("a", "x", "s"): frozenset({"one"}), ("b", "x", "s"): frozenset({"one"}), ("c", "x", "s"): frozenset({"two"})}

    def of(name):
        return alarm("raise", 1).__class__(name, "communicationsAlarm", "x", "critical", "s", 1, 0, 1)

    groups = correlate([of("a"), of("c"), of("b"), of("d")], causes)
    assert [sorted(a.alarmed_object for a in group) for group in groups] == [["a", "b"], ["c"], ["d"]]
