"""What waits to be mended: suspended and rejected records, each with its reason, until they are given back."""

from collections.abc import Mapping

import polars as pl

from ossbss.bss.revenue.mediation.records import CDR_SCHEMA


class MendError(ValueError):
    """A mend names records or columns that suspense does not have."""


class Suspense:
    """Records by usage_id, with state and reason."""

    def __init__(self, columns: Mapping[str, type[pl.DataType]]) -> None:
        """``columns``: of the records, with usage_id, state and reason among them."""
        self.records = pl.DataFrame(schema=dict(columns))

    def add(self, records: pl.DataFrame) -> None:
        self.records = pl.concat([self.records, records.select(self.records.columns)])

    def give(self, mends: pl.DataFrame) -> pl.DataFrame:
        """Take out what may pass now, mended: all that is suspended, and of the rejected what ``mends`` names.

        ``mends``: usage_id and columns of CDR_SCHEMA; a null leaves the field as it is. MendError for anything else.
        """
        _check(mends, self.records)
        mended = pl.col("usage_id").is_in(mends["usage_id"].implode())
        ready = (pl.col("state") == "suspended") | mended
        out, self.records = self.records.filter(ready), self.records.filter(~ready)
        names = [name for name in mends.columns if name != "usage_id"]
        joined = out.join(mends, on="usage_id", how="left", maintain_order="left", suffix="_new")
        fields = [pl.coalesce(f"{name}_new", name).alias(name) for name in names]
        return joined.with_columns(fields).select(out.columns).sort("usage_id")


NO_MENDS = pl.DataFrame(schema={"usage_id": pl.Int64})


def _check(mends: pl.DataFrame, records: pl.DataFrame) -> None:
    allowed = {"usage_id": pl.Int64, **CDR_SCHEMA}
    wrong = [f"{name}: {dtype} is no column of a record" for name, dtype in mends.schema.items()
             if allowed.get(name) != dtype]  # fmt: skip
    if "usage_id" not in mends.columns:
        raise MendError("; ".join(["usage_id is missing", *wrong]))
    ids = mends["usage_id"]
    strange = ids.filter(~ids.is_in(records["usage_id"].implode()) | ids.is_null())
    wrong += [f"no record {number} waits here" for number in strange.head(20)]
    wrong += [f"record {number} is mended twice" for number in ids.filter(ids.is_duplicated()).unique().sort().head(20)]
    if wrong:
        raise MendError("; ".join(wrong))
