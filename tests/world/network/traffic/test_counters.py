"""Counters per period: a quarter of an hour by hand, what flowed in all, and batches that hand on their rest."""

from fractions import Fraction
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ossbss.contract.units import DAY_MS
from sim.world.network.traffic.counters import COUNTER_SCHEMA, QUARTER_MS, WHAT, busy_samples, events, volumes

generated = settings(derandomize=True, phases=[Phase.generate], deadline=None, max_examples=80)
START_MS = 1_714_953_600_000  # 2024-05-06T00:00Z


def rates(*spans, element="r-kiel", link="hamburg-kiel", counter="ifHCOutOctets"):
    """(from, until, bps), ms since START_MS."""
    return pl.DataFrame(
        {
            "element_id": [element] * len(spans), "object": [link] * len(spans), "counter": [counter] * len(spans),
            "from_ms": [START_MS + span[0] for span in spans], "until_ms": [START_MS + span[1] for span in spans],
            "bps": [span[2] for span in spans],
        },
        schema={**dict.fromkeys(WHAT, pl.String), "from_ms": pl.Int64, "until_ms": pl.Int64, "bps": pl.Int64},
    )  # fmt: skip


def test_a_cut_at_ten_past_and_a_repair_in_the_third_quarter():
    """8 Mbit/s are 1,000 octets a ms: ten minutes of it, then nothing, then half of it."""
    minute = 60_000
    spans = rates((0, 10 * minute, 8_000_000), (10 * minute, 40 * minute, 0), (40 * minute, 45 * minute, 4_000_000))
    counted, rest = volumes(spans)
    assert counted.schema == pl.Schema(COUNTER_SCHEMA)
    assert counted["value"].to_list() == [600_000_000, 0, 150_000_000]
    assert counted["interval_start_ms"].to_list() == [START_MS, START_MS + QUARTER_MS, START_MS + 2 * QUARTER_MS]
    assert counted["interval_ms"].unique().to_list() == [QUARTER_MS]
    assert rest["rest"].to_list() == [0]


def test_a_third_of_an_octet_is_not_lost():
    """8 bps are one octet a second: 1.5 s in each of two periods of 1.5 s are 1 octet, then 2."""
    counted, rest = volumes(rates((0, 3_000, 8)), interval_ms=1_500)
    assert counted["value"].to_list() == [1, 2]
    counted, rest = volumes(rates((0, 1_500, 8)), interval_ms=1_500)
    assert (counted["value"].to_list(), rest["rest"].to_list()) == ([1], [4_000])


def test_what_nobody_watched_has_no_row_and_what_stood_still_has_a_zero():
    counted, _ = volumes(rates((0, 100, 8_000), (5 * QUARTER_MS, 6 * QUARTER_MS, 0)))
    assert [(row["interval_start_ms"] - START_MS, row["value"]) for row in counted.iter_rows(named=True)] == [
        (0, 100), (5 * QUARTER_MS, 0)]  # fmt: skip
    assert volumes(rates())[0].height == 0


def test_a_day_at_a_hundred_terabits_fits_its_column_and_what_does_not_is_refused():
    counted, _ = volumes(rates((0, DAY_MS, 10**14 + 7)), interval_ms=DAY_MS)
    assert counted["value"].to_list() == [86_400 * (10**14 + 7) // 8]
    with pytest.raises(ValueError, match="1000000000000000 bps"):
        volumes(rates((0, DAY_MS, 10**15)), interval_ms=DAY_MS)
    with pytest.raises(ValueError, match="-1 bps"):
        volumes(rates((0, 5, -1)))


def test_discards_are_packets():
    """14 Mbit/s of packets of 700 octets are 2,500 a second."""
    counted, _ = volumes(rates((0, 2_000, 14_000_000), counter="ifOutDiscards"), unit_octets=700)
    assert counted["value"].to_list() == [5_000]


@st.composite
def histories(draw):
    """Three counters, each a chain of rates that meet, from START_MS on."""
    frames, flowed = [], {}
    for counter in ("ifHCInOctets", "ifHCOutOctets", "ifOutDiscards"):
        lengths = draw(st.lists(st.tuples(st.integers(1, 9_000), st.integers(0, 10**7)), min_size=1, max_size=8))
        at_ms, spans = 0, []
        for lasts_ms, bps in lengths:
            spans.append((at_ms, at_ms + lasts_ms, bps))
            at_ms += lasts_ms
        frames.append(rates(*spans, counter=counter))
        flowed[counter] = sum(Fraction((until - begun) * bps, 8_000) for begun, until, bps in spans)
    return pl.concat(frames), flowed


@generated
@given(histories(), st.integers(500, 5_000))
def test_periods_sum_to_what_flowed_rounded_down_once(history, interval_ms):
    spans, flowed = history
    counted, rest = volumes(spans, interval_ms)
    for counter, octets in flowed.items():
        mine = counted.filter(pl.col("counter") == counter)
        left = rest.filter(pl.col("counter") == counter)["rest"].item()
        assert mine["value"].sum() == int(octets)
        assert octets - int(octets) == Fraction(left, 8_000)
        assert (mine["interval_start_ms"] % interval_ms == 0).all()


@generated
@given(histories(), st.integers(500, 5_000), st.lists(st.integers(0, 40), max_size=4))
def test_batches_that_hand_on_their_rest_count_as_one(history, interval_ms, cuts):
    spans, _ = history
    whole, rest = volumes(spans, interval_ms)
    first = START_MS // interval_ms
    borders = [0, *sorted((first + cut) * interval_ms for cut in cuts), START_MS * 2]
    parts, carried = [], None
    for begins_ms, ends_ms in pairwise(borders):
        batch = spans.with_columns(
            pl.max_horizontal("from_ms", pl.lit(begins_ms)), pl.min_horizontal("until_ms", pl.lit(ends_ms))
        ).filter(pl.col("until_ms") > pl.col("from_ms"))
        counted, carried = volumes(batch, interval_ms, carried=carried)
        parts.append(counted)
    assert pl.concat(parts).sort(*WHAT, "interval_start_ms").equals(whole)
    assert carried.equals(rest)


def test_events_are_summed_where_they_happened():
    happened = rates((0, 0, 0), (QUARTER_MS - 1, 0, 0), (QUARTER_MS, 0, 0)).select(
        *WHAT, at_ms="from_ms", count=pl.Series([1, 5, 7])
    )
    counted = events(happened)
    assert counted.schema == pl.Schema(COUNTER_SCHEMA)
    assert counted["value"].to_list() == [6, 7]


@generated
@given(st.lists(st.tuples(st.integers(1, 4_000), st.booleans()), min_size=1, max_size=8), st.integers(1, 700))
def test_busy_samples_are_those_of_somebody_who_looks_at_the_clock(states, sampling_ms):
    at_ms, spans, busy_at = 0, [], []
    for lasts_ms, busy in states:
        spans.append((at_ms, at_ms + lasts_ms, int(busy)))
        busy_at += [START_MS + ms for ms in range(at_ms, at_ms + lasts_ms) if busy]
        at_ms += lasts_ms
    frame = rates(*spans).with_columns(busy=pl.col("bps") == 1)
    counted = busy_samples(frame, sampling_ms, interval_ms=1_000)
    looks = [ms for ms in busy_at if ms % sampling_ms == 0]
    for row in counted.iter_rows(named=True):
        assert row["value"] == sum(ms // 1_000 * 1_000 == row["interval_start_ms"] for ms in looks)
    assert counted["value"].sum() == len(looks)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_the_order_of_the_spans_changes_nothing(order):
    spans = pl.concat([rates((0, 700, 9), (700, 4_000, 12_345)), rates((0, 9_000, 77), counter="ifHCInOctets")])
    assert volumes(spans.sample(fraction=1, shuffle=True, seed=order), 1_000)[0].equals(volumes(spans, 1_000)[0])
