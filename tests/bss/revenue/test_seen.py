"""Which records were taken already: of files without gaps two numbers are kept, and nothing is forgotten for it."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from ossbss.bss.revenue.mediation import taken as taken_keys
from ossbss.bss.revenue.mediation.taken import KEY_SCHEMA, TakenRecords, spans_of
from ossbss.bss.revenue.seen import SEEN_SCHEMA, SeenRecords, may_repeat

elements = st.sampled_from(["core-1", "core-2"])
keys = st.lists(st.tuples(elements, st.integers(0, 30)), max_size=40)
ends = st.sampled_from([-(2**63), -(2**63) + 1, 2**63 - 2, 2**63 - 1])
keys_of_records = st.lists(
    st.tuples(elements, st.sampled_from(["number", "id", "leg"]), elements, st.integers(0, 9) | ends), max_size=40
)


def unique_ids(rows):
    """Ids have no number."""
    return [key if key[1] != "id" else (*key[:3], 0) for key in rows]


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


@given(keys_of_records)
def test_no_key_that_stands_twice_is_overlooked(batch):
    told = unique_ids(batch)
    assert taken_keys.may_repeat(frame(told, KEY_SCHEMA)) == (len(set(told)) < len(told))


@given(st.lists(st.tuples(st.booleans(), keys_of_records), max_size=6), keys_of_records)
def test_taken_keys_are_known_until_they_are_forgotten(steps, asked):
    taken, known = TakenRecords(), set()
    for comes, some in steps:
        told = set(unique_ids(some))
        if comes:
            taken.add(spans_of(frame(sorted(told - known), KEY_SCHEMA)))
            known |= told
        else:
            taken.forget(frame(sorted(told), KEY_SCHEMA))
            known -= told
    asked = unique_ids(asked)
    assert sorted(taken.near(frame(asked, KEY_SCHEMA)).iter_rows()) == sorted(key for key in asked if key in known)


def test_a_file_without_gaps_is_one_span():
    rows = [("core-1", "number", "a", number) for number in range(1, 1_001) if number != 500]
    assert spans_of(frame(rows, KEY_SCHEMA)).select("number", "last").rows() == [(1, 499), (501, 1_000)]
