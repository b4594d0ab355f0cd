"""Who pays for which line, and which access service it hangs on.

| column | dtype | meaning |
|---|---|---|
| subscriber_id, account_id | String | the opaque line, and who pays for it |
| service_id | String | the access service that serves the line at home |
| offering_id | String | what it has bought |
| valid_from_ms, valid_until_ms | Int64 | half-open; until may be null |
| payment | String | prepaid (a wallet pays at once) or postpaid (a bill follows) |
"""

from collections.abc import Iterator

import polars as pl

from ossbss.bss.product.catalogue import Catalogue
from ossbss.contract.units import NEVER_MS

"""Later than every instant; stands for the end of a contract that has none."""
ACCOUNTS_SCHEMA: dict[str, type[pl.DataType]] = {
    "subscriber_id": pl.String,
    "account_id": pl.String,
    "service_id": pl.String,
    "offering_id": pl.String,
    "valid_from_ms": pl.Int64,
    "valid_until_ms": pl.Int64,
    "payment": pl.String,
}


PREPAID, POSTPAID = "prepaid", "postpaid"


class Lines:
    """Which access service a line hangs on at an instant."""

    def __init__(self, accounts: pl.DataFrame) -> None:
        """``accounts``: ACCOUNTS_SCHEMA, checked."""
        self._terms: dict[str, list[tuple[int, int, str]]] = {}
        until = pl.col("valid_until_ms").fill_null(NEVER_MS)
        for line, *term in accounts.select("subscriber_id", "valid_from_ms", until, "service_id").iter_rows():
            self._terms.setdefault(line, []).append((term[0], term[1], term[2]))

    def service_at(self, line: str, at_ms: int) -> str | None:
        """None where the line is under no contract then."""
        terms = self._terms.get(line, ())
        return next((service for from_ms, until_ms, service in terms if from_ms <= at_ms < until_ms), None)


def check_accounts(frame: pl.DataFrame, catalogue: Catalogue, starts_ms: int) -> None:
    """ValueError with every contract that cannot be rated and billed from ``starts_ms`` on, or where columns differ."""
    if dict(frame.schema) != ACCOUNTS_SCHEMA:
        raise ValueError(f"accounts have columns {dict(frame.schema)}; give {ACCOUNTS_SCHEMA}")
    wrong = [
        *_incomplete(frame), *_payments(frame), *_out_of_order(frame), *_not_sold(frame, catalogue, starts_ms)
    ]  # fmt: skip
    if wrong:
        raise ValueError("accounts: " + "; ".join(wrong))


def _incomplete(frame: pl.DataFrame) -> Iterator[str]:
    for name in ACCOUNTS_SCHEMA:
        nulls = frame[name].null_count()
        if nulls and name != "valid_until_ms":
            yield f"{name} is missing in {nulls} rows"


def _payments(frame: pl.DataFrame) -> Iterator[str]:
    odd = frame.filter(~pl.col("payment").is_in([PREPAID, POSTPAID]))
    if odd.height:
        yield f"payment is {PREPAID} or {POSTPAID}; these pay otherwise: {_names(odd['subscriber_id'])}"


def _out_of_order(frame: pl.DataFrame) -> Iterator[str]:
    """Contracts that end before they begin, and lines with two contracts at one time."""
    begins, ends = pl.col("valid_from_ms"), pl.col("valid_until_ms").fill_null(NEVER_MS)
    backwards = frame.filter(ends <= begins)
    if backwards.height:
        yield f"contracts that end before they begin: {_names(backwards['subscriber_id'])}"
    ordered = frame.drop_nulls(["subscriber_id", "valid_from_ms"]).sort("subscriber_id", "valid_from_ms")
    overlapping = ordered.filter(ends.shift().over("subscriber_id") > begins)
    if overlapping.height:
        yield f"lines with two accounts at one time: {_names(overlapping['subscriber_id'])}"


def _not_sold(frame: pl.DataFrame, catalogue: Catalogue, starts_ms: int) -> Iterator[str]:
    """Offerings that the price list lacks, or does not sell yet when a contract begins (or the BSS, if later)."""
    first = {offering.id: catalogue.starts_ms(offering.versions[0]) for offering in catalogue.offerings}
    begins = pl.max_horizontal("valid_from_ms", pl.lit(starts_ms)).min()
    needed = frame.drop_nulls("offering_id").group_by("offering_id").agg(begins, pl.len()).sort("offering_id")
    for offering, begins_ms, count in needed.iter_rows():
        if offering not in first:
            yield f"no offering {offering!r} in {catalogue.name}, which {count} contracts have"
        elif begins_ms is not None and first[offering] > begins_ms:
            yield f"offering {offering!r} is sold from {first[offering]} ms on, but a contract begins at {begins_ms} ms"


def _names(lines: pl.Series) -> str:
    """All of them, each once, in order."""
    return ", ".join(lines.drop_nulls().unique().sort().to_list())
