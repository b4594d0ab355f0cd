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

from ossbss.bss.revenue.charging.rules import RuleSet, Sold
from ossbss.bss.revenue.cycles import Period, cycle_at
from ossbss.contract.units import NEVER_MS

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
    """ENTITLEMENTS_SCHEMA of contracts (ACCOUNTS_SCHEMA) that run, and of all purchases so far (PURCHASES_SCHEMA) that
    last, in the span; each once: of two lines that share an account's allowance the account has one."""
    bought = {one.entitlement_id: one for one in _bought(purchases, rules, span.end_ms)}
    rows = pl.DataFrame(
        [astuple(one) for one in _still_of_use(bought, span)], schema=ENTITLEMENTS_SCHEMA, orient="row"
    )
    months = _by_month(accounts, rules, span)
    return pl.concat([months, rows]).unique("entitlement_id", keep="last").sort("entitlement_id")


def _by_month(accounts: pl.DataFrame, rules: RuleSet, span: Period) -> pl.DataFrame:
    """A cycle's allowances are those of the version with which it, or the contract, begins."""
    periods = [vars(cycle) for cycle in _cycles(rules, span)]
    cycles = pl.DataFrame(periods, schema={"start_ms": pl.Int64, "end_ms": pl.Int64})
    until = pl.col("valid_until_ms").fill_null(NEVER_MS)
    due = accounts.join(cycles, how="cross").select(
        "account_id",
        "subscriber_id",
        "offering_id",
        pl.max_horizontal("valid_from_ms", "start_ms").alias("from_ms"),
        pl.min_horizontal(until, "end_ms").alias("until_ms"),
    )
    due = due.filter((pl.col("from_ms") < pl.col("until_ms")) & (pl.col("until_ms") > span.start_ms))
    due = due.filter(pl.col("from_ms") < span.end_ms).sort("from_ms")
    sold = _sold(rules)
    versions = sold.select("offering_id", "starts_ms").unique().sort("starts_ms")
    begun = due.join_asof(versions, left_on="from_ms", right_on="starts_ms", by="offering_id", check_sortedness=False)
    each = begun.join(sold.filter(pl.col("by_month")), on=["offering_id", "starts_ms"])
    owner = pl.when("shared").then("account_id").otherwise("subscriber_id")
    return each.select(
        pl.format("{}/{}/{}", "name", owner, "from_ms").alias("entitlement_id"),
        "account_id",
        pl.when(~pl.col("shared")).then("subscriber_id").alias("subscriber_id"),
        "allowance",
        "from_ms",
        "until_ms",
        pl.col("from_ms").alias("bought_ms"),
        pl.lit(None, dtype=pl.String).alias("carried_from"),
    )


def _cycles(rules: RuleSet, span: Period) -> Iterator[Period]:
    at_ms = span.start_ms
    while at_ms < span.end_ms:
        yield (cycle := cycle_at(at_ms, rules.catalogue.zone))
        at_ms = cycle.end_ms


SOLD_SCHEMA = {"offering_id": pl.String, "starts_ms": pl.Int64, "allowance": pl.Int64, "name": pl.String,
               "shared": pl.Boolean, "by_month": pl.Boolean}  # fmt: skip


def _sold(rules: RuleSet) -> pl.DataFrame:
    """Every version of every offering, once alone, and with each of its allowances."""
    rows: list[tuple[object, ...]] = []
    for offering in rules.catalogue.offerings:
        for starts_ms in rules.starts(offering.id):
            head = (offering.id, starts_ms)
            rows.append((*head, None, None, None, None))
            for place, one in rules.sold_at(*head):
                name, shared = f"{one.version}/{one.allowance.id}", one.allowance.shared
                rows.append((*head, place, name, shared, one.allowance.valid == "cycle"))
    return pl.DataFrame(rows, schema=SOLD_SCHEMA, orient="row")


def _still_of_use(bought: dict[str, Entitlement], span: Period) -> Iterator[Entitlement]:
    """What has not expired before the span, and that of which something may be carried over to it."""
    for name in reversed(bought):
        one = bought[name]
        if one.until_ms > span.start_ms:
            yield one
            while one.carried_from is not None and bought[one.carried_from].until_ms <= span.start_ms:
                one = bought[one.carried_from]
                yield one


def _bought(purchases: pl.DataFrame, rules: RuleSet, until_ms: int) -> Iterator[Entitlement]:
    """In order of time, so that what is bought again carries on what is left."""
    last: dict[tuple[str, str | None, str, str], Entitlement] = {}
    before_end = purchases.filter(pl.col("bought_ms") < until_ms)
    made = before_end.select(*PURCHASES_SCHEMA).sort("bought_ms", "account_id", "subscriber_id", "offering_id")
    for account, line, offering, at_ms in made.iter_rows():
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
