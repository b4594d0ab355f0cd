"""Pitfalls 10 to 12 of the standards' checklist: parents and children, out of reach, back again, and started anew."""

import pytest

from ossbss.oss.elements.adapters import READERS
from ossbss.oss.fault.reachability import Parents, cut_off, resync
from ossbss.oss.inventory import read_inventory
from tests.oss.fault.watching import END, INVENTORY, LINK, H, M, S, Watching, back, cleared, lost, raised
from tests.town import town


def test_pitfall_11_a_manager_lost_makes_its_elements_alarms_unknown_and_clears_none():
    manager = INVENTORY.manager_of_node[END]
    other = next(n for n, m in INVENTORY.manager_of_node.items() if m != manager)
    watch = Watching().hears(raised(1 * M), raised(1 * M, "svc-x", other), lost(10 * M, manager)).until(5 * H)
    assert (watch.alarm().active, watch.alarm().unknown_since_ms) == (True, 10 * M)
    assert watch.shows()  # neither cleared nor healthy
    assert watch.alarm("svc-x", other).unknown_since_ms is None
    assert END in watch.list.unreachable
    assert other not in watch.list.unreachable


def test_pitfall_11_after_reconnection_all_is_asked_for_and_what_is_stale_is_cleared_by_comparison():
    manager = INVENTORY.manager_of_node[END]
    elements = {n for n, m in INVENTORY.manager_of_node.items() if m == manager}
    watch = Watching().hears(raised(1 * M), raised(2 * M, "farm-north"), lost(10 * M, manager), back(60 * M, manager))
    watch.list.ask(60 * M)
    (request,) = watch.desk.out.messages
    assert (request.manager_id, request.element_ids) == (manager, elements)
    watch.is_told(raised(1 * M, known_ms=61 * M), raised(30 * M, "hub-north", known_ms=61 * M), at_ms=61 * M)
    assert watch.alarm().unknown_since_ms is None  # confirmed
    assert watch.shows("hub-north")  # it began meanwhile
    assert watch.until(63 * M - 1).shows("farm-north")  # its clear might be on its way
    assert not watch.until(63 * M).shows("farm-north")
    gone = watch.alarm("farm-north")
    assert (gone.cleared_ms, gone.clear_uncertainty_ms) == (61 * M, 59 * M)  # at any time since it was raised


def test_pitfall_11_an_element_that_does_not_answer_is_asked_again_and_stays_unknown():
    watch = Watching().hears(raised(1 * M), lost(10 * M), back(60 * M))
    for minute in range(60, 65):
        watch.list.ask(minute * M)
    assert len(watch.desk.out.messages) == 5
    assert watch.until(9 * H).alarm().unknown_since_ms == 10 * M
    assert watch.shows()


def test_pitfall_11_what_begins_after_the_return_is_presented_at_once():
    watch = Watching().hears(lost(10 * M), back(60 * M), raised(59 * M, "farm-north", known_ms=61 * M), raised(61 * M))
    assert watch.shows()
    assert not watch.shows("farm-north")
    assert watch.until(63 * M).shows("farm-north")


def test_pitfall_11_what_another_element_says_of_the_same_link_is_left_alone():
    watch = Watching().hears(raised(1 * M), raised(1 * M, source="r-east"))
    found = resync(watch.list.alarms.values(), END, [])
    assert found.gone == ((LINK, "lossOfSignal", END),)
    watch.is_told(at_ms=5 * M).until(H)
    assert not watch.shows()
    assert watch.shows(source="r-east")


def test_pitfall_12_a_cold_start_voids_what_was_known_of_the_agent():
    """IOS says that it restarted: its alarms are unknown until it has told them all; the one it does not name is over."""
    inventory = read_inventory(town())
    node = next(n for n, vendor in inventory.vendor_of_node.items() if vendor == "ios")
    line = b"<189>1: *May  6 09:00:00.000: %SYS-5-RESTART: System restarted --"
    reading = READERS["ios"](line, H, inventory.names[node])
    assert reading.resynchronise
    watch = Watching().hears(raised(1 * M, source=node), raised(2 * M, "hub-north", node)).until(H)
    watch.list.heard(node, reading, H)
    assert {watch.alarm(thing, node).unknown_since_ms for thing in (LINK, "hub-north")} == {H}
    watch.is_told(raised(1 * M, source=node), element=node, at_ms=H + S).until(2 * H)
    assert watch.shows(LINK, node)
    assert watch.alarm(LINK, node).unknown_since_ms is None
    assert not watch.shows("hub-north", node)


def test_pitfall_11_a_list_that_cannot_be_read_to_its_end_clears_nothing():
    watch = Watching().hears(raised(1 * M), raised(2 * M, "farm-north"), lost(10 * M), back(60 * M))
    watch.is_told(raised(1 * M), at_ms=61 * M, unread=["not a line of IOS syslog"]).until(9 * H)
    assert watch.shows("farm-north")
    assert watch.alarm("farm-north").unknown_since_ms == 10 * M
    assert watch.alarm().unknown_since_ms is None


def test_pitfall_11_a_list_that_names_an_alarm_again_takes_back_that_it_is_over():
    """The first list lacks it, the second has it, before the clear that the first stands for was believed (2 min)."""
    watch = Watching().hears(raised(1 * M), lost(10 * M), back(60 * M))
    watch.is_told(at_ms=61 * M).is_told(raised(1 * M), at_ms=62 * M).until(9 * H)
    assert watch.shows()


# -- 10: parents -------------------------------------------------------------------------------------


def test_pitfall_10_a_child_reported_before_its_parent_keeps_its_place():
    watch = Watching().hears(raised(1 * M), lost(3 * M))
    assert watch.shows()
    assert watch.alarm().unknown_since_ms == 3 * M
    assert watch.kinds() == ["raised", "unknown"]


@pytest.mark.parametrize(("needs", "lost_", "gone"), [
    ("any", {"em-a"}, set()),
    ("any", {"em-a", "em-b"}, {"r-1"}),
    ("all", {"em-a"}, {"r-1"}),
    ("all", set(), set()),
])  # fmt: skip
def test_pitfall_10_two_parents_any_or_all(needs, lost_, gone):
    parents = {"r-1": Parents(frozenset({"em-a", "em-b"}), needs)}
    assert cut_off(lost_, parents) == gone | lost_


def test_pitfall_10_who_is_reached_through_somebody_out_of_reach_is_out_of_reach():
    parents = {"c": Parents(frozenset({"b"}), "any"), "b": Parents(frozenset({"a"}), "all")}
    assert cut_off({"a"}, parents) == {"a", "b", "c"}


def test_pitfall_10_a_burst_of_stale_children_at_the_parents_return_does_not_mislead():
    """Out of reach for an hour, the port says on its return what came and went meanwhile, and what is true."""
    watch = Watching().hears(lost(10 * M))
    watch.hears(*[raised(20 * M + n, "farm-north", known_ms=70 * M) for n in range(3)])
    watch.hears(raised(30 * M, "hub-north", known_ms=70 * M), raised(65 * M, known_ms=70 * M))
    watch.hears(back(70 * M + 20 * S))
    assert not watch.list.active
    watch.is_told(raised(65 * M, known_ms=70 * M + 21 * S), at_ms=70 * M + 21 * S)
    assert watch.list.active == {(LINK, "lossOfSignal", END)}
    watch.hears(cleared(40 * M, "hub-north", known_ms=71 * M), cleared(41 * M, "farm-north", known_ms=71 * M))
    watch.until(2 * H)
    assert watch.list.active == {(LINK, "lossOfSignal", END)}
    assert watch.kinds()[-2:] == ["held", "presented"]
    assert watch.alarm("hub-north").cleared_ms == 40 * M  # the clear on its way told more than the comparison


def test_pitfall_10_what_is_held_is_presented_at_last_even_if_the_element_never_tells():
    watch = Watching().hears(lost(10 * M), raised(20 * M))
    assert not watch.until(22 * M - 1).shows()
    assert watch.until(22 * M).shows()
