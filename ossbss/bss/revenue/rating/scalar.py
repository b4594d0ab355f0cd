"""The clear executor: every record through ``charge``, each account in the order in which things happened.

It is the oracle of the batch engine and explains single records; both read the same rules and entitlements.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from ossbss.bss.revenue.charging.balances import UNLIMITED, Bucket, Request
from ossbss.bss.revenue.charging.charge import Charge, Terms, charge
from ossbss.bss.revenue.charging.rules import RuleSet

SERVED = Terms(cut=False)
"""What is rated afterwards has been used already."""


@dataclass(frozen=True)
class Rated:
    """One record (its columns by name) and what it costs; a text where nothing prices it."""

    record: Mapping[str, Any]
    charge: Charge | str


class Owner:
    """The entitlements of one account, and what is left of them."""

    def __init__(self, rows: Iterable[Mapping[str, Any]], rules: RuleSet, left: Mapping[str, int]) -> None:
        """``left``: entitlement → units left, of those that are used already."""
        self.lines: dict[str, str | None] = {}
        self.carried: dict[str, str] = {}
        self.buckets: dict[str, Bucket] = {}
        for row in rows:
            name = row["entitlement_id"]
            bucket = rules.bucket(rules.sold[row["allowance"]].allowance, name, row["from_ms"], row["until_ms"])
            self.lines[name] = row["subscriber_id"]
            self.buckets[name] = replace(bucket, left=left.get(name, bucket.left), bought_ms=row["bought_ms"])
            if row["carried_from"] is not None and name not in left:
                self.carried[name] = row["carried_from"]

    def usable(self, line: str, at_ms: int) -> list[Bucket]:
        """Those of a line for a session that begins at an instant, with what is carried over by then."""
        for name, before in list(self.carried.items()):
            if self.buckets[name].valid_from_ms <= at_ms:
                self._add(name, self.buckets[before].left)
                self._add(before, -self.buckets[before].left)
                del self.carried[name]
        return [bucket for name, bucket in self.buckets.items() if self.lines[name] in (None, line)]

    def take(self, found: Charge) -> None:
        for taken in found.taken:
            self._add(taken.bucket, -taken.quantity)

    def _add(self, name: str, units: int) -> None:
        bucket = self.buckets[name]
        if bucket.left < UNLIMITED:
            self.buckets[name] = replace(bucket, left=bucket.left + units)


def rate(
    usage: pl.DataFrame, entitled: pl.DataFrame, rules: RuleSet, left: Mapping[str, int]
) -> tuple[list[Rated], dict[str, int]]:
    """Records in order of account, time and id, and what is left of each entitlement after them.

    ``usage``: account_id, subscriber_id, offering_id, class, zone, started_ms, quantity, usage_id, leg (1: the first).
    """
    own: dict[str, list[Mapping[str, Any]]] = {}
    for row in entitled.iter_rows(named=True):
        own.setdefault(row["account_id"], []).append(row)
    owners: dict[str, Owner] = {}
    found: list[Rated] = []
    for record in usage.sort("account_id", "started_ms", "usage_id").iter_rows(named=True):
        account = record["account_id"]
        if account not in owners:
            owners[account] = Owner(own.get(account, ()), rules, left)
        found.append(Rated(record, _charge(record, owners[account], rules)))
    after = {name: bucket.left for owner in owners.values() for name, bucket in owner.buckets.items()}
    return found, {**left, **after}


def _charge(record: Mapping[str, Any], owner: Owner, rules: RuleSet) -> Charge | str:
    plan = rules.plan(record["offering_id"], record["class"], record["zone"])
    request = Request(
        record["started_ms"], record["class"], record["quantity"], record["zone"], is_first=record["leg"] == 1
    )
    buckets = owner.usable(record["subscriber_id"], request.start_ms)
    found = charge(plan, request, buckets, None, rules.catalogue.rounding.charge.at("charge"), SERVED)
    if found.granted < request.quantity:
        return found.reason
    owner.take(found)
    return found
