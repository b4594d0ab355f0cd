"""Pitfalls of surveillance, by the numbers of the standards' checklist: each a story with its times."""

import pytest

from ossbss.contract.assurance import PlannedWork
from ossbss.oss.elements.adapters import READERS
from ossbss.oss.fault.cause.diagnosis import Diagnostician
from ossbss.oss.fault.clock_skew import apart, corrected_ms, skew, span_ms
from ossbss.oss.fault.reachability import Parents, cut_off
from ossbss.oss.fault.symptoms import STATION
from ossbss.oss.maintenance.planned_work import resource_of, window_of
from tests.oss.fault.watching import END, INVENTORY, LINK, H, M, S, Watching, back, cleared, lost, raised

MODEL = Diagnostician(INVENTORY, station_source=STATION, suspect_all=False).symptoms


def work(resource, starts_ms, ends_ms):
    told = PlannedWork(sender="calendar", message_id="1", occurred_ms=0, resource_id=resource, starts_ms=starts_ms,
                       ends_ms=ends_ms)  # fmt: skip
    return window_of(told, INVENTORY, MODEL)


# -- 1: clears in any order ----------------------------------------------------------------------------


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


# -- 7: clocks -----------------------------------------------------------------------------------------


def test_pitfall_7_a_clock_that_is_an_hour_slow_is_found_and_late_messages_do_not_hide_it():
    """Eleven messages take 50 to 150 ms, four were half a minute late: the error is an hour to within a second or so."""
    late = [H + 30 * S + n for n in (0, 40, 10, 70)]
    prompt = [H + 50 + 10 * n for n in range(11)]
    found = skew([*late, *prompt], 50)
    assert abs(found.offset_ms - H) <= found.uncertainty_ms < 2 * S
    assert found.is_off


@pytest.mark.parametrize("differences", [[50] * 20, [900, 20, 480, 130, 999, 640], [50, 60, 30_050, 55, 30_060, 58, 52]])
def test_pitfall_7_a_true_clock_is_not_called_wrong(differences):
    """Not by what the way takes, by stamps without milliseconds, nor by some late lines."""
    assert not skew(differences, 0).is_off


def test_pitfall_7_too_few_messages_tell_nothing():
    assert skew([H] * 4, 0) is None


def test_pitfall_7_arrival_and_event_time_are_both_kept_and_nothing_occurs_after_it_was_heard_of():
    alarm = raised(10 * M, known_ms=70 * M)
    off = skew([H + 100] * 9, 0)
    assert (alarm.occurred_ms, alarm.known_ms) == (10 * M, 70 * M)
    assert corrected_ms(alarm, off)[0] == pytest.approx(70 * M, abs=2 * S)
    ahead = raised(70 * M, known_ms=10 * M)
    for known in (None, off, skew([-H] * 9, 0)):
        assert span_ms(ahead, known)[1] <= ahead.known_ms
    assert span_ms(ahead, skew([-H] * 9, 0))[0] == pytest.approx(10 * M, abs=2 * S)


def test_pitfall_7_windows_are_on_both_times():
    """East's clock is an hour slow, the hub's is right, of the port's nobody knows. The hub's old alarm came late."""
    skews = {"r-east": skew([H] * 9, 0), "r-hub": skew([100] * 9, 0), "r-port": None}
    now = [raised(2 * H, "hub-north", "r-hub", known_ms=2 * H + 100), raised(H, "east-port", "r-east", known_ms=2 * H),
           raised(3 * M, "east-port", "r-port", known_ms=2 * H)]  # fmt: skip
    old = raised(30 * M, "hub-south", "r-hub", known_ms=2 * H + 50)
    together = {frozenset(a.source + a.alarmed_object for a in part) for part in apart(now, skews, 2 * M)}
    assert together == {frozenset({"r-hubhub-north", "r-easteast-port", "r-porteast-port"})}
    assert [{a.alarmed_object for a in part} for part in apart([*now[:2], old], skews, 2 * M)] == [
        {"hub-south"}, {"hub-north", "east-port"},
    ]  # fmt: skip


def test_pitfall_7_the_list_learns_of_a_clock_from_messages_that_came_by_themselves():
    """Nine lines an hour slow, then work within an hour by the station's clock: the alarm belongs to it."""
    line = b"<187>1: r-hub: *May  6 %02d:%02d:00.000: %%LINK-3-UPDOWN: Interface %s, changed state to down"
    names = INVENTORY.names
    node = next(n for n, vendor in INVENTORY.vendor_of_node.items() if vendor == "ios")
    port, link = next(iter(names[node].link_of_port.items()))
    starts_ms = 1_714_986_000_000  # 2024-05-06 09:00 UTC
    watch = Watching()
    for minute in range(9):
        reading = READERS["ios"](line % (8, minute, port.encode()), starts_ms + minute * M, names[node])
        assert reading.alarms, reading
        watch.list.heard(node, reading, starts_ms + minute * M)
    assert watch.list.skew_of(node).offset_ms == pytest.approx(H, abs=S)
    watch.list.plan(work(link, starts_ms, starts_ms + 2 * H), starts_ms)
    at_ms = starts_ms + 10 * M
    watch.hears(raised(at_ms - H, link, node, known_ms=at_ms))
    assert not watch.shows(link, node)


# -- 8: three life cycles, windows ---------------------------------------------------------------------


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


# -- 9: flapping ---------------------------------------------------------------------------------------


def flap(turns, half_ms=15 * S):
    """Down and up again, ``turns`` times, from the first minute."""
    times = [(M + 2 * n * half_ms, M + (2 * n + 1) * half_ms) for n in range(turns)]
    return [notification for down, up in times for notification in (raised(down), cleared(up))]


def test_pitfall_9_a_flapping_alarm_is_one_alarm_that_clears_once():
    watch = Watching().hears(*flap(20))
    last_ms = M + 39 * 15 * S
    assert watch.shows()
    assert len(watch.list.pending) == 1
    assert watch.until(last_ms + 2 * M - 1).shows()
    assert not watch.until(last_ms + 2 * M).shows()
    kinds = watch.kinds()
    assert kinds[:3] == ["raised", "cleared", "flapping"]  # three changes within a minute
    assert kinds.count("cleared") == 2  # the first came before it was known to flap; then once for all
    assert (kinds.count("repeated"), kinds.count("clear_held")) == (18, 19)
    assert (watch.alarm().flaps, watch.alarm().cleared_ms) == (19, last_ms)
    assert watch.alarm().alarm_id.endswith(f"|{M}")


def test_pitfall_9_a_hard_fault_among_flaps_is_never_hidden():
    """The last raise is not followed by a clear: the alarm stands there at every instant, and is called hard after two
    minutes."""
    watch = Watching().hears(*flap(5))
    hard_ms = M + 10 * 15 * S
    watch.hears(raised(hard_ms))
    for minute in range(4):
        assert watch.until(hard_ms + minute * M).shows()
    assert watch.kinds()[-1] == "settled"
    assert not watch.alarm().flapping
    watch.hears(cleared(hard_ms + 2 * H))
    assert watch.kinds()[-1] == "cleared"
    assert not watch.shows()


def test_pitfall_9_slow_comings_and_goings_are_alarms_of_their_own():
    watch = Watching().hears(*flap(3, half_ms=31 * S))
    assert watch.kinds() == ["raised", "cleared"] * 3


def test_pitfall_9_alarm_and_clear_every_thirty_seconds_reach_the_threshold():
    """S08: three changes within a minute, by stamps that are whole seconds."""
    watch = Watching().hears(*flap(6, half_ms=30 * S))
    assert len(watch.list.pending) == 1
    assert watch.kinds().count("flapping") == 1


# -- 10 to 12: parents, managers, restarts -------------------------------------------------------------


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
