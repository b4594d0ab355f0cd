"""The clear executor: every record through ``charge``, each account in the order in which things happened.

It is the oracle of the batch engine and explains single records; both read the same rules and entitlements.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from ossbss.bss.revenue.charging.balances import Bucket, Request
from ossbss.bss.revenue.charging.by_quantity import Counted, counted_at
from ossbss.bss.revenue.charging.charge import Charge, Terms, charge
from ossbss.bss.revenue.charging.earlier import NOTHING_USED, Used
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.rating.memory import LEFT_SCHEMA, NOTHING_YET, USED_SCHEMA, Memory
from ossbss.contract.units import UNLIMITED

SERVED = Terms(cut=False)
"""What is rated afterwards has been used already."""


@dataclass(frozen=True)
class Rated:
    """One record (its columns by name) and what it costs; a text where nothing prices it."""

    record: Mapping[str, Any]
    charge: Charge | str


class Owner:
    """The entitlements of one account, and what is left of them."""

    def __init__(self, rows: Iterable[Mapping[str, Any]], rules: RuleSet, left: Mapping[str, tuple[int, int]]) -> None:
        """``left``: entitlement → units left, and whether it is settled, of those that were looked at."""
        self.lines: dict[str, str | None] = {}
        self.carried: dict[str, str] = {}
        """what is still to be carried over, and from which"""
        self.settled: set[str] = set()
        self.buckets: dict[str, Bucket] = {}
        for row in rows:
            name = row["entitlement_id"]
            bucket = rules.bucket(rules.sold[row["allowance"]], name, row["from_ms"], row["until_ms"])
            self.lines[name] = row["subscriber_id"]
            units, is_settled = left.get(name, (bucket.left, 0))
            self.buckets[name] = replace(bucket, left=units, bought_ms=row["bought_ms"])
            if is_settled:
                self.settled.add(name)
            elif row["carried_from"] is not None:
                self.carried[name] = row["carried_from"]

    def usable(self, line: str, at_ms: int) -> list[Bucket]:
        """Those of a line for a session that begins at an instant, with what is carried over by then."""
        for name, before in list(self.carried.items()):
            if self.buckets[name].valid_from_ms <= at_ms:
                left = self.buckets[before].left
                if max(left, self.buckets[name].left) < UNLIMITED:
                    self._add(name, left)
                    self._add(before, -left)
                del self.carried[name]
                self.settled.add(name)
        return [bucket for name, bucket in self.buckets.items() if self.lines[name] in (None, line)]

    def take(self, found: Charge) -> None:
        for taken in found.taken:
            self._add(taken.bucket, -taken.quantity)

    def _add(self, name: str, units: int) -> None:
        bucket = self.buckets[name]
        if bucket.left < UNLIMITED:
            self.buckets[name] = replace(bucket, left=bucket.left + units)


def rate(
    usage: pl.DataFrame, entitled: pl.DataFrame, rules: RuleSet, before: Memory = NOTHING_YET
) -> tuple[list[Rated], Memory]:
    """Records in order of account, time and id, and what is remembered after them.

    ``usage``: account_id, subscriber_id, offering_id, class, zone, started_ms, quantity, usage_id, leg (1: the first).
    """
    own: dict[str, list[Mapping[str, Any]]] = {}
    for row in entitled.iter_rows(named=True):
        own.setdefault(row["account_id"], []).append(row)
    left = {name: (units, is_settled) for name, units, is_settled in before.left.iter_rows()}
    used = {(line, price, month): Used(*counts) for line, price, month, *counts in before.used.iter_rows()}
    owners, found = dict[str, Owner](), list[Rated]()
    for record in usage.sort("account_id", "started_ms", "usage_id").iter_rows(named=True):
        account = record["account_id"]
        if account not in owners:
            owners[account] = Owner(own.get(account, ()), rules, left)
        found.append(_rated(record, owners[account], rules, used))
    rows = [(name, bucket.left, int(name in o.settled)) for o in owners.values() for name, bucket in o.buckets.items()]
    counts = [(*key, one.quantity, one.events) for key, one in used.items()]
    after = before.after(
        pl.DataFrame(rows, schema=LEFT_SCHEMA, orient="row"), pl.DataFrame(counts, schema=USED_SCHEMA, orient="row")
    )
    return found, after


def rate_columns(
    usage: pl.DataFrame, entitled: pl.DataFrame, rules: RuleSet, before: Memory = NOTHING_YET
) -> tuple[pl.DataFrame, Memory]:
    """The same in the columns, and the order, of ``batch.rate``."""
    numbered = usage.with_row_index("row")
    found, after = rate(numbered, entitled, rules, before)
    rows = [
        (one.record["row"], *(
            (0, 0, 0, False) if isinstance(one.charge, str) else
            (one.charge.amount_micros, one.charge.fee_micros, sum(t.end - t.start for t in one.charge.taken), True)
        ))
        for one in found
    ]  # fmt: skip
    schema = {"row": pl.UInt32, **dict.fromkeys(("amount_micros", "fee_micros", "free"), pl.Int64)}
    columns = pl.DataFrame(rows, schema={**schema, "is_priced": pl.Boolean}, orient="row").sort("row").drop("row")
    return usage.hstack(columns), after


def _rated(record: Mapping[str, Any], owner: Owner, rules: RuleSet, used: dict[Counted, Used]) -> Rated:
    plan = rules.plan(record["offering_id"], record["class"], record["zone"])
    start_ms, is_first = record["started_ms"], record["leg"] == 1
    request = Request(start_ms, record["class"], record["quantity"], record["zone"], is_first=is_first)
    buckets = owner.usable(record["subscriber_id"], start_ms)
    counted = counted_at(plan, record["subscriber_id"], start_ms)
    now = used.get(counted, NOTHING_USED) if counted else NOTHING_USED
    rounding = rules.catalogue.rounding.charge.at("charge")
    found = charge(plan, request, buckets, None, rounding, SERVED, now)
    if found.granted < request.quantity:
        return Rated(record, found.reason)
    owner.take(found)
    if counted and found.counted.events:
        used[counted] = Used(now.quantity + found.counted.quantity, now.events + 1)
    return Rated(record, found)
