"""Parts of sessions: in whatever order they come they are one session, or it is told why not."""

from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ossbss.bss.revenue.mediation.partials import CONTINUATION
from tests.bss.revenue.mediation.books import accounts, mediated, parts, read, states, total
from tests.bss.revenue.mediation.calls import HOLD_MS, LATER, NOON, PREFIXES, Call


@settings(max_examples=40)
@given(st.permutations(parts(4)), st.lists(st.integers(1, 3), max_size=3))
def test_however_the_parts_come_they_are_one_session(order, cuts):
    edges = sorted({0, *cuts, 4})
    files = [read(*order[a:b], file_id=f"f{a}") for a, b in pairwise(edges)]
    books, taken = mediated(*files)
    assert taken.select("quantity", "started_ms", "parts", "closed").rows() == [(600_000, NOON, 4, None)]
    assert states(books) == {"merged": 3, "taken": 1}
    assert total(books) == (4, 600_000)


def test_a_session_waits_its_time_and_is_closed_with_what_it_has():
    one, two, three = parts(3)
    books, taken = mediated(read(one, three))
    assert taken.is_empty()
    assert books.close(LATER + HOLD_MS - 1).taken.is_empty()
    closed = books.close(LATER + HOLD_MS)
    assert closed.taken.select("quantity", "parts", "closed").rows() == [
        (240_000, 2, "closed: parts were missing when its time was up")
    ]
    late = books.take(read(two, one, file_id="g"), accounts(), PREFIXES, LATER + HOLD_MS)
    assert late.taken.select("quantity", "leg", "closed").rows() == [(120_000, 2, CONTINUATION)]
    assert states(books) == {"duplicate": 1, "merged": 1, "taken": 2}
    assert total(books) == (4, 60_000 + 240_000 - 60_000 + 120_000 + 60_000)


def test_a_part_that_comes_twice_does_not_complete_a_session():
    one, two, three = parts(3)
    books, taken = mediated(read(one), read(one.but(number=9)), read(three))
    assert taken.is_empty()
    assert states(books) == {"duplicate": 1, "suspended": 2}
    assert books.take(read(two), accounts(), PREFIXES, LATER).taken["quantity"].to_list() == [360_000]


@pytest.mark.parametrize(
    "told",
    [
        [(1, False), (2, False)],
        [(2, False), (3, True)],
        [(1, True), (2, False)],
        [(1, True), (2, True)],
        [(1, False), (3, True)],
        [(1, False), (2, True), (4, False)],
    ],
)
def test_a_session_whose_parts_do_not_agree_waits_and_is_closed(told):
    own = [Call(number, chain="s", leg=leg, last=last) for number, (leg, last) in enumerate(told, start=1)]
    books, taken = mediated(read(*own))
    assert taken.is_empty()
    assert books.close(LATER + HOLD_MS).taken.select("parts", "quantity").rows() == [(len(told), 60_000 * len(told))]


def test_parts_of_different_lines_are_never_summed():
    one, two = parts(2)
    books, taken = mediated(read(one, two.but(line="b")))
    assert taken.is_empty()
    assert books.close(LATER + HOLD_MS).taken.sort("subscriber_id").select("subscriber_id", "quantity").rows() == [
        ("a", 60_000), ("b", 120_000)
    ]  # fmt: skip


def test_an_empty_part_is_a_part():
    one, two = parts(2)
    books, taken = mediated(read(one, two.but(seconds=0)))
    assert taken["quantity"].to_list() == [60_000]
    books, taken = mediated(read(one.but(seconds=0), two.but(seconds=0)))
    assert states(books) == {"filtered": 1, "merged": 1}


def test_a_session_that_carries_too_much_is_rejected_whole():
    half = 20 * 24 * 3600
    books, taken = mediated(read(*(each.but(seconds=half) for each in parts(2))))
    assert taken.is_empty()
    assert states(books) == {"rejected": 2}
    assert books.unrated()["reason"].unique().to_list() == ["quantity beyond the 2678400000 that one session may carry"]
    mends = pl.DataFrame({"usage_id": [1, 2], "quantity": [60_000, 120_000]})
    assert books.recycle(accounts(), PREFIXES, mends).taken["quantity"].to_list() == [180_000]
