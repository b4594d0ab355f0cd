"""Accounts from a file: CSV or Parquet with the columns of ACCOUNTS_SCHEMA.

``valid_from`` and ``valid_until`` are local dates or instants, ISO 8601; as ``valid_from_ms`` and ``valid_until_ms``
they may be Unix ms too. Without ``service_id`` it is the line; without ``payment`` it is postpaid.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from ossbss.bss.customer.accounts import ACCOUNTS_SCHEMA, POSTPAID, check_accounts
from ossbss.bss.product.catalogue import Catalogue
from ossbss.bss.product.effective import effective, instant_ms
from ossbss.contract.units import NEVER_MS
from ossbss.errors import BadInputError
from ossbss.mistakes import DocumentError, Mistake, nearest, shown

_TEXTS = ("subscriber_id", "account_id", "service_id", "offering_id")
_TIMES = {"valid_from_ms": "valid_from", "valid_until_ms": "valid_until"}
_KNOWN = (*_TEXTS, *_TIMES, *_TIMES.values(), "payment")
_MAY_LACK = ("service_id", "valid_until_ms", "payment")
_FIRST_LINE = 2


def read_accounts(path: Path, zone: ZoneInfo, catalogue: Catalogue | None) -> pl.DataFrame:
    """ACCOUNTS_SCHEMA; BadInputError with every mistake. ``catalogue``: None where it is not known what is sold."""
    table = _table(path)
    if wrong := list(_of_columns(table)):
        raise DocumentError(str(path), wrong)
    texts = table.with_row_index("line", _FIRST_LINE)
    mistakes = [*_empty(texts), *_not_sold(texts, catalogue)]
    times = [_times(texts, _column(table, name), zone, mistakes).alias(name) for name in _TIMES]
    if mistakes:
        raise DocumentError(str(path), mistakes)
    service = "service_id" if "service_id" in table.columns else "subscriber_id"
    payment = pl.col("payment") if "payment" in table.columns else pl.lit(None, dtype=pl.String)
    frame = table.with_columns(
        pl.col(service).fill_null(pl.col("subscriber_id")).alias("service_id"),
        payment.fill_null(POSTPAID).alias("payment"),
        *times,
    ).select(*ACCOUNTS_SCHEMA)
    if catalogue is not None:
        try:
            check_accounts(frame, catalogue, NEVER_MS)  # what is not sold yet is told of each record
        except ValueError as error:
            raise BadInputError(f"{path}: {error}") from None
    return frame


def _table(path: Path) -> pl.DataFrame:
    """All as texts, empty is null."""
    try:
        octets = path.read_bytes()
        if octets.startswith(b"PAR1"):
            return pl.read_parquet(octets).cast(pl.String)
        return pl.read_csv(octets, infer_schema=False)
    except pl.exceptions.PolarsError as error:
        raise BadInputError(f"{path}: no accounts can be read: {error} → CSV with a header, or Parquet") from None


def _column(table: pl.DataFrame, name: str) -> str:
    return name if name in table.columns else _TIMES.get(name, name)


def _of_columns(table: pl.DataFrame) -> Iterator[Mistake]:
    for name in ACCOUNTS_SCHEMA:
        if name not in _MAY_LACK and _column(table, name) not in table.columns:
            near = nearest(name, table.columns)
            yield Mistake(_TIMES.get(name, name), None, "this column is missing", near or "name it in the header")
    for name in table.columns:
        if name not in _KNOWN:
            yield Mistake(name, None, f"no such column is known; there are {', '.join(_KNOWN)}", nearest(name, _KNOWN))


def _empty(texts: pl.DataFrame) -> Iterator[Mistake]:
    for name in ("subscriber_id", "account_id", "offering_id", _column(texts, "valid_from_ms")):
        for line in texts.filter(pl.col(name).is_null())["line"]:
            yield Mistake(name, line, "nothing stands here", "every contract needs one")


def _not_sold(texts: pl.DataFrame, catalogue: Catalogue | None) -> Iterator[Mistake]:
    for offering, line in texts.drop_nulls("offering_id").group_by("offering_id").agg(pl.col("line").min()).iter_rows():
        for mistake in catalogue.unknown_offering(offering, "offering_id") if catalogue else ():
            yield Mistake(mistake.place, line, mistake.problem, mistake.mend)


def _times(texts: pl.DataFrame, name: str, zone: ZoneInfo, mistakes: list[Mistake]) -> pl.Expr:
    """Unix ms of each; what is none goes to the mistakes, once for each value."""
    if name not in texts.columns:
        return pl.lit(None, dtype=pl.Int64)
    known: dict[str, int] = {}
    for value, line in texts.drop_nulls(name).group_by(name).agg(pl.col("line").min()).iter_rows():
        try:
            known[value] = _instant(value, zone, in_ms=name in _TIMES)
        except ValueError:
            problem = f"{shown(value)} is no date; give 2014-01-01, or 2014-01-01T06:00:00+03:00"
            mistakes.append(Mistake(name, line, problem))
    return pl.col(name).replace_strict(known, default=None, return_dtype=pl.Int64)


def _instant(text: str, zone: ZoneInfo, *, in_ms: bool) -> int:
    if in_ms and text.lstrip("-").isdecimal() and text.isascii() and len(text) <= len(str(NEVER_MS)):
        return min(int(text), NEVER_MS)
    at: Any = effective(text)
    return instant_ms(at, zone)
