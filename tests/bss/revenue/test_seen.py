"""Which records were taken already: of files without gaps two numbers are kept, and nothing is forgotten for it."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from ossbss.bss.revenue.mediation import duplicates
from ossbss.bss.revenue.mediation.duplicates import KEY_SCHEMA, TakenRecords
from ossbss.bss.revenue.seen import SEEN_SCHEMA, SeenRecords, may_repeat

elements = st.sampled_from(["core-1", "core-2"])
keys = st.lists(st.tuples(elements, st.integers(0, 30)), max_size=40)
taken_keys = st.lists(st.tuples(elements, st.sampled_from(["number", "id", "leg"]), elements, st.integers(0, 5)), max_size=40)


def frame(rows, schema=SEEN_SCHEMA):
    return pl.DataFrame(rows, schema=schema, orient="row")


@given(st.lists(st.sets(st.tuples(elements, st.integers(0, 30))), max_size=5), keys)
def test_all_that_was_taken_is_known_again_and_nothing_else(files, batch):
    seen, known = SeenRecords(), set()
    for file in files:
        new = sorted(file - known)
        seen.add(frame(new))
        known |= file
    near = set(seen.near(frame(batch)).iter_rows())
    assert near <= known
    assert {key for key in batch if key in known} <= near


@given(keys)
def test_what_stands_twice_is_never_overlooked(batch):
    assert may_repeat(frame(batch)) == (len(set(batch)) < len(batch))


@given(taken_keys)
def test_no_key_that_stands_twice_is_overlooked(batch):
    assert duplicates.may_repeat(frame(batch, KEY_SCHEMA)) == (len(set(batch)) < len(batch))


@given(taken_keys, taken_keys, taken_keys)
def test_taken_keys_are_known_until_they_are_forgotten(added, gone, asked):
    added = [key if key[1] != "id" else (*key[:3], 0) for key in added]
    gone, asked = ([key if key[1] != "id" else (*key[:3], 0) for key in some] for some in (gone, asked))
    taken = TakenRecords()
    taken.add(frame(added, KEY_SCHEMA))
    taken.forget(frame(gone, KEY_SCHEMA))
    left = set(added) - set(gone)
    assert set(taken.near(frame(asked, KEY_SCHEMA)).iter_rows()) == {key for key in asked if key in left}
