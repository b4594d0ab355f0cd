"""What does a customer owe for a period? One pure function makes an invoice; a dry run is the same call."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ossbss.bss.product.catalogue import Catalogue
from ossbss.bss.revenue import sla
from ossbss.bss.revenue.billing.discounts import taken_off
from ossbss.bss.revenue.billing.proration import stub_fraction
from ossbss.bss.revenue.cycles import Period, cycle_at
from ossbss.contract.units import DAY_MS, HOUR_MS, MINUTE_MS, round_money


@dataclass(frozen=True)
class Contract:
    """A line under contract: who pays, for which offering, since when (until None: still)."""

    account_id: str
    subscriber_id: str
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
    """``kind``: recurring, usage, discount, credit, included_tax, tax or rounding.

    A discount and a credit are negative; so is ``included_tax``, the tax that the prices of the lines above hold.
    """

    kind: str
    amount_micros: int
    text: str


@dataclass(frozen=True)
class Invoice:
    """The bill of one contract: that of ``subscriber_id`` which begins at ``contract_from_ms``.

    ``period``: the time it is served for; all that was billed where the contract had ended before.
    """

    invoice_id: str
    account_id: str
    subscriber_id: str
    contract_from_ms: int
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
    rules = catalogue.rounding
    served = contract.within(billed)
    fee = recurring_micros(contract, billed, cycle, catalogue)
    offering = catalogue.offering(contract.offering_id)
    title = offering.title["en"] if offering else contract.offering_id
    lines = [InvoiceLine("recurring", fee, f"{title}, {served.length_ms / DAY_MS:g} of {_days(cycle)} days")]
    lines += [InvoiceLine("usage", amount, f"Usage: {name}") for name, amount in sorted(usage_micros.items()) if amount]
    charges, since_ms = {"recurring": fee, **dict(sorted(usage_micros.items()))}, contract.valid_from_ms
    off = taken_off(charges, contract.offering_id, since_ms, billed, catalogue)
    lines += [InvoiceLine("discount", -micros, f"Discount: {name}") for name, micros in off]
    time_ms, credit = sla_credit(contract, billed, cycle, outages, catalogue)
    if credit:
        lines.append(InvoiceLine("credit", -credit, f"Credit for {clock_text(time_ms)} without service"))
    lines += _tax_lines(sum(line.amount_micros for line in lines), contract.offering_id, billed.end_ms - 1, catalogue)
    total = sum(line.amount_micros for line in lines)
    residue = round_money(total, rules.invoice.at("invoice")) - total
    if residue:
        lines.append(InvoiceLine("rounding", residue, "Rounding"))
    period = served if served.length_ms else billed
    return Invoice(
        invoice_id, contract.account_id, contract.subscriber_id, contract.valid_from_ms, period, tuple(lines)
    )


def _tax_lines(amount_micros: int, offering_id: str, at_ms: int, catalogue: Catalogue) -> Iterator[InvoiceLine]:
    """The taxes in force at the end of the billed period, each on what it is on top of."""
    law, is_included = catalogue.tax_law, catalogue.includes_tax(offering_id)
    taxed = law.contained_in(amount_micros, at_ms) if is_included else law.added_to(amount_micros, at_ms)
    if is_included and taxed.tax_micros:
        yield InvoiceLine("included_tax", -taxed.tax_micros, "Tax that these prices hold")
    rates = {tax.name: tax.rate_milli for tax in law.in_force(at_ms)}
    for name, micros in taxed.taxes.items():
        yield InvoiceLine("tax", micros, f"{name} {rates[name] / 10:g} %")


def recurring_micros(contract: Contract, billed: Period, cycle: Period, catalogue: Catalogue) -> int:
    """The fee for the part of ``billed`` in which the contract runs; 0 where it does not."""
    served = contract.within(billed)
    if not served.length_ms:
        return 0
    version = catalogue.sold_at(contract.offering_id, served.start_ms)
    return round_money(version.recurring_fee * stub_fraction(served, cycle), catalogue.rounding.charge.at("recurring"))


def sla_credit(
    contract: Contract, billed: Period, cycle: Period, outages: Sequence[Period], catalogue: Catalogue
) -> tuple[int, int]:
    """(time without service in ms, credit in micro-units) by the terms of the version that is billed.

    A contract that ended before ``billed`` is credited as in its last cycle: by that cycle's version, length and fee.
    """
    if not contract.within(billed).length_ms:
        if contract.valid_until_ms is None or contract.valid_until_ms > billed.start_ms:
            return 0, 0
        billed = cycle = cycle_at(contract.valid_until_ms - 1, catalogue.zone)
    version = catalogue.sold_at(contract.offering_id, contract.within(billed).start_ms)
    if version.sla is None:
        return 0, 0
    ends_ms = billed.end_ms if contract.valid_until_ms is None else contract.valid_until_ms
    whole = Period(contract.valid_from_ms, ends_ms)
    time_ms = sla.credited_ms(outages, whole, version.sla)
    fee = recurring_micros(contract, billed, cycle, catalogue)
    rounding = catalogue.rounding.charge.at("credit")
    return time_ms, sla.credit_micros(time_ms, version.recurring_fee, cycle, fee, version.sla, rounding)


def _days(cycle: Period) -> str:
    return f"{cycle.length_ms / DAY_MS:g}"


def clock_text(time_ms: int) -> str:
    """Hours and minutes of a length of time.

    >>> clock_text(29_700_000)
    '8 h 15 min'
    """
    return f"{time_ms // HOUR_MS} h {time_ms % HOUR_MS // MINUTE_MS} min"
