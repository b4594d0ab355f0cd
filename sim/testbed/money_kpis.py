"""Formulas of the KPIs about money and usage records: what was paid, booked and billed, and what is missing."""

from collections.abc import Mapping

import polars as pl

from ossbss.bss.revenue.charging.books import SPENDING
from sim.testbed.scorecard import credit_errors
from sim.testbed.scored import Scored, Undefined, ratio


def credit_error(run: Scored) -> int:
    errors = credit_errors(run.view)
    return int((errors["credited_micros"] - errors["true_micros"]).abs().sum())


def on_invoices(run: Scored, kind: str) -> int:
    return int(run["invoice_lines"].filter(pl.col("kind") == kind)["amount_micros"].sum())


def booked(run: Scored, account: str) -> int:
    return int(run["postings"].filter(pl.col("account") == account)["amount_micros"].sum())


def paid_by_wallets(run: Scored) -> int:
    return int(paid_at_once(run.view.tables)["amount_micros"].sum())


def paid_at_once(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """account_id, amount_micros: for usage and bundles, a row for each time, and nothing for every wallet."""
    paid = tables["charges"].filter(pl.col("kind").is_in(SPENDING)).select("account_id", "amount_micros")
    nothing = pl.lit(0, dtype=pl.Int64).alias("amount_micros")
    every = tables["wallets"].select(pl.col("wallet_id").alias("account_id"), nothing)
    return pl.concat([paid.drop_nulls("account_id"), every])


def reject_rate(run: Scored) -> float:
    rejected = run["unrated"].filter(pl.col("state") == "rejected").height
    return ratio(rejected, run["usage"].height, "no usage was received")


def lowest_balance(run: Scored) -> int:
    told = run["charges"]["balance_micros"].drop_nulls()
    if told.is_empty():
        raise Undefined("no wallet was asked")
    return int(min(told.to_list()))


def records_unaccounted(run: Scored) -> int:
    """A record that was received twice is kept twice: once rated, once a duplicate."""
    return run["usage"].height - run["rated"].height - run["unrated"].height
