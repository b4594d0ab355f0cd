"""What would this usage cost? Examples priced one after the other, each explained line by line.

They are priced as sessions are, with money that does not end; allowances begin full with the first example.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ossbss.bss.product.catalogue import Catalogue
from ossbss.bss.product.promotions import discounted
from ossbss.bss.product.taxes import Taxed
from ossbss.bss.product.trial.usage_text import UsageExample
from ossbss.bss.revenue.charging.balances import Bucket, Request
from ossbss.bss.revenue.charging.charge import Charge, Terms, charge
from ossbss.bss.revenue.charging.earlier import NOTHING_USED, Used
from ossbss.bss.revenue.charging.explanation import Line, lines
from ossbss.bss.revenue.charging.plan import Plan
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.cycles import cycle_at
from ossbss.contract.units import UNLIMITED, round_money


@dataclass(frozen=True)
class PricedExample:
    """The lines sum to ``amount_micros``, as the offering's prices are: with tax in it, or without. ``reason``: why not
    all is priced, else empty; ``offering_id``: whose price it is."""

    example: UsageExample
    offering_id: str
    lines: tuple[Line, ...]
    amount_micros: int
    taxed: Taxed
    reason: str


def priced(
    catalogue: Catalogue, offering_id: str, examples: Sequence[UsageExample], beside: Sequence[str] = ()
) -> list[PricedExample]:
    """``beside``: what the line has bought too. Prices are those of the first that has one: the offering with the
    parts of a bundle, those beside it; allowances are those of all."""
    desk = _Desk(catalogue, offering_id, beside, examples[0].at_ms)
    return [desk.priced(example) for example in examples]


class _Desk:
    """What the examples before have left of the allowances, and used at prices by quantity."""

    def __init__(self, catalogue: Catalogue, offering_id: str, beside: Sequence[str], start_ms: int) -> None:
        self.catalogue, self.rules = catalogue, RuleSet(catalogue)
        self.rounding = catalogue.rounding.charge.at("charge")
        self.bought = [offering_id, *beside]
        self.buckets = {bucket.id: bucket for bucket in self._buckets(start_ms)}
        self.used: dict[tuple[str, str, str | None, int], Used] = {}

    def _buckets(self, start_ms: int) -> Iterator[Bucket]:
        month = cycle_at(start_ms, self.catalogue.zone)
        for name in dict.fromkeys(self.bought):
            for _, sold in self.rules.sold_at(name, start_ms):
                valid = sold.allowance.valid
                until_ms = month.end_ms if valid == "cycle" else start_ms + valid
                yield self.rules.bucket(sold, f"{name}/{sold.allowance.id}", start_ms, until_ms)

    def priced(self, example: UsageExample) -> PricedExample:
        name, at_ms = example.usage_class, example.at_ms
        offering_id, plan, zone = self._guide(example)
        month = (offering_id, name, zone, cycle_at(at_ms, self.catalogue.zone).start_ms)
        used = self.used.get(month, NOTHING_USED)
        request = Request(at_ms, name, example.quantity, zone, example.number)
        found = charge(plan, request, tuple(self.buckets.values()), None, self.rounding, Terms(cut=False), used)
        self._take(found)
        self.used[month] = Used(used.quantity + found.counted.quantity, used.events + found.counted.events)
        off = self.catalogue.discounts_at(offering_id, example.usage_class, at_ms)
        saved = [(d, round_money(exact, self.rounding)) for d, exact in discounted(Fraction(found.amount_micros), off)]
        explained = (
            *lines(found, plan.price_at(at_ms), name),
            *(Line("discount", d, Fraction(-less)) for d, less in saved),
        )
        amount = found.amount_micros - sum(micros for _, micros in saved)
        taxed = self._taxed(offering_id, amount, at_ms)
        return PricedExample(example, offering_id, explained, amount, taxed, found.reason)

    def _guide(self, example: UsageExample) -> tuple[str, Plan, str | None]:
        """Whose price it is, the plan, and the zone; the offering's own plan, without a price, where nobody has one."""
        name, at_ms = example.usage_class, example.at_ms
        for offering_id in self.bought:
            zone = example.zone
            if example.number or example.origin:
                route = self.rules.route(offering_id, name, example.number, at_ms, example.origin)
                zone = route.zone if route else None
            plan = self.rules.plan(offering_id, name, zone)
            if plan.price_at(at_ms) is not None:
                part, _, _ = plan.versions[plan.number_at(at_ms)].name.rpartition("@")
                return part, plan, zone
        return self.bought[0], self.rules.plan(self.bought[0], name, example.zone), example.zone

    def _taxed(self, offering_id: str, amount_micros: int, at_ms: int) -> Taxed:
        law = self.catalogue.tax_law
        return (law.contained_in if self.catalogue.includes_tax(offering_id) else law.added_to)(amount_micros, at_ms)

    def _take(self, found: Charge) -> None:
        for taken in found.taken:
            bucket = self.buckets[taken.bucket]
            if bucket.left < UNLIMITED:
                self.buckets[bucket.id] = replace(bucket, left=bucket.left - taken.quantity)
