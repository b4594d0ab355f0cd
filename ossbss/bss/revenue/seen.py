"""Which records were taken already? Remembers the key of each, file by file."""

import polars as pl

RECORD_KEY = ("element_id", "sequence")
"""An element numbers its records without gaps: the same number twice is the same record twice."""
SEEN_SCHEMA: dict[str, type[pl.DataType]] = {"element_id": pl.String, "sequence": pl.Int64}


class SeenRecords:
    """Keys of taken records. An element's files follow each other, so a batch meets few of the earlier ones."""

    def __init__(self) -> None:
        self._files: dict[str, list[tuple[int, int, pl.DataFrame]]] = {}

    def add(self, keys: pl.DataFrame) -> None:
        """Remember keys (SEEN_SCHEMA, no nulls) that are new."""
        for element, low, high in _ranges(keys):
            own = keys.filter(pl.col("element_id") == element)
            self._files.setdefault(element, []).append((low, high, own))

    def near(self, batch: pl.DataFrame) -> pl.DataFrame:
        """SEEN_SCHEMA: at least all remembered keys that stand in the batch, which may have nulls in its own."""
        found = [pl.DataFrame(schema=SEEN_SCHEMA)]
        for element, low, high in _ranges(batch.drop_nulls(RECORD_KEY)):
            files = self._files.get(element, ())
            found += [keys for first, last, keys in files if first <= high and last >= low]
        return pl.concat(found)


def _ranges(keys: pl.DataFrame) -> list[tuple[str, int, int]]:
    """Element, smallest and largest sequence, in order of element."""
    number = pl.col("sequence")
    spans = keys.group_by("element_id").agg(number.min().alias("low"), number.max().alias("high"))
    return list(spans.sort("element_id").iter_rows())
