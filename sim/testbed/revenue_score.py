"""Money by belief against money by truth: true usage rated in a copy, beside what the BSS made of its records."""

from dataclasses import dataclass

import polars as pl

from ossbss.bss.customer.accounts import PREPAID
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.charging.settle import paid
from ossbss.bss.revenue.mediation import mediate
from ossbss.bss.revenue.rating.memory import NOTHING_YET
from ossbss.bss.revenue.rating.run import rate
from sim.testbed.view import RunView


@dataclass(frozen=True)
class RevenueScore:
    """Money in micro-units, summed account by account and never netted between them."""

    leaked_micros: int
    overbilled_micros: int
    lost_micros: int


def revenue_score(view: RunView) -> RevenueScore:
    """What was carried but not rated, rated too high, and wanted but not carried.

    Use that charging was asked for is worth what the wallet paid at once, also where its record is lost: of prepaid
    lines only what the network served unasked can leak. What they had no credit for is no loss.
    """
    attempts = view.tables["attempts"]
    carried = attempts.filter((pl.col("outcome") == "answered") & (pl.col("served") > 0))
    wanted = attempts.filter(pl.col("outcome").is_in(["answered", "blocked"]))
    worth = _worth(view, carried.with_columns(pl.col("served").alias("quantity")))
    hoped = pl.when("cut_off").then("served").otherwise("requested")
    full = _worth(view, wanted.with_columns(hoped.alias("quantity")))
    difference = _by_account(_at_stake(view, worth), pl.col("worth") - pl.col("rated"))
    lost = pl.concat([_by_account(full, pl.col("worth")), _by_account(worth, -pl.col("worth"))])
    return RevenueScore(
        leaked_micros=int(difference["micros"].clip(lower_bound=0).sum()),
        overbilled_micros=int((-difference["micros"]).clip(lower_bound=0).sum()),
        lost_micros=int(_by_account(lost, pl.col("micros"))["micros"].clip(lower_bound=0).sum()),
    )


def _by_account(frame: pl.DataFrame, amount: pl.Expr) -> pl.DataFrame:
    return frame.group_by("account_id").agg(amount.sum().alias("micros"))


def _at_stake(view: RunView, worth: pl.DataFrame) -> pl.DataFrame:
    """account_id, worth, rated: of all true usage and all rated records."""
    rated = view.tables["rated"].select("usage_id", "account_id", pl.col("amount_micros").alias("rated"))
    both = worth.join(rated, on=["usage_id", "account_id"], how="full", coalesce=True)
    asked, by_wallet = paid(both, view.tables["charges"]), pl.col("amount_micros")
    lines = view.accounts.filter(pl.col("payment") == PREPAID)["account_id"].implode()
    is_paid = pl.col("account_id").is_in(lines) & (pl.col("unasked") == 0).fill_null(value=False)
    return asked.with_columns(
        pl.when(is_paid).then(by_wallet).otherwise("worth").fill_null(0).alias("worth"),
        pl.when(is_paid).then(pl.col("rated").fill_null(by_wallet)).otherwise("rated").fill_null(0).alias("rated"),
    )


def _worth(view: RunView, usage: pl.DataFrame) -> pl.DataFrame:
    """usage_id, account_id, quantity, worth: usage rated from nothing, in the order in which it happened."""
    records = usage.select(
        pl.col("intent_id").alias("usage_id"),
        pl.lit("truth").alias("element_id"),
        pl.lit("truth").alias("file_id"),
        pl.int_range(pl.len(), dtype=pl.Int64).alias("sequence"),
        "subscriber_id",
        "class",
        "place_id",
        "started_ms",
        "quantity",
        "zone",
        pl.lit(view.ends_ms, dtype=pl.Int64).alias("known_ms"),
    )
    nothing = pl.DataFrame(schema={"element_id": pl.String, "sequence": pl.Int64})
    guided = mediate(records, view.accounts, nothing).guided
    rated = rate(guided, view.accounts, view.purchases, RuleSet(view.catalogue), NOTHING_YET, "truth").rated
    worth = rated.select("usage_id", "account_id", pl.col("amount_micros").alias("worth"))
    return worth.join(guided.select("usage_id", "quantity"), on="usage_id")
