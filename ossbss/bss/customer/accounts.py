"""Who pays for which line, and which access service it hangs on.

| column | dtype | meaning |
|---|---|---|
| subscriber_id, account_id | String | the opaque line, and who pays for it |
| service_id | String | the access service that serves the line at home |
| offering_id | String | what it has bought |
| valid_from_ms, valid_until_ms | Int64 | half-open; until may be null |
"""

import polars as pl

ACCOUNTS_SCHEMA: dict[str, type[pl.DataType]] = {
    "subscriber_id": pl.String,
    "account_id": pl.String,
    "service_id": pl.String,
    "offering_id": pl.String,
    "valid_from_ms": pl.Int64,
    "valid_until_ms": pl.Int64,
}


def check_accounts(frame: pl.DataFrame) -> pl.DataFrame:
    """The same frame; ValueError where columns differ or a line stands twice at one time."""
    if dict(frame.schema) != ACCOUNTS_SCHEMA:
        raise ValueError(f"accounts have columns {dict(frame.schema)}; give {ACCOUNTS_SCHEMA}")
    ordered = frame.sort("subscriber_id", "valid_from_ms")
    previous_end = pl.col("valid_until_ms").fill_null(2**62).shift().over("subscriber_id")
    overlapping = ordered.filter(previous_end > pl.col("valid_from_ms"))["subscriber_id"].to_list()
    if overlapping:
        raise ValueError(f"lines with two accounts at one time: {', '.join(overlapping[:5])}")
    return frame
