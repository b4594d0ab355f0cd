"""The terms of a version, one line each: to list them, and to tell two versions apart."""

from collections.abc import Iterator

from ossbss.bss.product.allowance import Allowance
from ossbss.bss.product.model_terms import model_terms
from ossbss.bss.product.offering import Component, Version
from ossbss.bss.product.pricing.amounts import NOTHING, in_currency
from ossbss.bss.product.pricing.usage_price import UsagePrice
from ossbss.bss.product.promotions import Discount
from ossbss.bss.product.usage_words import UNITS, usage_words
from ossbss.contract.quantities import duration_text
from ossbss.contract.units import MICROS_PER_UNIT


def terms(version: Version) -> dict[str, str]:
    """What → how much, in the currency of the catalogue; what there is none of is left out."""
    return dict(_terms(version))


def _terms(version: Version) -> Iterator[tuple[str, str]]:
    for name, fee in (("recurring fee", version.recurring_fee), ("one-time fee", version.one_time_fee)):
        if fee:
            yield name, in_currency(fee)
    for allowance in version.allowances:
        yield f"allowance {allowance.id}", _allowance(allowance)
    for usage_class, prices in version.usage.items():
        for price in prices:
            yield from _usage(usage_class, price)
    for component in version.components:
        yield f"{component.kind} {component.id}", _component(component)
    for discount in version.discounts:
        yield f"discount {discount.id}", _discount(discount)
    for name, others in (("includes", version.includes), ("excludes", version.excludes)):
        if others:
            yield name, ", ".join(others)
    if wanted := [word for word in (*version.requires.offerings, version.requires.payment, *version.requires.segments)
                  if word]:  # fmt: skip
        yield "requires", ", ".join(wanted)
    if version.sla:
        credit = f"{version.sla.fee_multiple} × the fee from {duration_text(version.sla.min_outage)} on"
        repair = duration_text(version.sla.repair_within)
        yield "SLA", f"{credit}, at most {version.sla.cap_milli / 10:g} %, repaired within {repair}"


def _allowance(allowance: Allowance) -> str:
    unit = allowance.classes[0]
    much = "unlimited" if allowance.amount is None else usage_words(unit, allowance.amount)
    valid = "each month" if allowance.valid == "cycle" else f"for {duration_text(allowance.valid)}"
    where = [*(f"to {zone}" for zone in allowance.zones), *(f"in {window}" for window in allowance.windows)]
    marks = [word for word, is_so in (("shared", allowance.shared), ("rolls over", allowance.rolls_over)) if is_so]
    pulse = [f"pulse {usage_words(unit, allowance.pulse)}"] if allowance.pulse != 1 else []
    if allowance.priority:
        marks.append(f"priority {allowance.priority}")
    if allowance.connection_fee:
        marks.append(f"connection fee {in_currency(allowance.connection_fee)}")
    return ", ".join([f"{much} {'+'.join(allowance.classes)} {valid}", *where, *pulse, *marks])


def _usage(usage_class: str, price: UsagePrice) -> Iterator[tuple[str, str]]:
    to = f"{usage_class} to {', '.join(price.zones) or 'all others'}"
    if price.by_quantity is not None:
        pulse = usage_words(usage_class, price.pulse)
        yield f"{to}, by quantity", f"{model_terms(price.by_quantity)}, over: {price.over}, pulse: {pulse}"
    for window, rate in price.rates.items():
        if rate.connection_fee:
            yield f"{to}, {window}, connection fee", in_currency(rate.connection_fee)
        for band in rate.bands:
            after = f" from {usage_words(usage_class, band.starts_at)}" if band.starts_at else ""
            per = UNITS[usage_class] if band.per is None else usage_words(usage_class, band.per)
            pulse = usage_words(usage_class, band.pulse)
            yield f"{to}, {window}{after}", f"{in_currency(band.price)} per {per}, pulse {pulse}"
    if price.priced_at != "instant":
        yield f"{to}, priced at", price.priced_at
    if price.quota is not None:
        yield f"{to}, quota", usage_words(usage_class, price.quota)
    if price.most is not None:
        yield f"{to}, at most", f"{in_currency(price.most)} a session, then {price.at_most}"


def _component(component: Component) -> str:
    fees = [f"{in_currency(component.one_time_fee)} once"] if component.one_time_fee else []
    if component.recurring_fee:
        months = f" for {component.months} months" if component.months else ""
        fees.append(f"{in_currency(component.recurring_fee)} a month{months}")
    return " + ".join(fees) or "free"


def _discount(discount: Discount) -> str:
    percent = in_currency((discount.percent or NOTHING) * MICROS_PER_UNIT)
    off = f"{percent} %" if discount.amount is None else in_currency(discount.amount)
    times = f" {discount.valid_from or ''}..{discount.valid_until or ''}"
    bills = f", {discount.cycles} bills" if discount.cycles else ""
    return f"{off} off {', '.join(discount.on)}{times if len(times) > 3 else ''}{bills}"
