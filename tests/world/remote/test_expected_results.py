"""What the OSS expects each test to show if something were wrong is what the world shows when it is: two programs that
share no code, over every test and every single thing that can be wrong in the town."""

import pytest

from ossbss.oss.elements.commands import LOOKS, read_answer
from ossbss.oss.fault.hypothesis import NOTHING_WRONG, Effects, Hypothesis
from ossbss.oss.fault.test_catalogue import CATALOGUE, ActiveTest, expected, outcome
from ossbss.oss.fault.test_results import outcome_of_look, outcome_of_test
from ossbss.oss.inventory import read_inventory
from tests.town import town
from tests.world.remote.bench import TIMES, Bench

INVENTORY = read_inventory(town())
FAILED_AT, FIRST_TEST_AT = 60_000, 120_000
APART = TIMES.reflectometry_ms + 60_000

LINKS, NODES, CARDS = sorted(INVENTORY.links), sorted(INVENTORY.site_of_node), sorted(INVENTORY.card_slots)
FALLIBLE = [r for r in (*LINKS, *INVENTORY.groups, *CARDS, *NODES, *sorted(INVENTORY.nodes_at)) if r not in ("r-hub", "hub")]
HYPOTHESES = [
    NOTHING_WRONG,
    *(Hypothesis(resource) for resource in FALLIBLE),
    *(Hypothesis(cell) for cell in ("cell-port", "cell-farm")),
    *(Hypothesis(named, "shut") for named in ("hub-north", "east-port", "r-east/1", "r-north")),
    *(Hypothesis(node, "isolated") for node in ("r-east", "r-port")),
    *(Hypothesis(link, mode) for link in ("hub-north", "east-south", "farm-north") for mode in ("metric", "lossy")),
]
KINDS = {**dict.fromkeys(LINKS, "cut_link"), **dict.fromkeys(INVENTORY.groups, "cut_duct"), **dict.fromkeys(CARDS, "fail_card"),
         **dict.fromkeys(NODES, "fail_node"), **dict.fromkeys(INVENTORY.nodes_at, "lose_site"), **dict.fromkeys(INVENTORY.cells, "sleep_cell")}  # fmt: skip
CHANGES = {"shut": {"effect": "shutdown"}, "isolated": {"effect": "isolate"}, "metric": {"effect": "metric", "metric": 16_777_214}}


def every_test():
    ends = [(link, node) for link in LINKS for node in INVENTORY.links[link].ends]
    found = [ActiveTest(method, link, node) for method in ("show_port", "loopback", "reflectometry") for link, node in ends]
    found += [ActiveTest("show_metric", link, INVENTORY.links[link].ends[0]) for link in LINKS]
    found += [ActiveTest("show_card", card, INVENTORY.card_slots[card][0]) for card in CARDS]
    found += [ActiveTest(method, node, node) for method in ("show_alarms", "show_change") for node in NODES]
    found += [ActiveTest("show_cell", cell, INVENTORY.cells[cell].node) for cell in ("cell-port", "cell-farm")]
    found += [ActiveTest("traceroute", target, "r-hub") for target in (*NODES, *sorted(INVENTORY.services))]
    found += [ActiveTest("traceroute", "r-port", "r-farm"), ActiveTest("traceroute", "svc-port", "r-east")]
    return found + [ActiveTest("probe", target) for target in (*LINKS, *NODES, *sorted(INVENTORY.services))]


def played(hypothesis, **network):
    """Test → what it showed, in the OSS's words."""
    bench = Bench(**network)
    if hypothesis.mode in CHANGES:
        bench.fails(FAILED_AT, "bad_change", hypothesis.resource, **CHANGES[hypothesis.mode])
    elif hypothesis.resource:
        kind = "degrade_link" if hypothesis.mode == "lossy" else KINDS[hypothesis.resource]
        bench.fails(FAILED_AT, kind, hypothesis.resource, loss_milli=30)
    names, at_ms = {}, FIRST_TEST_AT
    for test in every_test():
        if test.method in LOOKS:
            about = "" if test.target == test.from_node else test.target
            names[test] = bench.types(FIRST_TEST_AT, test.method, test.from_node, about)
        elif test.method in ("probe", "traceroute"):
            names[test] = bench.tests_it(FIRST_TEST_AT, test.method, test.target, test.from_node or None)
        else:
            names[test] = bench.tests_it(at_ms + APART, test.method, test.target, test.from_node)
            at_ms += APART
    bench.run(at_ms + 2 * APART)
    return {test: shown(bench, test, name) for test, name in names.items()}


def shown(bench, test, name):
    at_ms, message = bench.answer(name)
    if test.method in LOOKS:
        answer = read_answer(bench.asked[name], message, bench.zero + at_ms)
        return outcome_of_look(test, answer, bench.inventory, bench.zero)
    return outcome_of_test(message)


@pytest.mark.parametrize("management", ["out_of_band", "in_band"])
@pytest.mark.parametrize("hypothesis", HYPOTHESES, ids=lambda h: f"{h.resource or 'nothing'} {h.mode}")
def test_every_test_shows_what_is_expected_of_it(hypothesis, management):
    document = town()
    document["management"]["mode"] = management
    effects = Effects(hypothesis, read_inventory(document))
    found = played(hypothesis, management={"mode": management})
    assert {test: showed for test, showed in found.items() if showed != expected(test, effects)} == {}
    assert len(found) > 90


def test_the_tests_tell_the_failures_of_the_town_apart_as_far_as_physics_lets_them():
    """Out of band, with every test of a single failure: what stays one class is what nothing from afar can tell."""
    document = town()
    document["management"]["mode"] = "out_of_band"
    inventory, classes = read_inventory(document), {}
    for resource in FALLIBLE:
        effects = Effects(Hypothesis(resource), inventory)
        classes.setdefault(tuple(expected(test, effects) for test in every_test()), set()).add(resource)
    dead_is_dead = [{node, node.removeprefix("r-")} for node in NODES if node != "r-hub"]  # the node, or its site's power
    alone = [{duct, *inventory.links_on[duct]} for duct in inventory.groups if len(inventory.links_on[duct]) == 1]
    same = [found for found in classes.values() if len(found) > 1]
    assert sorted(map(sorted, same)) == sorted(map(sorted, dead_is_dead + alone))
    assert not any("duct-river" in found for found in same)  # two links in one duct: both fibres are broken, or one is


def test_a_visit_meets_what_rests_on_its_place_and_what_it_rests_on():
    def visit(target, failed):
        return outcome(ActiveTest("visit", target), Hypothesis(failed), INVENTORY)

    assert visit("hub-north", "duct-river") == visit("duct-river", "hub-north") == visit("r-east/1", "east-port") == "found"
    assert visit("east", "r-east") == "found"
    assert visit("hub-north", "east-port") == visit("hub-north", "") == "nothing found"


def test_the_catalogue_says_of_every_method_what_it_costs_takes_and_disturbs():
    for terms in CATALOGUE.values():
        assert terms.of
        assert terms.cost_milli > 0
        assert terms.source
        assert (terms.intrusiveness == "none") == (terms.interrupts == "")
    assert {method for method, terms in CATALOGUE.items() if terms.intrusiveness != "none"} == {"loopback", "reflectometry"}
