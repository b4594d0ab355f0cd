"""Records that have their types already: what may not stand in them is rejected with the reason."""

import polars as pl

from ossbss.bss.revenue.mediation.readers.lines import LONGEST_LINE
from ossbss.bss.revenue.mediation.records import CDR_SCHEMA, LATEST_MS, NEEDED, REFUSED_SCHEMA, Read
from ossbss.bss.revenue.mediation.validation import Rule, state_and_reason, with_verdict

ROWS_SCHEMA: dict[str, type[pl.DataType]] = {**CDR_SCHEMA, "line": pl.Int64, "raw": pl.String, "verdict": pl.String}
"""``verdict``: ``state: reason`` where the reader found one, else null."""
_TEXTS = [name for name, dtype in CDR_SCHEMA.items() if dtype == pl.String]


def read_of(rows: pl.DataFrame) -> Read:
    """ROWS_SCHEMA as records and refused ones."""
    at = pl.col("started_ms")
    missing = [Rule(pl.col(name).is_null(), f"rejected: {name} is missing") for name in NEEDED]
    long = [
        Rule(pl.col(name).str.len_bytes() > LONGEST_LINE, f"rejected: {name} is longer than a record")
        for name in _TEXTS
    ]
    faults = [
        Rule(~at.is_between(0, LATEST_MS), "rejected: started_ms: not between 1970 and 9999"),
        Rule(pl.col("quantity") < 0, "rejected: negative quantity"),
    ]
    judged = with_verdict(rows, [*missing, *long, *faults])
    good = judged["verdict"].is_null()
    if good.all():
        return Read(judged.select(*CDR_SCHEMA), pl.DataFrame(schema=REFUSED_SCHEMA))
    refused = judged.filter(~good).with_columns(
        *state_and_reason("verdict"),
        *(pl.when(pl.col(name).str.len_bytes() <= LONGEST_LINE).then(name).alias(name) for name in _TEXTS),
    )
    return Read(judged.filter(good).select(*CDR_SCHEMA), refused.select(*REFUSED_SCHEMA))
