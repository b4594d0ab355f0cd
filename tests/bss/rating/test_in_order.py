"""Records brought into order by bits of hashes: as if they had been sorted by their names."""

from itertools import chain

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossbss.bss.revenue.rating import compiled, owners, walk
from ossbss.bss.revenue.rating.columns import NONE
from ossbss.bss.revenue.rating.in_order import PLAN_KEY, kinds
from ossbss.bss.revenue.rating.owners import by_owner, may_be_among

names = st.sampled_from([f"account-{number}" for number in range(9)])
rows = st.lists(st.tuples(names, st.integers(0, 20), st.integers(0, 10**6)), min_size=1, max_size=60, unique_by=lambda r: r[2])


def ordered(given_rows):
    accounts, starts, ids = zip(*given_rows, strict=True)
    order, found = by_owner(pl.Series(accounts), np.array(starts), np.array(ids))
    return [given_rows[place] for place in order], found


@given(rows)
def test_the_records_of_an_account_stand_together_by_time_and_id(given_rows):
    found, by = ordered(given_rows)
    parts = [found[a:b] for a, b in zip(by.rows, by.rows[1:], strict=False)]
    assert list(chain(*parts)) == found
    assert [part[0][0] for part in parts] == by.names.to_list()
    assert sorted(parts) == [sorted((r for r in given_rows if r[0] == name), key=lambda r: r[1:])
                             for name in sorted({r[0] for r in given_rows})]  # fmt: skip


@given(rows)
def test_accounts_whose_bits_are_the_same_are_told_apart_by_others(given_rows):
    """With the first two seeds there are but two keys."""
    right, few = owners._keys, []

    def keys(accounts, seed):
        few.append(seed)
        return right(accounts, seed) & np.uint64(1) if seed < 2 else right(accounts, seed)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(owners, "_keys", keys)
        _, by = ordered(given_rows)
        assert by.find(pl.Series([*by.names, "nobody"])).tolist() == [*range(len(by.names)), NONE]
    assert len(by.names) == len({r[0] for r in given_rows})
    assert (2 in few) or len(by.names) <= 2


@given(st.lists(names), st.lists(names))
def test_nobody_is_said_not_to_be_among_those_whom_he_is_among(accounts, few):
    said = may_be_among(pl.Series(accounts, dtype=pl.String), pl.Series(few, dtype=pl.String))
    assert all(said[place] for place, name in enumerate(accounts) if name in few)


@given(st.lists(st.tuples(names, names, st.none() | names), min_size=1, max_size=80))
def test_each_record_has_the_number_of_its_kind(given_rows):
    frame = pl.DataFrame(given_rows, schema=dict.fromkeys(PLAN_KEY, pl.String), orient="row")
    found = kinds(frame)
    assert [found.keys.row(number) for number in found.plan] == given_rows
    assert found.keys.height == len(set(given_rows))


def test_what_was_compiled_is_forgotten_when_any_file_that_went_into_it_is_another():
    if not hasattr(walk.walk, "_cache"):
        pytest.skip("nothing is compiled here")
    assert walk.walk._cache._cache_file._source_stamp == compiled._stamp()
