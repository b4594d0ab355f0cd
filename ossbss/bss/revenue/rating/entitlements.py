"""Which allowances does each line have, from when until when? Those of its contract by the month, those it has bought.

| column | dtype | meaning |
|---|---|---|
| entitlement_id | String | offering@version/allowance/owner/from |
| account_id | String | who owns it |
| subscriber_id | String | the line that may use it; null: all lines of the account |
| allowance | Int64 | place in ``RuleSet.sold`` |
| from_ms, until_ms | Int64 | half-open |
| bought_ms | Int64 | when it was bought, or due |
| carried_from | String | what is left of this one is added when it begins; null: nothing |
"""

from collections.abc import Iterator
from dataclasses import astuple, dataclass, replace

import polars as pl

from ossbss.bss.customer.accounts import FOREVER_MS
from ossbss.bss.revenue.charging.rules import RuleSet, Sold
from ossbss.bss.revenue.cycles import Period, cycle_at

ENTITLEMENTS_SCHEMA: dict[str, type[pl.DataType]] = {
    "entitlement_id": pl.String,
    "account_id": pl.String,
    "subscriber_id": pl.String,
    "allowance": pl.Int64,
    "from_ms": pl.Int64,
    "until_ms": pl.Int64,
    "bought_ms": pl.Int64,
    "carried_from": pl.String,
}
PURCHASES_SCHEMA: dict[str, type[pl.DataType]] = {
    "account_id": pl.String,
    "subscriber_id": pl.String,
    "offering_id": pl.String,
    "bought_ms": pl.Int64,
}


@dataclass(frozen=True)
class Entitlement:
    """One row of the table above."""

    entitlement_id: str
    account_id: str
    subscriber_id: str | None
    allowance: int
    from_ms: int
    until_ms: int
    bought_ms: int
    carried_from: str | None = None


def entitlements(accounts: pl.DataFrame, purchases: pl.DataFrame, rules: RuleSet, span: Period) -> pl.DataFrame:
    """ENTITLEMENTS_SCHEMA of contracts (ACCOUNTS_SCHEMA) that run and purchases (PURCHASES_SCHEMA) that are made in the
    span, each once: of two lines that share an account's allowance the account has one."""
    found = {e.entitlement_id: e for e in (*_by_month(accounts, rules, span), *_bought(purchases, rules, span))}
    rows = [astuple(found[name]) for name in sorted(found)]
    return pl.DataFrame(rows, schema=ENTITLEMENTS_SCHEMA, orient="row")


def _by_month(accounts: pl.DataFrame, rules: RuleSet, span: Period) -> Iterator[Entitlement]:
    """A cycle's allowances are those of the version with which it, or the contract, begins."""
    zone = rules.catalogue.zone
    columns = ("account_id", "subscriber_id", "offering_id", "valid_from_ms", "valid_until_ms")
    for account, line, offering, from_ms, until_ms in accounts.select(columns).iter_rows():
        ends_ms = min(FOREVER_MS if until_ms is None else until_ms, span.end_ms)
        at_ms = max(from_ms, span.start_ms)
        while at_ms < ends_ms:
            cycle = cycle_at(at_ms, zone)
            begins_ms = max(cycle.start_ms, from_ms)
            until = min(cycle.end_ms, FOREVER_MS if until_ms is None else until_ms)
            for place, sold in rules.sold_at(offering, begins_ms):
                if sold.allowance.valid == "cycle":
                    yield _entitlement(place, sold, account, line, begins_ms, until)
            at_ms = cycle.end_ms


def _bought(purchases: pl.DataFrame, rules: RuleSet, span: Period) -> Iterator[Entitlement]:
    """In order of time, so that what is bought again carries on what is left."""
    last: dict[tuple[str, str | None, str, str], Entitlement] = {}
    made = purchases.select(*PURCHASES_SCHEMA).sort("bought_ms", "account_id", "subscriber_id", "offering_id")
    for account, line, offering, at_ms in made.iter_rows():
        if not span.start_ms <= at_ms < span.end_ms:
            continue
        month_ends_ms = cycle_at(at_ms, rules.catalogue.zone).end_ms
        for place, sold in rules.sold_at(offering, at_ms):
            valid = sold.allowance.valid
            new = _entitlement(place, sold, account, line, at_ms, month_ends_ms if valid == "cycle" else at_ms + valid)
            same = (account, new.subscriber_id, offering, sold.allowance.id)
            before = last.get(same)
            if before is not None and before.from_ms == at_ms:  # twice at the same instant
                new = replace(new, entitlement_id=f"{before.entitlement_id}+")
            if sold.allowance.rolls_over and before is not None and at_ms < before.until_ms:
                yield replace(before, until_ms=at_ms)
                new = replace(new, carried_from=before.entitlement_id)
            last[same] = new
            yield new


def _entitlement(place: int, sold: Sold, account: str, line: str, from_ms: int, until_ms: int) -> Entitlement:
    shared = sold.allowance.shared
    name = f"{sold.version}/{sold.allowance.id}/{account if shared else line}/{from_ms}"
    return Entitlement(name, account, None if shared else line, place, from_ms, until_ms, from_ms)
