"""Which requests found the charging system: their times against the intervals in which it was out of reach."""

from collections.abc import Mapping, Sequence

import polars as pl

from sim.world.people.usage import Interval

_ENDLESS_MS = 2**63 - 1


def reachable(requests: pl.DataFrame, outages: Mapping[str, Sequence[Interval]]) -> pl.Series:
    """Boolean column ``reachable``, in the order of ``requests``: whether charging could be asked.

    ``requests``: place_id, at_ms (Int64, ms since the Unix epoch). ``outages``: place → half-open intervals
    [down_ms, up_ms) in order, disjoint, the last perhaps open, as ``Plant.charging_outages`` keeps them.
    """
    rows = [(place, down, _ENDLESS_MS if up is None else up) for place, spans in outages.items() for down, up in spans]
    if not rows:
        return pl.Series("reachable", [True]).new_from_index(0, requests.height)
    schema = {"place_id": pl.String, "down_ms": pl.Int64, "up_ms": pl.Int64}
    spans = pl.DataFrame(rows, schema=schema, orient="row")
    asked = requests.lazy().select("place_id", "at_ms").with_row_index("row").sort("at_ms")
    met = asked.join_asof(spans.lazy(), left_on="at_ms", right_on="down_ms", by="place_id", check_sortedness=False)
    free = (pl.col("at_ms") >= pl.col("up_ms")).fill_null(value=True)
    return met.with_columns(free.alias("reachable")).sort("row").collect()["reachable"]
