"""Pitfall 7 of the standards' checklist: clocks of devices are wrong, and both times are kept."""

import pytest

from ossbss.oss.elements.adapters import READERS
from ossbss.oss.fault.clock_skew import apart, corrected_ms, skew, span_ms
from tests.oss.fault.watching import INVENTORY, H, M, S, Watching, raised, work


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
