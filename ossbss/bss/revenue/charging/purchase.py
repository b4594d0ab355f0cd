"""Buying a bundle out of money: its buckets begin with the purchase, and carry on what is left of the same bundle."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace

from ossbss.bss.product.eligibility import Buyer, Payment, why_not
from ossbss.bss.product.offering import Version
from ossbss.bss.revenue.charging.balances import Bucket, debit
from ossbss.bss.revenue.charging.charge import INSUFFICIENT, Charge
from ossbss.bss.revenue.charging.holdings import Change, Event, Holdings, moved, sweep
from ossbss.bss.revenue.charging.rules import RuleSet, Sold
from ossbss.bss.revenue.cycles import cycle_at
from ossbss.contract.units import UNLIMITED

NOT_SOLD = "not_sold"
"""there is no such offering, or not yet"""
NO_BUNDLE = "no_bundle"
"""what it brings is not bought once: it has no allowances, or a monthly fee"""
NOT_ELIGIBLE = "not_eligible"
"""its terms do not let this line buy it"""


def buy(
    have: Holdings, rules: RuleSet, owner: str, line: str, base_id: str, offering_id: str, at_ms: int
) -> Change:  # fmt: skip
    """``owner``: the wallet's id, for what all of its lines share; ``base_id``: the offering by whose prices the line
    pays. Nothing changes where it is refused.

    Where an allowance rolls over, what is left of the same one, if it has not expired, goes to the new bucket.
    """
    version = bundle_at(rules, offering_id, at_ms)
    if isinstance(version, str):
        return Change(have, "refused", version)
    if not is_eligible(version, "prepaid", {base_id, *held(have, line, at_ms)}):
        return Change(have, "refused", NOT_ELIGIBLE)
    payers = sorted((m for m in have.money.values() if not m.usage_only), key=lambda m: m.rank)
    fee = version.one_time_fee
    if fee > sum(max(balance.value_micros, 0) for balance in payers):
        return Change(have, "refused", INSUFFICIENT)
    paid = Charge("full", 0, fee, debited=debit(payers, fee) if fee else {})
    after = moved(have, paid, -1)
    events: tuple[Event, ...] = (Event("purchased", at_ms, offering_id, amount_micros=fee),)
    for _, sold in rules.sold_at(offering_id, at_ms):
        buckets, told = _with(after.buckets, sold, rules, owner, line, at_ms)
        after, events = replace(after, buckets=buckets), (*events, told)
    after, moves = sweep(after, at_ms)
    return Change(after, "full", "", fee, events=(*events, *moves))


def bundle_at(rules: RuleSet, offering_id: str, at_ms: int) -> Version | str:
    """The version that is sold at an instant; else why it cannot be bought."""
    version = rules.catalogue.version_at(offering_id, at_ms)
    if version is None:
        return NOT_SOLD
    return version if rules.sold_at(offering_id, at_ms) and not version.recurring_fee else NO_BUNDLE


def is_eligible(version: Version, payment: Payment, holds: Set[str]) -> bool:
    """Whether a line that pays so, and has these offerings, may buy it; segments are not known to charging."""
    return not why_not(version.requires, version.excludes, Buyer(frozenset(holds), payment))


def held(have: Holdings, line: str, at_ms: int) -> Iterator[str]:
    """The offerings whose bundles a line has at an instant, its own and shared ones."""
    for bucket in have.buckets.values():
        if bucket.line in (None, line) and bucket.valid_from_ms <= at_ms < bucket.expires_ms:
            yield bucket.product.rpartition("/")[0]


def _with(
    buckets: Mapping[str, Bucket], sold: Sold, rules: RuleSet, owner: str, line: str, at_ms: int
) -> tuple[dict[str, Bucket], Event]:
    """With what one allowance brings; the bucket that it carries on ends now."""
    new = _bucket(buckets, sold, rules, owner, line, at_ms)
    found = dict(buckets)
    same = [b for b in buckets.values() if (b.product, b.line) == (new.product, new.line) and at_ms < b.expires_ms]
    if same and sold.allowance.rolls_over:
        before = max(same, key=lambda bucket: bucket.bought_ms)
        found[before.id] = replace(before, expires_ms=at_ms, carried_to=new.id)
    found[new.id] = new
    return found, Event("bucket", at_ms, new.id, new.size)


def _bucket(
    buckets: Mapping[str, Bucket], sold: Sold, rules: RuleSet, owner: str, line: str, at_ms: int
) -> Bucket:  # fmt: skip
    """Named as entitlements are."""
    allowance = sold.allowance
    valid = allowance.valid
    until_ms = cycle_at(at_ms, rules.catalogue.zone).end_ms if valid == "cycle" else at_ms + valid
    name = f"{sold.version}/{allowance.id}/{owner if allowance.shared else line}/{at_ms}"
    while name in buckets:  # twice at the same instant
        name += "+"
    bucket = rules.bucket(sold, name, at_ms, until_ms)
    size = bucket.left if bucket.left < UNLIMITED else 0
    product = f"{sold.offering_id}/{allowance.id}"
    return replace(bucket, line=None if allowance.shared else line, product=product, size=size)
