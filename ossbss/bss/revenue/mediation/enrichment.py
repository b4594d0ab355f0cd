"""In which zone is the destination? The longest prefix that was valid when the record started."""

import polars as pl

from ossbss.contract.units import NEVER_MS

PREFIXES_SCHEMA: dict[str, type[pl.DataType]] = {
    "prefix": pl.String,
    "zone": pl.String,
    "from_ms": pl.Int64,
    "until_ms": pl.Int64,
}
"""Digits that a destination begins with (empty: every destination), the zone, and when that holds: half-open, ``until``
may be null.
"""
HOME_CLASSES = ("data", "content", "emergency")
"""Classes that have no destination abroad: without a zone they are on_net."""


def check_prefixes(prefixes: pl.DataFrame) -> None:
    """ValueError with everything that makes a zone uncertain."""
    if dict(prefixes.schema) != PREFIXES_SCHEMA:
        raise ValueError(f"prefixes have columns {dict(prefixes.schema)}; give {PREFIXES_SCHEMA}")
    lacking = prefixes.filter(pl.any_horizontal(pl.col("prefix", "zone", "from_ms").is_null()))
    ordered = prefixes.drop_nulls(["prefix", "from_ms"]).sort("prefix", "from_ms")
    ends, begins = pl.col("until_ms").fill_null(NEVER_MS), pl.col("from_ms")
    twice = ordered.filter(ends.shift().over("prefix") > begins)["prefix"].unique().sort()
    backwards = ordered.filter(ends <= begins)["prefix"].unique().sort()
    wrong = [f"{lacking.height} rows lack prefix, zone or from_ms"] if lacking.height else []
    wrong += [f"{prefix!r} is in two zones at one time" for prefix in twice]
    wrong += [f"{prefix!r} ends before it begins" for prefix in backwards]
    if wrong:
        raise ValueError("prefixes: " + "; ".join(wrong))


def with_zone(numbered: pl.DataFrame, prefixes: pl.DataFrame) -> pl.DataFrame:
    """The records (``row``: their number) with the zone filled in where it is null and can be known.

    ``prefixes``: PREFIXES_SCHEMA, checked. A plus before the digits is not part of them.
    """
    home = pl.when(pl.col("zone").is_null() & pl.col("class").is_in(HOME_CLASSES)).then(pl.lit("on_net"))
    waits = pl.col("zone").is_null() & pl.col("destination").is_not_null() & pl.col("started_ms").is_not_null()
    if _hold_always(prefixes, numbered["started_ms"]):
        found = numbered.with_columns(pl.when(waits).then(_by_head(numbered, prefixes)).alias("found"))
    else:
        known = _longest(numbered.filter(waits), prefixes)
        found = numbered.join(known, on="row", how="left", maintain_order="left")
    return found.with_columns(pl.coalesce("zone", "found", home).alias("zone")).drop("found")


def _hold_always(prefixes: pl.DataFrame, starts: pl.Series) -> bool:
    """Whether every prefix holds for all the time of these records."""
    first, last = starts.min(), starts.max()
    until = pl.col("until_ms").fill_null(NEVER_MS)
    return first is not None and prefixes.filter((pl.col("from_ms") > first) | (until <= last)).is_empty()


def _by_head(numbered: pl.DataFrame, prefixes: pl.DataFrame) -> pl.Series:
    """The zone of each destination, by its first digits, as many as the longest prefix has: they are few."""
    longest = max(prefixes["prefix"].str.len_chars().to_list(), default=0)
    heads = numbered.select(pl.col("destination").str.strip_chars_start("+").str.slice(0, longest)).to_series()
    different = heads.unique().drop_nulls().to_frame("destination").with_row_index("row").with_columns(
        pl.lit(prefixes["from_ms"].max(), dtype=pl.Int64).alias("started_ms")
    )  # fmt: skip
    zones = different.join(_longest(different, prefixes), on="row", how="left", maintain_order="left")
    return heads.replace_strict(zones["destination"], zones["found"], default=None, return_dtype=pl.String)


def _longest(open_rows: pl.DataFrame, prefixes: pl.DataFrame) -> pl.DataFrame:
    """``row`` and ``found``: length by length from the longest, so that each row is matched once."""
    digits = pl.col("destination").str.strip_chars_start("+")
    waiting = open_rows.select("row", "started_ms", digits.alias("digits"))
    found = [pl.DataFrame(schema={"row": waiting.schema["row"], "found": pl.String})]
    lengths = prefixes["prefix"].str.len_chars()
    for length in lengths.unique().sort(descending=True):
        own = prefixes.filter(lengths == length)
        near = waiting.with_columns(pl.col("digits").str.slice(0, length).alias("prefix")).join(own, on="prefix")
        until = pl.col("until_ms").fill_null(NEVER_MS)
        hits = near.filter(pl.col("started_ms").is_between(pl.col("from_ms"), until, closed="left"))
        found.append(hits.select("row", pl.col("zone").alias("found")))
        waiting = waiting.join(hits, on="row", how="anti")
    return pl.concat(found)
