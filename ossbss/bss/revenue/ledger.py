"""The books: double entry, append-only, every set of postings sums to zero.

A debit is positive, a credit negative. Control accounts: ``unbilled_receivables`` (rated, not yet on a bill),
``receivables`` (billed). ``party`` is the paying account, as in a subsidiary ledger.
"""

import polars as pl

POSTINGS_SCHEMA: dict[str, type[pl.DataType]] = {
    "posting_id": pl.Int64,
    "account": pl.String,
    "party": pl.String,
    "amount_micros": pl.Int64,
    "booked_ms": pl.Int64,
    "cause": pl.String,
}


class UnbalancedPostingsError(ValueError):
    """A set of postings does not sum to zero: a broken invariant."""


def post(rows: pl.DataFrame, first_id: int, booked_ms: int) -> pl.DataFrame:
    """Rows of (account, party, amount_micros, cause) as postings (POSTINGS_SCHEMA), zero amounts left out.

    UnbalancedPostingsError names each cause whose set does not sum to zero.
    """
    sums = rows.group_by("cause").agg(pl.col("amount_micros").sum()).filter(pl.col("amount_micros") != 0)
    if sums.height:
        raise UnbalancedPostingsError(f"postings do not sum to zero: {sums.sort('cause').rows()[:5]}")
    kept = rows.filter(pl.col("amount_micros") != 0)
    return kept.with_columns(
        pl.int_range(first_id, first_id + pl.len(), dtype=pl.Int64).alias("posting_id"),
        pl.lit(booked_ms, dtype=pl.Int64).alias("booked_ms"),
    ).select(*POSTINGS_SCHEMA)


def of_rating(rated: pl.DataFrame, run_id: str) -> pl.DataFrame:
    """Rated usage as revenue not yet billed: one set for each paying account."""
    party, amount = pl.col("account_id").alias("party"), pl.col("amount_micros")
    cause = pl.format("{}/{}", pl.lit(run_id), pl.col("account_id")).alias("cause")
    revenue = rated.group_by("account_id", "class").agg(-amount.sum()).sort("account_id", "class")
    claims = revenue.group_by("account_id", maintain_order=True).agg(-amount.sum())
    unbilled = pl.lit("unbilled_receivables").alias("account")
    earned = pl.format("revenue:usage:{}", pl.col("class")).alias("account")
    return pl.concat([claims.select(unbilled, party, amount, cause), revenue.select(earned, party, amount, cause)])


COUNTER_ACCOUNT = {
    "recurring": "revenue:recurring",
    "usage": "unbilled_receivables",
    "discount": "revenue:discounts",
    "credit": "revenue:sla_credits",
    "included_tax": "revenue:tax_held",
    "tax": "tax_payable",
    "rounding": "rounding_difference",
}
"""What a line of an invoice is booked against."""


def of_invoices(lines: pl.DataFrame) -> pl.DataFrame:
    """Invoice lines as receivables: one set for each invoice."""
    party, cause = pl.col("account_id").alias("party"), pl.col("invoice_id").alias("cause")
    counter = pl.col("kind").replace_strict(COUNTER_ACCOUNT, return_dtype=pl.String).alias("account")
    against = lines.select(counter, party, -pl.col("amount_micros"), cause)
    claims = lines.group_by("invoice_id", "account_id", maintain_order=True).agg(pl.col("amount_micros").sum())
    return pl.concat([claims.select(pl.lit("receivables").alias("account"), party, "amount_micros", cause), against])
