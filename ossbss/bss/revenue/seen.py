"""Which records were taken already? Remembers the key of each, file by file."""

import numpy as np
import polars as pl

RECORD_KEY = ("element_id", "sequence")
"""An element numbers its records without gaps: the same number twice is the same record twice."""
SEEN_SCHEMA: dict[str, type[pl.DataType]] = {"element_id": pl.String, "sequence": pl.Int64}


def may_repeat(batch: pl.DataFrame) -> bool:
    """False only where no RECORD_KEY stands twice; that is seen at once, by mixing both parts into 64 bits."""
    sequence = batch["sequence"].fill_null(0).to_numpy().view(np.uint64)
    mixed = batch["element_id"].hash().to_numpy() + sequence * _ODD
    return pl.Series(mixed).n_unique() < batch.height


_ODD = np.uint64(0x9E3779B97F4A7C15)
"""2**64 over the golden ratio: neighbours come to lie far from each other"""


class SeenRecords:
    """Keys of taken records. An element's files follow each other, so a batch meets few of the earlier ones; of a file
    without gaps no more is kept than its first and last number."""

    def __init__(self) -> None:
        self._files: dict[str, list[tuple[int, int, pl.Series | None]]] = {}

    def add(self, keys: pl.DataFrame) -> None:
        """Remember keys (SEEN_SCHEMA, no nulls) that are new."""
        for element, low, high in _ranges(keys):
            own = keys.filter(pl.col("element_id") == element)["sequence"]
            whole = len(own) == high - low + 1
            self._files.setdefault(element, []).append((low, high, None if whole else own))

    def near(self, batch: pl.DataFrame) -> pl.DataFrame:
        """SEEN_SCHEMA: at least all remembered keys that stand in the batch, which may have nulls in its own."""
        found = [pl.DataFrame(schema=SEEN_SCHEMA)]
        for element, first, last in _ranges(batch.drop_nulls(RECORD_KEY)):
            for low, high, kept in self._files.get(element, ()):
                if low <= last and high >= first:
                    numbers = pl.int_range(low, high + 1, dtype=pl.Int64, eager=True) if kept is None else kept
                    found.append(numbers.to_frame("sequence").select(pl.lit(element).alias("element_id"), "sequence"))
        return pl.concat(found)


def _ranges(keys: pl.DataFrame) -> list[tuple[str, int, int]]:
    """Element, smallest and largest sequence, in order of element."""
    number = pl.col("sequence")
    spans = keys.group_by("element_id").agg(number.min().alias("low"), number.max().alias("high"))
    return list(spans.sort("element_id").iter_rows())
