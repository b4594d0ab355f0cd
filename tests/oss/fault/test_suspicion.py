"""How a suspicion changes with what is seen, and which test is made next: by hand on the town."""

from math import log2

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ossbss.oss.fault.hypothesis import NOTHING_WRONG, Hypothesis
from ossbss.oss.fault.suspicion import SURPRISE, suspicion
from ossbss.oss.fault.test_candidates import candidates
from ossbss.oss.fault.test_catalogue import CATALOGUE, ActiveTest, expected
from ossbss.oss.fault.test_selection import choose
from ossbss.oss.inventory import read_inventory
from tests.town import town

INVENTORY = read_inventory(town())
LINK_OR_CARD = (("east-port", "link", 0.5), ("r-port/1", "card", 0.5))
SHOW_CARD = ActiveTest("show_card", "r-port/1", "r-port")
SUSPECTS = [*((link, "link") for link in INVENTORY.links), *((card, "card") for card in INVENTORY.card_slots),
            *((node, "node") for node in INVENTORY.site_of_node if node != "r-hub"), ("duct-river", "duct"), ("port", "site")]  # fmt: skip


def weight(doubts, resource):
    return round(doubts.of(resource), 3)


def test_a_link_that_looks_failed_may_have_been_closed_and_a_card_be_well():
    doubts = suspicion(LINK_OR_CARD, INVENTORY)
    assert {h.mode for h in doubts.weights if h.resource == "east-port"} == {"failed", "shut"}
    assert sum(doubts.weights.values()) == pytest.approx(1)
    assert doubts.top == Hypothesis("r-port/1")  # 0.95 of its half, against 0.9 of the link's


def test_what_is_seen_moves_the_weight_by_bayes_rule():
    """Halves; a card that is seen to work leaves it only the surprise: 0.02 × 0.475 against 0.98 × the rest."""
    doubts = suspicion(LINK_OR_CARD, INVENTORY).after(SHOW_CARD, "works")
    assert doubts.top == Hypothesis("east-port")
    card = SURPRISE * 0.475
    rest = (1 - SURPRISE) * (0.45 + 0.05 + 0.025 + 0.01)
    assert weight(doubts, "r-port/1") == round((card + (1 - SURPRISE) * 0.025) / (card + rest), 3)


def test_what_cannot_be_seen_and_what_nobody_expected_change_nothing():
    doubts = suspicion(LINK_OR_CARD, INVENTORY)
    assert doubts.after(SHOW_CARD, "unknown").weights == doubts.weights
    elsewhere = doubts.after(ActiveTest("show_alarms", "r-hub", "r-hub"), "lists hub-north")  # that is another failure
    assert elsewhere.weights == pytest.approx(doubts.weights)
    assert elsewhere.refuted == frozenset()


def test_failures_add_up_so_that_what_works_refutes_and_what_is_broken_besides_does_not():
    """Three fibres of the east are cut: its card is seen to work, and no single fibre explains the other two."""
    at_east = [(f"east-{site}", "link", 0.1) for site in ("north", "south", "port")]
    doubts = suspicion([("r-east/1", "card", 0.7), *at_east], INVENTORY)
    for link in ("east-north", "east-south", "east-port"):
        doubts = doubts.after(ActiveTest("show_port", link, "r-east"), "down, dark")
    assert doubts.after(ActiveTest("show_card", "r-east/1", "r-east"), "works").is_refuted("r-east/1")
    assert not any(doubts.is_refuted(link) for link, _, _ in at_east)


def test_a_site_on_its_stores_is_not_taken_for_a_dead_one():
    doubts = suspicion([("port", "mains", 0.9), ("port", "site", 0.1)], INVENTORY)
    well = doubts.after(ActiveTest("probe", "r-port"), "passes")
    assert well.top == Hypothesis("port", "mains")


def test_the_cheapest_test_that_tells_the_suspects_apart_is_made_first():
    """A look at either card tells all; so does one at the port, at the same cost: the first by name. No laser, no crew."""
    choice = choose(suspicion(LINK_OR_CARD, INVENTORY), INVENTORY, set(), {"east-port"})
    assert choice.test.terms.cost_milli <= CATALOGUE["show_port"].cost_milli
    assert choice.bits > 0.9


def test_where_all_is_sure_nothing_is_asked():
    assert choose(suspicion([("port", "site", 1.0)], INVENTORY), INVENTORY, set(), set()).bits < 0.1  # is anything wrong?
    sure = suspicion([("port", "site", 1.0)], INVENTORY).after(ActiveTest("probe", "r-port"), "fails")
    assert choose(sure, INVENTORY, {ActiveTest("probe", "r-port")}, set()) is None


@pytest.mark.parametrize("idle", [set(), {"hub-north"}])
def test_no_test_that_interrupts_is_made_on_a_link_that_carries(idle):
    """All else made already: what is left would take the link out of service."""
    doubts = suspicion([("hub-north", "link", 0.5), ("r-hub/1", "card", 0.5)], INVENTORY)
    quiet = {t for h in doubts.weights for t in candidates(h.resource, INVENTORY) if t.terms.intrusiveness == "none"}
    choice = choose(doubts, INVENTORY, quiet, idle)
    assert (choice is not None) == bool(idle)
    assert choice is None or choice.test.target in idle


drawn = st.lists(st.tuples(st.sampled_from(SUSPECTS), st.floats(0.01, 1)), min_size=1, max_size=6, unique_by=lambda s: s[0])


@settings(derandomize=True, max_examples=60, phases=[Phase.generate], deadline=None)
@given(drawn, st.sampled_from(["", "east-port", "duct-river"]))
def test_no_other_test_tells_more_for_its_cost(shares, idle):
    """Against all tests one by one: information as the fall of entropy, averaged over what may be seen."""
    total = sum(share for _, share in shares)
    doubts = suspicion([(*suspect, share / total) for suspect, share in shares], INVENTORY)
    choice = choose(doubts, INVENTORY, set(), {idle})
    worth = {}
    for test in {t for h in doubts.weights for t in candidates(h.resource, INVENTORY)}:
        lawful = test.terms.intrusiveness == "none" or test.target == idle
        if test.method == "visit" or not lawful or test.terms.cost_milli > (1 - max(doubts.weights.values())) * 120_000:
            continue
        seen = {}
        for h, w in doubts.weights.items():
            seen.setdefault(expected(test, doubts.effects[h]), []).append(w)
        before = -sum(w * log2(w) for w in doubts.weights.values())
        after = -sum(w * log2(w / sum(group)) for group in seen.values() for w in group)
        if before - after >= 0.02:
            worth[test] = (before - after) / test.terms.cost_milli
    best = max(worth.values(), default=None)
    assert (choice is None) == (best is None)
    if choice is not None:
        assert worth[choice.test] == pytest.approx(best)


@settings(derandomize=True, max_examples=40, phases=[Phase.generate], deadline=None)
@given(drawn, st.data())
def test_asking_until_nothing_is_worth_it_finds_the_truth_or_what_no_test_tells_from_it(shares, data):
    """One of the suspects is true; the network answers as that would have it. The truth ends as likely as any."""
    total = sum(share for _, share in shares)
    doubts = suspicion([(*suspect, share / total) for suspect, share in shares], INVENTORY)
    truth = data.draw(st.sampled_from([h for h in doubts.weights if h != NOTHING_WRONG]))
    effects, made = doubts.effects[truth], set()
    while (choice := choose(doubts, INVENTORY, made, set(INVENTORY.links))) and len(made) < 40:
        doubts = doubts.after(choice.test, expected(choice.test, effects))
        made.add(choice.test)
    alike = [h for h in doubts.weights if all(expected(t, doubts.effects[h]) == expected(t, effects) for t in made)]
    assert truth in alike
    assert doubts.top in alike
