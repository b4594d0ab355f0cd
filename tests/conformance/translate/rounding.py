"""Rounding, billed increments, and sums without a binary float."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from ossbss.bss.product.pricing.increments import billed, to_multiple
from ossbss.bss.product.pricing.line import summed
from ossbss.bss.product.pricing.spend import Line
from ossbss.contract.quantities import exact, exact_micros
from tests.conformance.cases import Case
from tests.conformance.numbers import decimal, in_main_units


def decimal_rounding(case: Case) -> Mapping[str, Any]:
    step = Fraction(10) ** -case.rounding["decimals"]
    return {"value": decimal(to_multiple(exact(case.usage["value"]), step, case.rounding["mode"]))}


def duration_rounding(case: Case) -> Mapping[str, Any]:
    return {"billed_s": decimal(billed(exact(case.usage["duration_s"]), exact(case.tariff["increment_s"])))}


def exact_sum(case: Case) -> Mapping[str, Any]:
    amounts = [exact_micros(value) for value in case.usage["values"]]
    return {"value": in_main_units(summed(Line(amount, amount) for amount in amounts).amount)}


MODELS: dict[str, Callable[[Case], Mapping[str, Any]]] = {
    "decimal_rounding": decimal_rounding, "duration_rounding": duration_rounding, "exact_sum": exact_sum,
}  # fmt: skip
