"""CDR files on their way to rating: each record ends in one state, and none is taken twice."""

from collections import Counter

import polars as pl
import pytest

from ossbss.bss.revenue.mediation.cdr import TAKEN_SCHEMA, CdrMediation
from ossbss.bss.revenue.mediation.records import CdrFileError, Read
from ossbss.contract.charging import USAGE_SCHEMA
from tests.bss.revenue.mediation import calls
from tests.bss.revenue.mediation.books import NOTHING, accounts, mediated, read, states
from tests.bss.revenue.mediation.calls import HOLD_MS, LATER, PREFIXES, Call


def test_what_is_taken_is_ready_for_rating():
    _, taken = mediated(read(Call(1, to="447"), Call(2, to="2547")))
    assert dict(taken.schema) == TAKEN_SCHEMA
    assert set(USAGE_SCHEMA) <= set(taken.columns)
    assert taken.select("usage_id", "account_id", "zone", "parts", "closed").rows() == [
        (1, "acc-a", "international", 1, None), (2, "acc-a", "on_net", 1, None)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "state", "reason"),
    [
        ({"class": "fax"}, "rejected", "unknown class"),
        ({"zone": "moon"}, "rejected", "unknown zone"),
        ({"quantity": -1}, "rejected", "negative quantity"),
        ({"quantity": 2**62}, "rejected", "quantity beyond the 2678400000 that one record may carry"),
        ({"started_ms": LATER + 1}, "rejected", "starts after it was collected"),
        ({"started_ms": -1}, "rejected", "starts before 1970"),
        ({"subscriber_id": None}, "rejected", "a field is missing"),
        ({"sequence": None, "record_id": None}, "rejected", "neither a number nor an id"),
        ({"chain_id": "s", "leg": None}, "rejected", "part of a session, but not which"),
        ({"chain_id": "s", "leg": 0}, "rejected", "parts of a session count from 1"),
        ({"quantity": 0}, "filtered", "nothing was carried"),
        ({"class": "emergency"}, "filtered", "emergency calls are free"),
        ({"destination": "99"}, "suspended", "no zone for this destination at this time"),
        ({"destination": None}, "suspended", "no zone for this destination at this time"),
        ({"subscriber_id": "nobody"}, "suspended", "no account for this line at this time"),
        ({"chain_id": "s", "leg": 1}, "suspended", "waits for the other parts of its session"),
    ],
)  # fmt: skip
def test_each_record_that_is_not_taken_is_kept_with_its_reason(changes, state, reason):
    frame = calls.frame(Call(1))
    frame = frame.with_columns(pl.lit(value, dtype=frame.schema[name]).alias(name) for name, value in changes.items())
    books = CdrMediation(HOLD_MS)
    outcome = books.take(Read(frame, NOTHING.unrated), accounts(), PREFIXES, LATER)
    assert outcome.unrated.select("usage_id", "state", "reason").rows() == [(1, state, reason)]
    assert outcome.taken.is_empty()
    assert states(books) == {state: 1}


def test_columns_that_differ_are_told_at_once():
    wrong = calls.frame(Call(1)).drop("leg").with_columns(pl.col("quantity").cast(pl.Float64))
    with pytest.raises(CdrFileError, match=r"quantity: expected Int64, found Float64; leg: expected Int64, found nothing"):
        CdrMediation(HOLD_MS).take(Read(wrong, NOTHING.unrated), accounts(), PREFIXES, LATER)


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({}, "duplicate"),
        ({"record_id": None}, "duplicate"),
        ({"sequence": 9}, "duplicate"),
        ({"file_id": "g"}, "duplicate"),
        ({"file_id": "g", "record_id": None}, "taken"),
        ({"file_id": "g", "record_id": "other"}, "taken"),
        ({"element_id": "other"}, "taken"),
    ],
)
def test_a_record_is_known_again_by_its_number_in_the_file_or_its_id(change, state, together):
    first = calls.frame(Call(1))
    second = first.with_columns(pl.lit(value, dtype=pl.Int64 if name == "sequence" else pl.String).alias(name)
                                for name, value in change.items())  # fmt: skip
    frames = [pl.concat([first, second])] if together else [first, second]
    books, _ = mediated(*(Read(frame, NOTHING.unrated) for frame in frames))
    assert states(books) == dict(Counter(["taken", state]))


def test_a_double_of_a_double_is_no_double_of_what_was_never_taken():
    """2 is 1 again (its id); 3 has the number of 2, which was not taken."""
    frame = calls.frame(Call(1), Call(2), Call(2)).with_columns(
        pl.Series("record_id", ["x", "x", "y"]), pl.Series("sequence", [1, 2, 2])
    )
    for reads in ([frame], [frame[:1], frame[1:]], [frame[:2], frame[2:]]):
        books, taken = mediated(*(Read(each, NOTHING.unrated) for each in reads))
        assert taken["record_id"].to_list() == ["x", "y"]
        assert states(books) == {"duplicate": 1, "taken": 2}


def test_a_refused_record_comes_again_mended():
    books, taken = mediated(read(Call(1, seconds=-1)), read(Call(1, line="nobody")), read(Call(1)), read(Call(1)))
    assert taken.height == 1
    assert states(books) == {"duplicate": 1, "rejected": 1, "suspended": 1, "taken": 1}
