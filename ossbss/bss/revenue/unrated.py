"""What is kept of a record that was not rated: what it was, its state, and the reason."""

import polars as pl

UNRATED_SCHEMA: dict[str, type[pl.DataType]] = {
    "usage_id": pl.Int64,
    "state": pl.String,
    "reason": pl.String,
    "subscriber_id": pl.String,
    "class": pl.String,
    "quantity": pl.Int64,
    "element_id": pl.String,
    "sequence": pl.Int64,
}
