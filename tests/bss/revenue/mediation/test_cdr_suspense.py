"""What waits, comes back and is never lost: suspense, mends, and the laws of the books."""


import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ossbss.bss.revenue.mediation.cdr import CdrMediation
from ossbss.bss.revenue.mediation.suspense import MendError
from tests.bss import shop
from tests.bss.revenue.mediation import calls
from tests.bss.revenue.mediation.books import accounts, mediated, parts, read, states, substance, total
from tests.bss.revenue.mediation.calls import HOLD_MS, LATER, NOON, PREFIXES, Call


def test_a_new_account_and_a_new_prefix_bring_back_what_waited():
    books, taken = mediated(read(Call(1, line="b"), Call(2, to="33")), who=accounts("a"))
    assert taken.is_empty()
    prefixes = pl.concat([PREFIXES, pl.DataFrame([("33", "international", 0, None)], schema=PREFIXES.schema, orient="row")])
    assert books.recycle(accounts("a"), PREFIXES).unrated.height == 2
    assert books.recycle(accounts("a", "b"), PREFIXES).taken["usage_id"].to_list() == [1]
    assert books.recycle(accounts("a", "b"), prefixes).taken["zone"].to_list() == ["international"]
    assert books.recycle(accounts("a", "b"), prefixes).taken.is_empty()
    assert states(books) == {"taken": 2}


@pytest.mark.parametrize("prefixes", [PREFIXES.drop("zone"), pl.concat([PREFIXES, PREFIXES])])
def test_what_waits_is_not_lost_where_the_tables_are_wrong(prefixes):
    books, _ = mediated(read(Call(1, line="nobody")))
    with pytest.raises(ValueError, match="prefixes"):
        books.recycle(accounts(), prefixes)
    with pytest.raises(ValueError, match="accounts"):
        books.recycle(accounts().drop("account_id"), PREFIXES)
    assert states(books) == {"suspended": 1}


def test_a_rejected_record_waits_until_a_person_mends_it():
    books, _ = mediated(read(Call(1, seconds=-60), Call(2, seconds=-60)))
    assert books.recycle(accounts(), PREFIXES).unrated.is_empty()
    again = books.recycle(accounts(), PREFIXES, pl.DataFrame({"usage_id": [1], "quantity": [60_000]}))
    assert again.taken.select("usage_id", "quantity").rows() == [(1, 60_000)]
    assert states(books) == {"rejected": 1, "taken": 1}


def test_a_mend_names_what_waits_and_columns_that_there_are():
    books, _ = mediated(read(Call(1, seconds=-60)))
    mends = pl.DataFrame({"usage_id": [1, 1, 7], "price": [1, 1, 1], "quantity": ["x", "x", "x"]})
    with pytest.raises(MendError, match=r"price: Int64.*quantity: String.*no record 7.*record 1 is mended twice"):
        books.recycle(accounts(), PREFIXES, mends)
    with pytest.raises(MendError, match="usage_id is missing"):
        books.recycle(accounts(), PREFIXES, pl.DataFrame({"quantity": [1]}))
    assert states(books) == {"rejected": 1}


some_calls = st.lists(
    st.builds(
        Call, st.integers(1, 9), st.sampled_from(["a", "b", "nobody"]), st.sampled_from(["2547", "447", "99"]),
        st.sampled_from([-60, 0, 60, 120, 10**8]), st.sampled_from([NOON, NOON + 60_000, LATER + 1]),
        st.sampled_from([None, "s", "t"]), st.integers(0, 3), st.booleans(),
    ),
    max_size=7,
)  # fmt: skip


@settings(max_examples=40)
@given(st.lists(some_calls, min_size=1, max_size=3), st.booleans(), st.booleans())
def test_records_in_are_records_in_some_state_by_count_and_by_quantity(files, close, recycle):
    books, _ = mediated(*(read(*each, file_id=f"f{n}") for n, each in enumerate(files)))
    if close:
        books.close(LATER + HOLD_MS)
    if recycle:
        books.recycle(shop.accounts("a", "b", "nobody"), PREFIXES)
    every = [call for each in files for call in each]
    assert total(books) == (len(every), sum(call.seconds * 1000 for call in every))


whole_sessions = st.lists(
    st.tuples(st.integers(1, 3), st.sampled_from(["a", "b", "nobody"]), st.sampled_from(["2547", "447", "99"]),
              st.integers(0, 2), st.booleans()),
    max_size=4,
)  # fmt: skip


def told(sessions):
    """Calls, and sessions of parts, some of whose records come twice."""
    found = []
    for at, (count, line, to, copies, split) in enumerate(sessions):
        own = parts(count, at * 10 + 1, f"s{at}", line=line, to=to)
        own = own if split else [each.but(chain=None, leg=None) for each in own]
        found += own + own[:copies]
    return found


@settings(max_examples=40)
@given(whole_sessions, st.data())
def test_the_order_of_records_and_of_files_changes_nothing_that_is_taken(sessions, data):
    listed = told(sessions)
    files = [read(*listed[0::2], file_id="f"), read(*listed[1::2], file_id="f")]
    _, taken = mediated(*files)
    shuffled = data.draw(st.permutations(listed))
    books, again = mediated(read(*shuffled[0::2], file_id="f"), read(*shuffled[1::2], file_id="f"))
    assert substance(again) == substance(taken)
    assert total(books)[0] == len(listed)


faults = st.sampled_from([{"seconds": -1}, {"line": "nobody"}, {"to": "99"}, {"seconds": 10**8}, {"at_ms": LATER + 5}, {}])


@settings(max_examples=40)
@given(whole_sessions.filter(bool), st.data())
def test_recycling_gives_exactly_what_a_clean_file_gives(sessions, data):
    clean = told([(n, "a", "2547", 0, split) for n, *_, split in sessions])
    spoilt = [each.but(**data.draw(faults)) for each in clean]
    _, expected = mediated(read(*clean))
    books = CdrMediation(HOLD_MS)
    first = books.take(read(*spoilt), accounts(), PREFIXES, LATER).taken
    waiting = books.suspense.records["usage_id"].to_list()
    fixed = calls.frame(*clean).select("subscriber_id", "destination", "started_ms", "quantity").with_row_index("usage_id", 1)
    mends = fixed.with_columns(pl.col("usage_id").cast(pl.Int64)).filter(pl.col("usage_id").is_in(waiting))
    second = books.recycle(accounts(), PREFIXES, mends).taken
    assert pl.concat([first, second]).sort("usage_id").equals(expected)
    assert books.unrated().is_empty()
    assert total(books) == (len(clean), sum(each.seconds * 1000 for each in clean))
