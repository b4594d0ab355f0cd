"""Which test may be made, of what, and what it takes from whom: by hand on the town."""

import pytest

from ossbss.oss.fault.hypothesis import NOTHING_WRONG, Effects, Hypothesis
from ossbss.oss.fault.test_candidates import candidates
from ossbss.oss.fault.test_catalogue import CATALOGUE, ActiveTest, expected, may_run, outcome
from ossbss.oss.inventory import read_inventory
from tests.town import town

INVENTORY = read_inventory(town())
LOOP, OTDR = ActiveTest("loopback", "hub-north", "r-hub"), ActiveTest("reflectometry", "east-port", "r-east")


@pytest.mark.parametrize(("test", "idle", "may"), [
    (LOOP, {"east-port"}, False),
    (LOOP, {"east-port", "hub-north"}, True),
    (OTDR, set(), False),
    (OTDR, {"east-port"}, True),
    (ActiveTest("show_port", "hub-north", "r-hub"), set(), True),
    (ActiveTest("probe", "hub-north"), set(), True),
])  # fmt: skip
def test_intrusive_tests_run_only_on_links_that_carry_nothing(test, idle, may):
    assert may_run(test, idle) == may


def test_reflectometry_from_one_end_tells_the_duct_and_the_card_apart():
    def seen(failed):
        return outcome(ActiveTest("reflectometry", "hub-north", "r-hub"), Hypothesis(failed), INVENTORY)

    assert [seen(r) for r in ("hub-north", "duct-river", "r-north/1", "r-hub/1", "r-north", "hub-south", "")] == [
        "break", "break", "no event", "no event", "no event", "no event", "no event",
    ]  # fmt: skip


def test_a_dead_node_answers_nothing_and_one_that_is_managed_in_band_nothing_behind_a_cut():
    look = ActiveTest("show_card", "r-port/1", "r-port")
    document = town()
    document["management"]["mode"] = "in_band"
    in_band = read_inventory(document)
    assert outcome(look, Hypothesis("r-port"), INVENTORY) == outcome(look, Hypothesis("port"), INVENTORY) == "unknown"
    assert outcome(look, Hypothesis("east-port"), INVENTORY) == "works"
    assert outcome(look, Hypothesis("east-port"), in_band) == "unknown"
    assert outcome(look, Hypothesis("r-port/1"), INVENTORY) == "failed"
    assert outcome(look, Hypothesis("em-ios"), INVENTORY) == "unknown"


def test_the_way_is_the_one_with_the_least_metric_and_links_by_their_ids():
    effects = Effects(NOTHING_WRONG, INVENTORY)
    assert effects.way("r-port", "r-hub") == (("r-port", "r-east", "r-north", "r-hub"), ("east-port", "east-north", "hub-north"))
    assert effects.way("r-hub", "r-hub") == (("r-hub",), ())
    assert Effects(Hypothesis("r-east"), INVENTORY).way("r-port", "r-hub") is None
    other = Effects(Hypothesis("hub-north", "metric"), INVENTORY).way("r-north", "r-hub")
    assert other[0] == ("r-north", "r-east", "r-south", "r-hub")


@pytest.mark.parametrize("suspect", [*INVENTORY.links, *INVENTORY.groups, *INVENTORY.card_slots, *INVENTORY.site_of_node, *INVENTORY.nodes_at, *INVENTORY.cells])
def test_every_suspect_has_a_candidate_that_would_show_it(suspect):
    """Some test short of a visit shows another thing when it has failed than when nothing has; the hub never fails."""
    tests = candidates(suspect, INVENTORY)
    costs = [test.terms.cost_milli for test in tests]
    assert costs == sorted(costs)
    assert tests[-1] == ActiveTest("visit", suspect)
    if suspect not in ("r-hub", "hub"):
        well, failed = Effects(NOTHING_WRONG, INVENTORY), Effects(Hypothesis(suspect), INVENTORY)
        assert any(expected(test, well) != expected(test, failed) for test in tests[:-1])


def test_candidates_of_a_duct_look_at_all_its_fibres_and_of_nothing_known_there_are_none():
    found = candidates("duct-river", INVENTORY)
    assert {t.target for t in found if t.method == "reflectometry"} == {"hub-north", "hub-south"}
    assert {t.method for t in candidates("r-east/1", INVENTORY)} >= {"show_card", "loopback", "reflectometry", "show_port"}
    assert candidates("no-such-thing", INVENTORY) == ()
    assert {test.method for r in (*INVENTORY.links, *INVENTORY.cells, *INVENTORY.site_of_node, *INVENTORY.card_slots) for test in candidates(r, INVENTORY)} == set(CATALOGUE)
