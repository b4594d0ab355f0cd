"""CDR files on their way to rating: each record ends in one state, nothing is lost, nothing counted twice."""

from collections import Counter
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ossbss.bss.revenue.mediation.cdr import TAKEN_SCHEMA, CdrMediation
from ossbss.bss.revenue.mediation.partials import CONTINUATION
from ossbss.bss.revenue.mediation.records import CdrFileError, Read, whole
from ossbss.bss.revenue.mediation.suspense import MendError
from ossbss.contract.charging import USAGE_SCHEMA
from tests.bss import shop
from tests.bss.revenue.mediation import calls
from tests.bss.revenue.mediation.calls import HOLD_MS, LATER, NOON, PREFIXES, READERS, WITH_PARTS, Call

LINES = ("a", "b", "c")
NOTHING = whole([])


def accounts(*lines):
    return shop.accounts(*(lines or LINES))


def read(*listed, file_id="f"):
    return Read(calls.frame(*listed, file_id=file_id), NOTHING.unrated)


def mediated(*reads, hold_ms=HOLD_MS, who=None, prefixes=PREFIXES):
    """The books after the files, and all that was taken."""
    books = CdrMediation(hold_ms)
    taken = [books.take(each, accounts() if who is None else who, prefixes, LATER).taken for each in reads]
    return books, pl.concat(taken)


def states(books):
    return dict(books.books().group_by("state").agg(pl.col("records").sum()).iter_rows())


def total(books):
    return int(books.books()["records"].sum()), int(books.books()["quantity"].sum())


def substance(taken):
    """What was taken, without the numbers of the books and the time of coming."""
    return sorted(taken.drop("usage_id", "known_ms").rows(), key=repr)


def money(taken):
    rated = shop.rating(taken.sort("started_ms", "usage_id"), accounts()).rated
    return int(rated["amount_micros"].sum())


# -- one hop after another -----------------------------------------------------------------------------


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


# -- duplicates ----------------------------------------------------------------------------------------


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


# -- parts of sessions ---------------------------------------------------------------------------------


def parts(count, first=1, chain="s", **told):
    return [
        Call(first + n, chain=chain, leg=n + 1, last=n + 1 == count, seconds=60 * (n + 1), at_ms=NOON + n * 1000, **told)
        for n in range(count)
    ]


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


# -- back from suspense --------------------------------------------------------------------------------


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


# -- laws ----------------------------------------------------------------------------------------------

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


# -- each layout, from file to money -------------------------------------------------------------------


def whole_file(layout):
    """Calls in the file, late ones at its end, and a session of three parts where the layout tells parts."""
    spread = [Call(n, line=LINES[n % 3], to=("2547", "447", "2541")[n % 3], seconds=30 * n, at_ms=NOON + n * 1000)
              for n in range(1, 13)]  # fmt: skip
    session = parts(3, 30, line="c", to="447") if layout in WITH_PARTS else []
    late = [Call(20, line="b", to="447", at_ms=NOON - 4 * 86_400_000), Call(21, to="447", at_ms=NOON - 86_400_000)]
    return [*spread, *session[::-1], *late]


SPOILT = {3: {"seconds": -1}, 5: {"line": "nobody"}, 7: {"to": "99"}}
"""Number of a call → what is wrong with it."""
BROKEN = {"parquet": lambda text: text, "json_array": lambda text: text.rstrip(b"]") + b", {broken]"}


def spoilt_file(layout):
    """The same with three spoilt calls and a broken line at the end."""
    text = READERS[layout][0]([call.but(**SPOILT.get(call.number, {})) for call in whole_file(layout)])
    return BROKEN.get(layout, lambda text: text.rstrip(b"\n") + b'\n"broken')(text)


@pytest.mark.parametrize("layout", READERS)
def test_a_spoilt_file_of_each_layout_reconciles_by_count_and_money(layout):
    write, reader = READERS[layout]
    good, broken = whole_file(layout), int(layout != "parquet")
    _, expected = mediated(reader(write(good)))
    books = CdrMediation(HOLD_MS)
    files = [reader(spoilt_file(layout)), reader(spoilt_file(layout)), reader(write(good))]
    first, double, mended = (books.take(each, accounts(), PREFIXES, LATER).taken for each in files)
    merged = {"merged": 2} if layout in WITH_PARTS else {}
    assert states(books) == merged | {
        "taken": expected.height, "rejected": 2 * (1 + broken), "suspended": 4, "duplicate": 2 * (len(good) - 3)
    }  # fmt: skip
    assert double.is_empty()
    both = pl.concat([first, mended])
    assert substance(both) == substance(expected)
    assert money(both) == money(expected) > money(first) > 0


@pytest.mark.parametrize("layout", READERS)
def test_a_spoilt_file_of_each_layout_recycles_to_what_a_clean_one_gives(layout):
    write, reader = READERS[layout]
    _, expected = mediated(reader(write(whole_file(layout))))
    books = CdrMediation(HOLD_MS)
    first = books.take(reader(spoilt_file(layout)), accounts(), PREFIXES, LATER).taken
    waiting = books.suspense.records.filter(pl.col("sequence") <= len(whole_file(layout)))
    right = {call.number: call for call in whole_file(layout)}
    true = [right[number] for number in waiting["sequence"]]
    mends = waiting.select("usage_id").with_columns(
        pl.Series("subscriber_id", [call.line for call in true]),
        pl.Series("destination", [call.to for call in true]),
        pl.Series("quantity", [call.seconds * 1000 for call in true]),
    )
    second = books.recycle(accounts(), PREFIXES, mends).taken
    assert (second.height, books.unrated().height) == (3, int(layout != "parquet"))
    assert substance(pl.concat([first, second])) == substance(expected)
    assert money(pl.concat([first, second])) == money(expected)
