"""Pitfalls 1 and 8 of the standards' checklist: clears in any order; three life cycles apart, and windows of work."""

import pytest

from ossbss.oss.maintenance.planned_work import resource_of
from tests.oss.fault.watching import INVENTORY, LINK, H, M, Watching, cleared, raised, work


def test_pitfall_1_a_clear_before_its_raise_leaves_nothing_raised():
    watch = Watching().hears(cleared(5 * M), raised(4 * M, known_ms=6 * M))
    assert not watch.shows()
    assert watch.kinds() == ["late", "late"]


def test_pitfall_1_a_clear_twice_or_of_an_unknown_alarm_changes_nothing():
    watch = Watching().hears(raised(1 * M), cleared(9 * M))
    before = watch.alarm()
    watch.hears(cleared(9 * M, known_ms=10 * M), cleared(11 * M, thing="hub-north"))
    assert (watch.alarm().cleared_ms, watch.alarm().clear_known_ms) == (before.cleared_ms, before.clear_known_ms)
    assert not watch.shows("hub-north")


def test_pitfall_1_a_clear_older_than_the_raise_does_not_end_it():
    watch = Watching().hears(raised(9 * M), cleared(5 * M, known_ms=10 * M))
    assert watch.shows()
    assert watch.alarm().cleared_ms is None


def test_pitfall_8_to_acknowledge_clears_nothing_and_stops_no_clock():
    watch = Watching().hears(raised(1 * M)).does("acknowledge", 2 * M)
    assert watch.shows()
    assert (watch.alarm().operator_state, watch.alarm().cleared_ms) == ("ack", None)
    watch.hears(cleared(30 * M))
    assert watch.alarm().cleared_ms - watch.alarm().raised.occurred_ms == 29 * M


def test_pitfall_8_a_clear_does_not_close_and_a_close_does_not_clear():
    watch = Watching().hears(raised(1 * M), cleared(9 * M))
    assert watch.alarm().operator_state == "none"
    again = Watching().hears(raised(1 * M)).does("close", 2 * M)
    assert again.alarm().operator_state == "closed"
    assert again.alarm().active
    assert again.shows()


@pytest.mark.parametrize("hidden_by", ["shelf", "window"])
def test_pitfall_8_what_is_hidden_still_changes_state(hidden_by):
    watch = Watching()
    if hidden_by == "window":
        watch.list.plan(work(LINK, 0, 4 * H), 0)
    watch.hears(raised(1 * M, severity="minor"))
    if hidden_by == "shelf":
        watch.does("shelve", 2 * M, shelf="known noise")
    watch.hears(raised(5 * M, severity="critical"), cleared(9 * M))
    assert not watch.shows()
    assert [(c.at_ms, c.perceived_severity) for c in watch.alarm().status_changes] == [
        (1 * M, "minor"), (5 * M, "critical"), (9 * M, "cleared"),
    ]  # fmt: skip
    assert watch.alarm().perceived_severity == "critical"  # cleared is no severity of an alarm, RFC 8632


def test_pitfall_8_the_end_of_a_window_restores_the_true_state():
    """Two alarms within the window, one is over before it ends: the other is presented, five minutes after the end."""
    watch = Watching()
    watch.list.plan(work(LINK, 1 * H, 2 * H), 0)
    watch.hears(raised(61 * M), raised(61 * M, source="r-east"), cleared(100 * M))
    assert not watch.shows()
    assert not watch.shows(source="r-east")
    watch.until(2 * H + 5 * M - 1)
    assert not watch.list.active
    watch.until(2 * H + 5 * M)
    assert not watch.shows()
    assert watch.shows(source="r-east")
    assert watch.list.pending == {(LINK, "lossOfSignal", "r-east"): 2 * H + 5 * M}
    assert watch.kinds(source="r-east") == ["raised", "suppressed", "presented"]


def test_pitfall_8_windows_may_overlap():
    """One until two o'clock, one on the whole site from half past one until three: three it is."""
    watch = Watching()
    for window in (work(LINK, 1 * H, 2 * H), work("port", 90 * M, 3 * H)):
        watch.list.plan(window, 0)
    watch.hears(raised(61 * M)).until(3 * H + 5 * M - 1)
    assert not watch.shows()
    assert watch.until(3 * H + 5 * M).shows()


def test_pitfall_8_what_failed_before_the_work_or_has_nothing_to_do_with_it_is_a_fault():
    watch = Watching()
    watch.list.plan(work(LINK, 1 * H, 2 * H), 0)
    watch.hears(raised(59 * M), raised(70 * M, thing="farm-north", source="r-farm"))
    assert watch.shows()
    assert watch.shows("farm-north", "r-farm")


def test_pitfall_8_work_that_is_told_of_when_it_has_begun():
    watch = Watching().hears(raised(61 * M))
    watch.list.plan(work(LINK, 1 * H, 2 * H), 65 * M)
    assert not watch.shows()
    assert watch.until(3 * H).shows()


def test_pitfall_8_what_needs_two_resources_is_not_explained_by_work_on_one_of_them():
    """The ring carries svc-east two ways: work on one fibre does not explain its failure; on the port's only link it
    explains svc-port's."""
    ring, spur = work("hub-north", 0, H), work(LINK, 0, H)
    assert not any(ring.covers(identity) for identity in INVENTORY.services["svc-east"].alarms_of_outage)
    assert all(spur.covers(identity) for identity in INVENTORY.services["svc-port"].alarms_of_outage)
    assert resource_of(INVENTORY.services["svc-port"].alarms_of_outage, [ring, spur], 30 * M) == LINK
    assert resource_of(INVENTORY.services["svc-port"].alarms_of_outage, [ring, spur], 2 * H) is None
