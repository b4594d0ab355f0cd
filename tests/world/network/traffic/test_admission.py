"""Which calls get in: a timed story, a slow model that counts milliseconds of slots, and splits at any hour."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ossbss.contract.units import HOUR_MS
from sim.world.network.traffic import admission
from sim.world.network.traffic.admission import InProgress, admit

generated = settings(derandomize=True, phases=[Phase.generate], deadline=None, max_examples=150)


def ints(*values):
    return np.array(values, dtype=np.int64)


@pytest.fixture(params=["plain", "compiled"], autouse=True)
def kernel(request, monkeypatch):
    if request.param == "compiled":
        pytest.importorskip("numba", reason="the extra fast is not installed")
        monkeypatch.setattr(admission, "COMPILING_PAYS_FROM", 0)
    return request.param


def test_two_channels_for_four_callers():
    """The third finds both taken; the fourth starts in the millisecond in which the first hangs up."""
    admitted, going_on = admit(ints(0, 0, 0, 0), ints(0, 10, 20, 100), ints(100, 500, 5, 50), ints(1, 1, 1, 1),
                               ints(2, 2, 2, 2))  # fmt: skip
    assert admitted.tolist() == [True, True, False, True]
    left = going_on.after(120)
    assert (left.ends_ms.tolist(), left.slots.tolist()) == ([150, 510], [1, 1])
    assert going_on.after(150).ends_ms.tolist() == [510]


def test_a_wide_call_is_blocked_where_a_narrow_one_fits():
    admitted, _ = admit(ints(0, 0, 0), ints(0, 1, 2), ints(9, 9, 9), ints(3, 2, 1), ints(4, 4, 4))
    assert admitted.tolist() == [True, False, True]


def test_calls_in_progress_count_in_their_own_place_only():
    held = InProgress(ints(2, 1, 9), ints(50, 50, 50), ints(1, 1, 1))
    admitted, _ = admit(ints(0, 1, 2, 2), ints(10, 10, 10, 50), ints(1, 1, 1, 1), ints(1, 1, 1, 1),
                        ints(1, 1, 1, 1), held)  # fmt: skip
    assert admitted.tolist() == [True, False, False, True]


def test_a_place_that_shrinks_keeps_its_calls_and_takes_no_more_until_they_fit():
    admitted, _ = admit(ints(0, 0, 0, 0), ints(0, 1, 2, 30), ints(20, 25, 5, 5), ints(1, 1, 1, 1), ints(2, 2, 1, 1))
    assert admitted.tolist() == [True, True, False, True]


def test_calls_out_of_order_and_below_nothing_are_refused():
    one = ints(1, 1)
    for place, start in ((ints(1, 0), ints(0, 0)), (ints(0, 0), ints(5, 4))):
        with pytest.raises(ValueError, match="call 1 is out of order"):
            admit(place, start, one, one, one)
    with pytest.raises(ValueError, match="hold_ms -1"):
        admit(ints(0), ints(0), ints(-1), ints(1), ints(1))
    with pytest.raises(ValueError, match="slots -1"):
        admit(ints(0), ints(0), ints(1), ints(-1), ints(1))


calls = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 5 * HOUR_MS), st.integers(0, 3 * HOUR_MS), st.integers(1, 4)),
    max_size=60,
)
CAPACITY = ints(3, 5, 8)


def columns(drawn):
    place, start_ms, hold_ms, slots = (ints(*values) for values in zip(*sorted(drawn), strict=True)) if drawn else (
        ints(), ints(), ints(), ints())  # fmt: skip
    return place, start_ms, hold_ms, slots, CAPACITY[place]


def held_at(at_ms, where, admitted, place, start_ms, hold_ms, slots):
    """Slots that the admitted calls of a place hold at an instant: from their start until before their end."""
    here = admitted & (place == where) & (start_ms <= at_ms) & (at_ms < start_ms + hold_ms)
    return int(slots[here].sum())


def test_never_more_than_there_are_and_blocked_only_what_would_not_fit(kernel):
    @generated
    @given(calls)
    def holds(drawn):
        place, start_ms, hold_ms, slots, capacity = columns(drawn)
        admitted, _ = admit(place, start_ms, hold_ms, slots, capacity)
        for call in range(len(place)):
            earlier = admitted & (np.arange(len(place)) < call)
            held = held_at(start_ms[call], place[call], earlier, place, start_ms, hold_ms, slots)
            assert admitted[call] == (held + slots[call] <= capacity[call])
        for at_ms in {*start_ms.tolist()}:
            for where, room in enumerate(CAPACITY):
                assert held_at(at_ms, where, admitted, place, start_ms, hold_ms, slots) <= room

    holds()


def test_more_channels_never_block_more_calls_where_all_are_alike(kernel):
    """True of calls of one width and one length; with several widths or lengths a wide call let in may block many."""

    @generated
    @given(calls, st.integers(1, 2 * HOUR_MS), st.integers(0, 6))
    def holds(drawn, hold_ms, room):
        place, start_ms, _, slots, _ = columns(drawn)
        alike, held = np.ones_like(slots), np.full_like(slots, hold_ms)
        fewer, more = (admit(place, start_ms, held, alike, alike * n)[0].sum() for n in (room, room + 1))
        assert fewer <= more

    holds()


def test_a_day_split_at_any_hours_is_decided_as_the_whole_day(kernel):
    @generated
    @given(calls, st.sets(st.integers(0, 5)))
    def holds(drawn, hours):
        given_ = columns(drawn)
        start_ms = given_[1]
        whole, at_end = admit(*given_)
        decided, held = np.zeros_like(whole), InProgress()
        borders = [0, *(hour * HOUR_MS for hour in sorted(hours)), 6 * HOUR_MS]
        for begins_ms, ends_ms in pairwise(borders):
            now = (begins_ms <= start_ms) & (start_ms < ends_ms)
            decided[now], held = admit(*(column[now] for column in given_), held.after(begins_ms))
        assert (decided == whole).all()
        for kept, expected in zip(vars(held.after(6 * HOUR_MS)).values(), vars(at_end.after(6 * HOUR_MS)).values(),
                                  strict=True):  # fmt: skip
            assert (kept == expected).all()

    holds()


def test_places_do_not_feel_each_other(kernel):
    @generated
    @given(calls)
    def holds(drawn):
        given_ = columns(drawn)
        together, _ = admit(*given_)
        for where in range(3):
            here = given_[0] == where
            assert (admit(*(column[here] for column in given_))[0] == together[here]).all()

    holds()
