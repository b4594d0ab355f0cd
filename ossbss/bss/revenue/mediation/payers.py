"""Who pays? The account that was valid for the line when the record started."""

import polars as pl

from ossbss.contract.units import NEVER_MS

TERM = ("valid_from_ms", "valid_until_ms")


def with_account(numbered: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    """Each ``row`` once, with account_id and offering_id of its time, or nulls."""
    terms = accounts.select("subscriber_id", "account_id", "offering_id", *TERM)
    valid = pl.col("started_ms").is_between(
        pl.col("valid_from_ms"), pl.col("valid_until_ms").fill_null(NEVER_MS), closed="left"
    )
    found = numbered.join(terms, on="subscriber_id").filter(valid)
    known = found.select("row", *terms.columns[1:])
    return numbered.join(known, on="row", how="left", maintain_order="left")
