"""Prices that no record may make overflow: they are refused when the catalogue loads.

A batch engine sums, in 64-bit integers, numerators of micro-units on the common denominator of all bands of a price,
where a band counts whole pulses. So for every band (pulses in the largest record) × (price of a pulse) × (common
denominator) must stay below 2**62, the largest record being what mediation lets through; a price by quantity must
come to less than 2**62 micro-units.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from math import lcm

from ossbss.bss.product.pricing.amounts import INT64_MOST, NOTHING, in_currency
from ossbss.bss.product.pricing.bands import Band
from ossbss.bss.product.pricing.cost_plus import CostPlus
from ossbss.bss.product.pricing.graduated_percentage import GraduatedPercentage
from ossbss.bss.product.pricing.percentage import Percentage
from ossbss.bss.product.pricing.usage_price import UNIT_OF_CLASS, UsagePrice
from ossbss.contract.charging import LARGEST
from ossbss.placed import Placed

_IN_WORDS = {"voice": "31 days", "sms": "10**6 messages", "data": "2**50 octets", "content": "10**9 units"}
_LOWER, _FINER = "lower it, or mend its `per`", "fewer decimals, or a pulse that divides evenly"


def overflows(usage_class: str, price: UsagePrice) -> Iterator[Placed]:
    """Prices of too much; places within the usage price."""
    if price.by_quantity is not None:
        yield from _by_quantity(usage_class, price)
    bands = [(window, n, band) for window, rate in price.rates.items() for n, band in enumerate(rate.bands)]
    costs = [_of_a_pulse(usage_class, band) for _, _, band in bands]
    denominator = lcm(*(cost.denominator for cost in costs))
    for (window, n, band), cost in zip(bands, costs, strict=True):
        exact = -(-LARGEST[usage_class] // band.pulse) * cost
        if exact * denominator >= INT64_MOST:
            said = f"{in_currency(band.price)} ({window}): {_comes_to(usage_class, exact, denominator)}"
            yield Placed(("rates", window, "bands", n, "price"), said, _LOWER if exact >= INT64_MOST else _FINER)


def _of_a_pulse(usage_class: str, band: Band) -> Fraction:
    return band.pulse * band.price / (band.per or UNIT_OF_CLASS[usage_class])


def _by_quantity(usage_class: str, price: UsagePrice) -> Iterator[Placed]:
    model, largest = price.by_quantity, Fraction(-(-LARGEST[usage_class] // price.pulse) * price.pulse)
    assert model is not None
    if isinstance(model, Percentage):
        exact = model.fee_after(0, NOTHING, largest)
    else:
        in_money = isinstance(model, GraduatedPercentage | CostPlus)
        exact = sum(model.parts(largest / (1 if in_money else UNIT_OF_CLASS[usage_class])), NOTHING)
    if exact >= INT64_MOST:
        yield Placed(("by_quantity",), f"{model.model}: {_comes_to(usage_class, exact, 1)}", "lower its prices")


def _comes_to(usage_class: str, exact: Fraction, denominator: int) -> str:
    found = f"{_IN_WORDS[usage_class]} come to {Decimal(int(exact * denominator)):.2e}"
    if denominator == 1:
        return f"{found} micro-units; below 2**62 is allowed"
    return f"{found}/{denominator} micro-units; a numerator below 2**62 is allowed"
