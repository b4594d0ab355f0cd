"""Records that have their types already: what may not stand in them is rejected with the reason."""

import polars as pl

from ossbss.bss.revenue.mediation.readers.lines import LONGEST_LINE
from ossbss.bss.revenue.mediation.records import CDR_SCHEMA, LATEST_MS, NEEDED, REFUSED_SCHEMA, Read
from ossbss.bss.revenue.mediation.validation import state_and_reason

ROWS_SCHEMA: dict[str, type[pl.DataType]] = {**CDR_SCHEMA, "line": pl.Int64, "raw": pl.String, "verdict": pl.String}
"""``verdict``: ``state: reason`` where the reader found one, else null."""
_TEXTS = [name for name, dtype in CDR_SCHEMA.items() if dtype == pl.String]


def read_of(rows: pl.DataFrame) -> Read:
    """ROWS_SCHEMA as records and refused ones."""
    at = pl.col("started_ms")
    missing = [pl.when(pl.col(name).is_null()).then(pl.lit(f"rejected: {name} is missing")) for name in NEEDED]
    long = [
        pl.when(pl.col(name).str.len_bytes() > LONGEST_LINE).then(pl.lit(f"rejected: {name} is longer than a record"))
        for name in _TEXTS
    ]
    faults = [
        pl.when(~at.is_between(0, LATEST_MS)).then(pl.lit("rejected: started_ms: not between 1970 and 9999")),
        pl.when(pl.col("quantity") < 0).then(pl.lit("rejected: negative quantity")),
    ]
    judged = rows.with_columns(pl.coalesce("verdict", *missing, *long, *faults).alias("verdict"))
    good = judged["verdict"].is_null()
    if good.all():
        return Read(judged.select(*CDR_SCHEMA), pl.DataFrame(schema=REFUSED_SCHEMA))
    refused = judged.filter(~good).with_columns(
        *state_and_reason("verdict"),
        *(pl.when(pl.col(name).str.len_bytes() <= LONGEST_LINE).then(name).alias(name) for name in _TEXTS),
    )
    return Read(judged.filter(good).select(*CDR_SCHEMA), refused.select(*REFUSED_SCHEMA))
