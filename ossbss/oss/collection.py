"""Usage files from the elements, handed to the BSS: its input comes via the OSS."""

from collections.abc import Sequence

import polars as pl

from ossbss.contract.charging import USAGE_SCHEMA, UsageBatch, UsageFile, check_usage
from ossbss.contract.desk import Desk


def collect(files: Sequence[UsageFile], now_ms: int) -> pl.DataFrame:
    """One batch of all files of this instant: USAGE_SCHEMA columns plus ``known_ms``.

    Nothing is judged here: doubled files and bad records pass, mediation decides.
    """
    checked = [check_usage(file.usage) for file in files]
    return pl.concat(checked).with_columns(pl.lit(now_ms, dtype=pl.Int64).alias("known_ms"))


class Collection:
    """All usage that has come in, in order of arrival."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.batches = [pl.DataFrame(schema={**USAGE_SCHEMA, "known_ms": pl.Int64})]

    def take(self, now_ms: int, files: Sequence[UsageFile]) -> None:
        """Keep the files of this instant and send them on as one batch."""
        if not files:
            return
        batch = collect(files, now_ms)
        self.batches.append(batch)
        self.desk.send(UsageBatch(**self.desk.head(now_ms), usage=batch))
        body = {"files": [file.file_id for file in files], "records": batch.height}
        self.desk.note("collection", "usage.collected", files[0].file_id, now_ms, body)

    def table(self) -> pl.DataFrame:
        return pl.concat(self.batches)
