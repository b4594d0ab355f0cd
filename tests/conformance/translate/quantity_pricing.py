"""Prices of quantities and of events."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import TypeAdapter

from ossbss.bss.product.pricing.line import LineRounding, Usage, line_of, priced, summed
from ossbss.bss.product.pricing.models import OfQuantity, PriceModel, QuantityRule
from ossbss.bss.product.pricing.signed_events import SignedEvent
from ossbss.bss.product.pricing.spend import Line, SpendRules
from ossbss.contract.quantities import exact, exact_micros
from tests.conformance.cases import Case
from tests.conformance.numbers import decimal, in_main_units, money_rounding, optional_money, optional_number

PRICES: TypeAdapter[Any] = TypeAdapter(PriceModel)
RULES: TypeAdapter[Any] = TypeAdapter(QuantityRule)
WHOLE = Usage(exact(0))
"""A period with one line and nothing before it."""


def quantity(case: Case) -> Mapping[str, Any]:
    """A line of a quantity in its own unit."""
    return _line(case, exact(case.usage["quantity"]), optional_number(case.usage.get("previous")))


def money(case: Case) -> Mapping[str, Any]:
    """A line of a quantity that is money."""
    return _line(case, exact_micros(case.usage["quantity"]), optional_money(case.usage.get("previous")))


def cost_plus(case: Case) -> Mapping[str, Any]:
    usage = _usage(case, exact_micros(case.usage["cost"]), optional_money(case.usage.get("previous")))
    model, rules = _tariff(case)
    return _told(priced(model, usage, rules, LineRounding(part=money_rounding(case.rounding))))


def volume_prorated(case: Case) -> Mapping[str, Any]:
    model = PRICES.validate_python({"model": "volume", **case.tariff})
    parts = model.parts(exact(case.usage["full_quantity"]), exact(case.usage["prorated_quantity"]))
    return _told(line_of(parts, WHOLE, rounding=_last(case)))


def blocks(case: Case) -> Mapping[str, Any]:
    """Each unit has a price of its own."""
    units = case.tariff["units"]
    unknown = set(case.usage["quantities"]) - set(units)
    if unknown:
        raise ValueError(f"no price for {', '.join(sorted(unknown))}")
    lines = [_of_unit(case, name, tiers) for name, tiers in units.items() if name in case.usage["quantities"]]
    return _told(summed(lines))


def _of_unit(case: Case, name: str, tiers: object) -> Line:
    model = PRICES.validate_python({"model": case.model, "tiers": tiers})
    return priced(model, Usage(exact(case.usage["quantities"][name])), rounding=_last(case))


def percentage(case: Case) -> Mapping[str, Any]:
    model, rules = _tariff(case)
    return _told(line_of(model.parts([exact_micros(e) for e in case.usage["events"]]), WHOLE, rules, _last(case)))


def signed_events(case: Case) -> Mapping[str, Any]:
    model, rules = _tariff(case)
    events = [SignedEvent(exact(event["units"]), exact(event["prorated"])) for event in case.usage["events"]]
    return _told(line_of(model.parts(events), WHOLE, rules, _last(case)))


def unit_conversion(case: Case) -> Mapping[str, Any]:
    previous, found = _applied(case)
    return {"quantity": decimal(found), "previous_quantity": decimal(previous)}


def free_quantity(case: Case) -> Mapping[str, Any]:
    previous, found = _applied(case)
    return {"billable": decimal(found), "previous_billable": decimal(previous)}


def _applied(case: Case) -> tuple[Any, Any]:
    rule = RULES.validate_python({"rule": case.model, **case.tariff})
    return rule.applied(optional_number(case.usage.get("previous")), exact(case.usage["quantity"]))


def _line(case: Case, found: Any, previous: Any) -> Mapping[str, Any]:
    model, rules = _tariff(case)
    return _told(priced(model, _usage(case, found, previous), rules, _last(case)))


def _usage(case: Case, found: Any, previous: Any) -> Usage:
    return Usage(found, case.usage["line"], previous, optional_money(case.usage.get("previous_billed")))


def _tariff(case: Case) -> tuple[OfQuantity | Any, SpendRules]:
    """The price, and the rules of spend beside it."""
    rules = {key: value for key, value in case.tariff.items() if key in SpendRules.model_fields}
    price = {key: value for key, value in case.tariff.items() if key not in rules}
    return PRICES.validate_python({"model": case.model, **price}), SpendRules.model_validate(rules)


def _last(case: Case) -> LineRounding:
    return LineRounding(line=money_rounding(case.rounding))


def _told(line: Line) -> Mapping[str, Any]:
    amounts = ("amount", "gross", "pct_discount", "cap_discount")
    return {
        **{name: in_main_units(getattr(line, name)) for name in amounts},
        "line_amounts": [in_main_units(amount) for amount in line.line_amounts],
    }


MODELS: dict[str, Callable[[Case], Mapping[str, Any]]] = {
    "per_unit": quantity, "package": quantity, "graduated": quantity, "volume": quantity,
    "graduated_percentage": money, "cost_plus": cost_plus, "volume_prorated": volume_prorated,
    "graduated_blocks": blocks, "volume_blocks": blocks, "percentage": percentage,
    "graduated_prorated_events": signed_events, "unit_conversion": unit_conversion, "free_quantity": free_quantity,
}  # fmt: skip
