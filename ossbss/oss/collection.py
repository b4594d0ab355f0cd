"""Usage files from the elements, handed to the BSS: its input comes via the OSS."""

import polars as pl

from ossbss.contract.charging import UsageFile, check_usage


def collect(files: list[UsageFile], now_ms: int) -> pl.DataFrame:
    """One batch of all files of this instant: USAGE_SCHEMA columns plus ``known_ms``.

    Nothing is judged here: doubled files and bad records pass, mediation decides.
    """
    checked = [check_usage(file.usage) for file in files]
    return pl.concat(checked).with_columns(pl.lit(now_ms, dtype=pl.Int64).alias("known_ms"))
