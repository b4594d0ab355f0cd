"""Files of each layout from octets to money, spoilt and mended."""


import polars as pl
import pytest

from ossbss.bss.revenue.mediation.cdr import CdrMediation
from tests.bss.revenue.mediation.books import LINES, accounts, mediated, money, parts, states, substance
from tests.bss.revenue.mediation.calls import HOLD_MS, LATER, NOON, PREFIXES, READERS, WITH_PARTS, Call


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
