"""What elements count per granularity period: octets and packets from rates, events, and samples that found it busy.

Periods as in 3GPP TS 32.401 (15 min is usual), aligned to multiples of their length since the Unix epoch, UTC. Names
of counters are the caller's: IF-MIB (RFC 2863) has ``ifHCInOctets``, ``ifHCOutOctets``, ``ifOutDiscards``.

| column | dtype | unit, meaning |
|---|---|---|
| element_id, object, counter | String | who counts, of which link or cell, what |
| interval_start_ms | Int64 | ms since the Unix epoch, UTC |
| interval_ms | Int64 | length of the period |
| value | Int64 | counted in it |

A period that nothing is known of has no row; one in which nothing happened has a row with 0. All in integers, so
that the periods of a counter sum to what flowed, and any machine counts the same.
"""

import polars as pl

COUNTER_SCHEMA: dict[str, type[pl.DataType]] = {
    "element_id": pl.String,
    "object": pl.String,
    "counter": pl.String,
    "interval_start_ms": pl.Int64,
    "interval_ms": pl.Int64,
    "value": pl.Int64,
}
WHAT = ("element_id", "object", "counter")
REST_SCHEMA: dict[str, type[pl.DataType]] = {**dict.fromkeys(WHAT, pl.String), "rest": pl.Int64}
"""What was counted but in part: ``rest`` in bps × ms, below one octet or packet."""
QUARTER_MS = 900_000
_BITS_MS = 8_000
"""bps × ms in an octet."""


def volumes(
    spans: pl.DataFrame, interval_ms: int = QUARTER_MS, unit_octets: int = 1, carried: pl.DataFrame | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(counters, rest): whole octets per period, or packets of ``unit_octets``; the rest is counted in the next.

    ``spans``: WHAT, ``from_ms``, ``until_ms``, ``bps`` (Int64): a constant rate from one change to the next; spans of
    one counter do not overlap, their gaps are unknown. ``carried``: the rest (REST_SCHEMA) of the batch before, which
    must have ended where a period ends. A counter's periods sum to all that flowed, rounded down once.
    ValueError for a rate below 0, or one that fills a period with more octets than Int64 holds.
    """
    _require_countable(spans, interval_ms)
    unit = _BITS_MS * unit_octets
    pieces = _pieces(spans, interval_ms).with_columns(_ms=pl.col("until_ms") - pl.col("from_ms"))
    # Apart, so that neither product passes 2⁶³: a day at 100 Tbit/s is 10²² bps × ms, but 10¹⁸ octets.
    whole = pl.col("bps") // unit * pl.col("_ms")
    broken = pl.col("bps") % unit * pl.col("_ms")
    summed = pieces.group_by(*WHAT, "interval_start_ms").agg(
        _whole=(whole + broken // unit).sum(), _broken=(broken % unit).sum()
    )
    before = carried if carried is not None else pl.DataFrame(schema=REST_SCHEMA)
    joined = summed.join(before, on=WHAT, how="left").sort(*WHAT, "interval_start_ms")
    through = pl.col("rest").fill_null(0) + pl.col("_broken").cum_sum().over(WHAT)
    counted = joined.with_columns(_through=through).with_columns(
        value=pl.col("_whole") + pl.col("_through") // unit - (pl.col("_through") - pl.col("_broken")) // unit
    )
    last = counted.group_by(WHAT).agg((pl.col("_through") % unit).last().alias("rest"))
    silent = before.join(last, on=WHAT, how="anti")
    return _counters(counted, interval_ms), pl.concat([last, silent]).select(*REST_SCHEMA).sort(WHAT)


def events(happened: pl.DataFrame, interval_ms: int = QUARTER_MS) -> pl.DataFrame:
    """Sums per period of what happened (WHAT, ``at_ms``, ``count``): attempts, blocked calls, drops."""
    start = pl.col("at_ms") // interval_ms * interval_ms
    summed = happened.group_by(*WHAT, start.alias("interval_start_ms")).agg(value=pl.col("count").sum())
    return _counters(summed, interval_ms)


def busy_samples(spans: pl.DataFrame, sampling_ms: int, interval_ms: int = QUARTER_MS) -> pl.DataFrame:
    """How many looks, one every ``sampling_ms``, found the object busy (status inspection of TS 32.401).

    ``spans``: WHAT, ``from_ms``, ``until_ms``, ``busy`` (Boolean). Looks fall on multiples of ``sampling_ms`` since
    the epoch; a state holds from its first instant until before its last.
    """
    looks = -(-pl.col("until_ms") // sampling_ms) + (-pl.col("from_ms") // sampling_ms)
    pieces = _pieces(spans, interval_ms).with_columns(_looks=looks * pl.col("busy").cast(pl.Int64))
    return _counters(pieces.group_by(*WHAT, "interval_start_ms").agg(value=pl.col("_looks").sum()), interval_ms)


def _require_countable(spans: pl.DataFrame, interval_ms: int) -> None:
    most = min(2**62, 2**62 // interval_ms * _BITS_MS)
    wrong = spans.filter(~pl.col("bps").is_between(0, most))
    if wrong.height:
        raise ValueError(f"{wrong['bps'][0]} bps; give 0 to {most} with periods of {interval_ms} ms")


def _pieces(spans: pl.DataFrame, interval_ms: int) -> pl.DataFrame:
    """The spans cut where periods meet, each piece with the ``interval_start_ms`` of its period."""
    first, end = pl.col("from_ms") // interval_ms, -(-pl.col("until_ms") // interval_ms)
    lasting = spans.filter(pl.col("until_ms") > pl.col("from_ms"))
    cut = lasting.with_columns(interval_start_ms=pl.int_ranges(first, end)).explode("interval_start_ms")
    start = pl.col("interval_start_ms") * interval_ms
    return cut.with_columns(
        interval_start_ms=start,
        from_ms=pl.max_horizontal("from_ms", start),
        until_ms=pl.min_horizontal("until_ms", start + interval_ms),
    )


def _counters(summed: pl.DataFrame, interval_ms: int) -> pl.DataFrame:
    columns = summed.with_columns(interval_ms=pl.lit(interval_ms, dtype=pl.Int64))
    return columns.select(pl.col(name).cast(dtype) for name, dtype in COUNTER_SCHEMA.items()).sort(
        *WHAT, "interval_start_ms"
    )
