"""Ad-valorem taxes with dates, one on top of another: excise duty, then VAT on the amount with excise duty."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from zoneinfo import ZoneInfo

from pydantic import Field

from ossbss.bss.product.effective import Effective, span_ms
from ossbss.bss.product.graphs import all_parts
from ossbss.contract.units import Rounding, round_money
from ossbss.documents import Strict

NET = "net"


class Tax(Strict):
    """A share of an amount of money. Of taxes with one name that holds which began last."""

    name: str
    """as it stands on the bill"""
    rate_milli: int = Field(ge=0, lt=1000)
    """160 is 16 %"""
    valid_from: Effective = None
    """none: since ever"""
    on_top_of: tuple[str, ...] = ()
    """also on the amounts of these taxes, as VAT is on the amount with excise duty"""


@dataclass(frozen=True)
class Taxed:
    """Micro-units; ``taxes``: name → amount, in the order in which they are worked out."""

    net_micros: int
    taxes: dict[str, int]

    @property
    def tax_micros(self) -> int:
        return sum(self.taxes.values())

    @property
    def gross_micros(self) -> int:
        return self.net_micros + self.tax_micros


@dataclass(frozen=True)
class TaxLaw:
    """Every tax of a catalogue. ``residue``: what of an inclusive amount takes that which rounding leaves, NET or a
    tax."""

    taxes: Sequence[Tax]
    zone: ZoneInfo
    rounding: Rounding
    residue: str = NET

    def in_force(self, at_ms: int) -> list[Tax]:
        """One of each name, each after those that it is on top of."""
        begun = [tax for tax in self.taxes if self._from_ms(tax) <= at_ms]
        latest = {tax.name: tax for tax in sorted(begun, key=self._from_ms)}
        below = {name: tax.on_top_of for name, tax in latest.items()}
        return sorted(latest.values(), key=lambda tax: len(all_parts(tax.name, below)))

    def added_to(self, net_micros: int, at_ms: int) -> Taxed:
        """Taxes on an amount exclusive of tax; each is rounded before another is on top of it."""
        amounts: dict[str, int] = {}
        for tax in self.in_force(at_ms):
            base = net_micros + sum(amounts.get(name, 0) for name in tax.on_top_of)
            amounts[tax.name] = round_money(Fraction(base * tax.rate_milli, 1000), self.rounding)
        return Taxed(net_micros, amounts)

    def contained_in(self, gross_micros: int, at_ms: int) -> Taxed:
        """Taxes that an amount inclusive of tax holds: its parts sum to it exactly.

        Each part is rounded from its exact value, but for that which takes the residue: the net amount too where a tax
        of this name is in force.
        """
        shares: dict[str, Fraction] = {}
        for tax in self.in_force(at_ms):
            base = sum((shares.get(name, Fraction(0)) for name in tax.on_top_of), Fraction(1))
            shares[tax.name] = base * tax.rate_milli / 1000
        exact_net = gross_micros / (1 + sum(shares.values(), Fraction(0)))
        amounts = {name: round_money(exact_net * share, self.rounding) for name, share in shares.items()}
        net = gross_micros - sum(amounts.values())
        if self.residue in amounts:
            rounded = round_money(exact_net, self.rounding)
            amounts[self.residue] += net - rounded
            net = rounded
        return Taxed(net, amounts)

    def _from_ms(self, tax: Tax) -> int:
        since: date | None = tax.valid_from
        return span_ms(since, None, self.zone)[0]
