"""What people got: intents cut by the intervals in which their place was out of service."""

from collections.abc import Mapping, Sequence

import polars as pl

Interval = tuple[int, int | None]
"""A half-open outage [down_ms, up_ms); None while it goes on."""

ATTEMPT_COLUMNS = (
    "intent_id", "attempt", "subscriber_id", "class", "place_id", "zone", "started_ms",
    "requested", "served", "outcome", "dropped", "cut_off", "ended_ms",
)  # fmt: skip


def cut(intents: pl.DataFrame, outages: Mapping[str, Sequence[Interval]], until_ms: int) -> pl.DataFrame:
    """INTENTS_SCHEMA in, the same plus ``down_ms`` (first outage met, or null) and ``ended_ms`` out.

    An intent that starts in an outage ends at once; one that an outage meets part-way ends there.
    Outages that begin at ``until_ms`` or later are not known yet.
    """
    rows = [
        (place, down, up if up is not None else until_ms)
        for place, spans in outages.items()
        for down, up in spans
        if down < until_ms
    ]
    spans = pl.DataFrame(rows, schema={"place_id": pl.String, "down_ms": pl.Int64, "up_ms": pl.Int64}, orient="row")
    started = pl.col("started_ms")
    natural = started + pl.when(pl.col("answer") == "answered").then("lasts_ms").otherwise(0)
    met = (pl.col("up_ms") > started) & ((pl.col("down_ms") <= started) | (pl.col("down_ms") < natural))
    wishes = intents.lazy()
    first = wishes.join(spans.lazy(), on="place_id").filter(met).group_by("intent_id").agg(pl.col("down_ms").min())
    ended = pl.max_horizontal(pl.col("down_ms"), started)
    return (
        wishes.join(first, on="intent_id", how="left")
        .with_columns(pl.when(pl.col("down_ms").is_null()).then(natural).otherwise(ended).alias("ended_ms"))
        .sort("intent_id")
        .collect()
    )


def stopped_at_start(cut_intents: pl.DataFrame, who: pl.Expr) -> pl.DataFrame:
    """Some of what ``cut`` gave is stopped as it starts, as an outage would stop it."""
    stopped = pl.when(who).then("started_ms")
    return cut_intents.with_columns(
        stopped.otherwise("down_ms").alias("down_ms"), stopped.otherwise("ended_ms").alias("ended_ms")
    )


def attempts(cut_intents: pl.DataFrame, until_ms: int) -> pl.DataFrame:
    """ATTEMPT_COLUMNS: what became of each intent by ``until_ms``.

    ``served`` ≤ ``requested`` in the unit of the class; volume of an interrupted session is in proportion to
    its time. Outcome: blocked, busy, unanswered, answered, or in_progress where it ends later. ``dropped``: an outage
    ended it; ``cut_off``: want of credit will have (see ``credit``), and here nobody.
    """
    stop = pl.min_horizontal("ended_ms", pl.lit(until_ms))
    elapsed = stop - pl.col("started_ms")
    blocked = pl.col("down_ms").fill_null(pl.col("started_ms") + 1) <= pl.col("started_ms")
    share = (
        pl.when(pl.col("lasts_ms") > 0)
        .then((pl.col("requested").cast(pl.Int128) * elapsed // pl.col("lasts_ms")).cast(pl.Int64))
        .otherwise(pl.col("requested"))
    )
    outcome = (
        pl.when(blocked).then(pl.lit("blocked"))
        .when(pl.col("answer") != "answered").then(pl.col("answer"))
        .when(pl.col("ended_ms") > until_ms).then(pl.lit("in_progress"))
        .otherwise(pl.lit("answered"))
    )  # fmt: skip
    carried = outcome.is_in(["answered", "in_progress"])
    return cut_intents.with_columns(
        pl.lit(1, dtype=pl.Int64).alias("attempt"),
        pl.when(carried).then(share).otherwise(0).alias("served"),
        outcome.alias("outcome"),
        (pl.col("down_ms").is_not_null() & ~blocked & (outcome == "answered")).alias("dropped"),
        pl.lit(False).alias("cut_off"),
    ).select(ATTEMPT_COLUMNS)
