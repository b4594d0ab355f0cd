"""What does a customer owe for a period? One pure function makes an invoice; a dry run is the same call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ossbss.bss.product.catalogue import Catalogue
from ossbss.bss.revenue import sla
from ossbss.bss.revenue.cycles import Period
from ossbss.bss.revenue.proration import stub_fraction
from ossbss.bss.revenue.tax import tax_micros
from ossbss.contract.units import DAY_MS, HOUR_MS, MINUTE_MS, round_money


@dataclass(frozen=True)
class Contract:
    """A line under contract: who pays, for which offering, since when (until None: still)."""

    account_id: str
    offering_id: str
    service_id: str
    valid_from_ms: int
    valid_until_ms: int | None

    def within(self, period: Period) -> Period:
        """The part of a period in which the contract runs; empty where it does not."""
        until_ms = period.end_ms if self.valid_until_ms is None else self.valid_until_ms
        end_ms = max(period.start_ms, min(period.end_ms, until_ms))
        return Period(min(max(period.start_ms, self.valid_from_ms), end_ms), end_ms)


@dataclass(frozen=True)
class InvoiceLine:
    """``kind``: recurring, usage, credit, tax or rounding; a credit is negative."""

    kind: str
    amount_micros: int
    text: str


@dataclass(frozen=True)
class Invoice:
    invoice_id: str
    account_id: str
    period: Period
    lines: tuple[InvoiceLine, ...]

    @property
    def total_micros(self) -> int:
        return sum(line.amount_micros for line in self.lines)


def make_invoice(
    invoice_id: str,
    contract: Contract,
    billed: Period,
    cycle: Period,
    usage_micros: Mapping[str, int],
    outages: Sequence[Period],
    catalogue: Catalogue,
) -> Invoice:
    """The invoice of one contract for ``billed``, a whole cycle or its stub.

    ``usage_micros``: rated and not yet billed, by class. ``outages``: of its service, resolved and not yet credited.
    """
    version = catalogue.version_at(contract.offering_id, max(billed.start_ms, contract.valid_from_ms))
    rules = catalogue.rounding
    served = contract.within(billed)
    fee = round_money(version.recurring_fee * stub_fraction(served, cycle), rules.charge.at("recurring"))
    title = catalogue.offering(contract.offering_id).title["en"]
    lines = [InvoiceLine("recurring", fee, f"{title}, {served.length_ms / DAY_MS:g} of {_days(cycle)} days")]
    lines += [InvoiceLine("usage", amount, f"Usage: {name}") for name, amount in sorted(usage_micros.items()) if amount]
    if version.sla:
        whole = Period(contract.valid_from_ms, contract.valid_until_ms or billed.end_ms)
        time_ms = sla.credited_ms(outages, whole, version.sla)
        credit = sla.credit_micros(time_ms, version.recurring_fee, cycle, fee, version.sla, rules.charge.at("credit"))
        if credit:
            lines.append(InvoiceLine("credit", -credit, f"Credit for {clock_text(time_ms)} without service"))
    net = sum(line.amount_micros for line in lines)
    tax = catalogue.tax
    percent = f"{tax.rate_milli / 10:g} %"
    lines.append(InvoiceLine("tax", tax_micros(net, tax.rate_milli, rules.tax.at("tax")), f"{tax.name} {percent}"))
    total = sum(line.amount_micros for line in lines)
    residue = round_money(total, rules.invoice.at("invoice")) - total
    if residue:
        lines.append(InvoiceLine("rounding", residue, "Rounding"))
    return Invoice(invoice_id, contract.account_id, served, tuple(lines))


def _days(cycle: Period) -> str:
    return f"{cycle.length_ms / DAY_MS:g}"


def clock_text(time_ms: int) -> str:
    """Hours and minutes of a length of time.

    >>> clock_text(29_700_000)
    '8 h 15 min'
    """
    return f"{time_ms // HOUR_MS} h {time_ms % HOUR_MS // MINUTE_MS} min"
