"""Allowances are taken in event order: by hand, against sums, and compiled or not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ossbss.bss.revenue import allowances
from ossbss.bss.revenue.allowances import draw_down
from ossbss.contract.units import UNLIMITED


def ints(*values):
    return np.array(values, dtype=np.int64)


def test_two_owners_take_turns_until_each_has_used_its_allowance():
    """Owner 0 may have 100, owner 1 has used 5 of 10, owner 2 has no limit."""
    free, used = draw_down(ints(0, 1, 0, 2, 1, 0), ints(60, 3, 60, 999, 9, 1), ints(100, 10, 100, UNLIMITED, 10, 100),
                           ints(0, 5, 0))  # fmt: skip
    assert free.tolist() == [60, 3, 40, 999, 2, 0]
    assert used.tolist() == [100, 10, 999]


def test_a_smaller_allowance_from_the_middle_of_the_cycle_gives_no_more_and_takes_nothing_back():
    free, used = draw_down(ints(0, 0, 0), ints(60, 10, 10), ints(100, 50, 100), ints(0))
    assert (free.tolist(), used.tolist()) == ([60, 0, 10], [70])


records = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 10**12)), max_size=40)


@pytest.fixture(params=["plain", "compiled"])
def kernel(request, monkeypatch):
    if request.param == "compiled":
        pytest.importorskip("numba", reason="the extra fast is not installed")
        monkeypatch.setattr(allowances, "COMPILING_PAYS_FROM", 0)
    return request.param


def test_compiled_or_not_it_is_the_same(kernel):
    @settings(deadline=None)  # the first call compiles
    @given(records, st.integers(0, 10**13))
    def each_owner_gets_the_smaller_of_wish_and_allowance(taken, allowance):
        owner, wanted = ints(*(o for o, _ in taken)), ints(*(w for _, w in taken))
        free, used = draw_down(owner, wanted, np.full(len(taken), allowance), ints(0, 0, 0, 0))
        for who in range(4):
            wish = sum(w for o, w in taken if o == who)
            assert free[owner == who].sum() == used[who] == min(wish, allowance)
        assert ((free >= 0) & (free <= wanted)).all()
        for who in range(4):  # once something is refused, nothing more is given
            mine, wish = free[owner == who], wanted[owner == who]
            short = np.flatnonzero(mine < wish)
            assert not len(short) or mine[short[0] + 1 :].sum() == 0

    each_owner_gets_the_smaller_of_wish_and_allowance()
