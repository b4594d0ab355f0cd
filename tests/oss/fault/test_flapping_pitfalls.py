"""Pitfall 9 of the standards' checklist: damping neither hides a hard fault nor opens an incident for each flap."""

from tests.oss.fault.watching import H, M, S, Watching, cleared, raised


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
