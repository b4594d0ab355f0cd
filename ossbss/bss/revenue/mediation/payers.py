"""Who pays? The account that was valid for the line when the record started."""

import polars as pl

from ossbss.contract.units import NEVER_MS

TERM = ("valid_from_ms", "valid_until_ms")


def with_account(numbered: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    """Each ``row`` once, in their order, with account_id and offering_id of its time, or nulls."""
    terms = accounts.select("subscriber_id", "account_id", "offering_id", *TERM)
    start, until = pl.col("started_ms"), pl.col("valid_until_ms").fill_null(NEVER_MS)
    valid = start.is_between(pl.col("valid_from_ms"), until, closed="left")
    found = numbered.join(terms, on="subscriber_id", how="left", maintain_order="left")
    names = terms.columns[1:]
    if found.height == numbered.height:  # no line here has changed hands
        if found.select((valid | pl.col("account_id").is_null()).fill_null(value=False).all()).item():
            return found
        return found.with_columns(pl.when(valid).then(pl.col(name)).alias(name) for name in names)
    known = found.filter(valid).select("row", *names)
    return numbered.join(known, on="row", how="left", maintain_order="left")
