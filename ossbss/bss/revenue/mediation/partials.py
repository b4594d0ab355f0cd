"""Are all parts of the session there? Joins partial records into one, closes what waited too long."""

from dataclasses import dataclass

import polars as pl

from ossbss.bss.revenue.mediation.duplicates import CHAIN
from ossbss.bss.revenue.mediation.validation import BEYOND
from ossbss.contract.charging import LARGEST

WAITS = "waits for the other parts of its session"
OVER_SCHEMA: dict[str, type[pl.DataType]] = dict.fromkeys(CHAIN, pl.String)
CONTINUATION = "continuation: came after its session was closed"


@dataclass(frozen=True, eq=False)
class Joined:
    """``taken``: one row a session, its quantity the sum, its other fields those of its first part; ``merged``: the
    other parts, quantity 0, for it went into the first; ``rejected``: parts of sessions that carry too much.
    """

    taken: pl.DataFrame
    merged: pl.DataFrame
    rejected: pl.DataFrame


class Partials:
    """Parts that wait for their session, and sessions that are over."""

    def __init__(self, hold_ms: int, columns: dict[str, type[pl.DataType]]) -> None:
        """``hold_ms``: how long a session waits after its first part became known."""
        self.hold_ms = hold_ms
        self.held = pl.DataFrame(schema=columns)
        self.over = pl.DataFrame(schema=OVER_SCHEMA)

    def add(self, parts: pl.DataFrame) -> Joined:
        """Take parts in (no part twice); what completes its session, or comes after it, comes out."""
        if not parts.height:
            return _nothing(parts)
        late = parts.join(self.over, on=CHAIN, how="semi", maintain_order="left")
        self.held = pl.concat([self.held, parts.join(self.over, on=CHAIN, how="anti", maintain_order="left")])
        last = pl.col("leg").filter(pl.col("is_last"))
        complete = (pl.len() == pl.col("leg").max()) & (last.len() == 1) & (last.max() == pl.col("leg").max())
        alone = late.with_columns(pl.lit(CONTINUATION).alias("closed"))
        return _with(self._release(complete, pl.lit(None, dtype=pl.String)), alone)

    def close(self, now_ms: int) -> Joined:
        """Close the sessions whose first part became known ``hold_ms`` ago or earlier, with the parts they have."""
        overdue = pl.col("known_ms").min() <= now_ms - self.hold_ms
        return self._release(overdue, pl.lit("closed: parts were missing when its time was up"))

    def _release(self, ripe: pl.Expr, reason: pl.Expr) -> Joined:
        if not self.held.height:
            return _nothing(self.held)
        chains = self.held.group_by(CHAIN).agg(ripe.alias("ripe")).filter("ripe").drop("ripe")
        out = self.held.join(chains, on=CHAIN, how="semi")
        self.held = self.held.join(chains, on=CHAIN, how="anti", maintain_order="left")
        joined = _joined(out.with_columns(reason.alias("closed")))
        self.over = pl.concat([self.over, joined.taken.select(CHAIN)])
        return joined


def _nothing(parts: pl.DataFrame) -> Joined:
    none = parts.clear()
    told = none.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in ("state", "reason"))
    return Joined(none.with_columns(pl.lit(None, dtype=pl.Int64).alias("parts")), told, told)


def _joined(parts: pl.DataFrame) -> Joined:
    most = pl.col("class").replace_strict(LARGEST, default=None, return_dtype=pl.Int64)
    summed = parts.sort(*CHAIN, "leg").with_columns(
        pl.col("quantity").cast(pl.Int128).sum().over(CHAIN).alias("sum"),
        pl.len().cast(pl.Int64).over(CHAIN).alias("parts"),
        pl.col("usage_id").first().over(CHAIN).alias("into"),
        most.alias("most"),
    )
    fits, first = pl.col("sum") <= pl.col("most"), pl.col("usage_id") == pl.col("into")
    kept = parts.columns
    taken = summed.filter(fits & first).with_columns(pl.col("sum").cast(pl.Int64).alias("quantity"))
    merged = summed.filter(fits & ~first).with_columns(
        pl.lit("merged").alias("state"),
        pl.format("joined into record {}, which carries its {}", "into", "quantity").alias("reason"),
        pl.lit(0, dtype=pl.Int64).alias("quantity"),
    )
    rejected = summed.filter(~fits).with_columns(
        pl.lit("rejected").alias("state"),
        pl.format(BEYOND.removeprefix("rejected: ").replace("record", "session"), "most").alias("reason"),
    )
    told = [*kept, "state", "reason"]
    return Joined(taken.select(*kept, "parts"), merged.select(told), rejected.select(told))


def _with(joined: Joined, alone: pl.DataFrame) -> Joined:
    single = alone.with_columns(pl.lit(1, dtype=pl.Int64).alias("parts"))
    return Joined(pl.concat([joined.taken, single.select(joined.taken.columns)]), joined.merged, joined.rejected)
