"""Model allowance_stack of family buckets: shared and private allowances of an account, then graduated prices."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from ossbss.bss.customer.accounts import ACCOUNTS_SCHEMA
from ossbss.bss.product.pricing.usage_price import UNIT_OF_CLASS
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.cycles import Period
from ossbss.bss.revenue.rating.entitlements import PURCHASES_SCHEMA, entitlements
from ossbss.bss.revenue.rating.scalar import rate
from ossbss.contract.quantities import exact
from ossbss.contract.units import DAY_MS, currency_units
from tests.conformance.cases import Case
from tests.conformance.numbers import decimal
from tests.conformance.translate.neutral import ANY_TIME, OFFERING, instant_ms, price_list

UNIT = UNIT_OF_CLASS["data"]


def allowance_stack(case: Case) -> Mapping[str, Any]:
    """Units are megabytes, rates are zones; a later allowance has a lower priority."""
    tariff, records = case.tariff, case.usage["records"]
    prices = [
        {"zones": [name], "over": "session", "pulse": _octets(rate["interval"]),
         "by_quantity": {"model": "graduated", "tiers": rate["tiers"]}}
        for name, rate in tariff["rates"].items()
    ]  # fmt: skip
    allowances = [
        {"id": a["id"], "classes": ["data"], "amount": _octets(a["units"]), "zones": a["rates"], "priority": -place,
         "shared": a["scope"] == "account"}
        for place, a in enumerate(tariff["allowances"])
    ]  # fmt: skip
    version = {"valid_from": "1970-01-01", "usage": {"data": prices}, "allowances": allowances}
    zones = dict.fromkeys((*tariff["rates"], *(rate for a in tariff["allowances"] for rate in a["rates"])), ())
    rules = RuleSet(price_list({OFFERING: [version]}, {}, case.rounding, zones))
    from_ms = instant_ms(ANY_TIME)
    lines = sorted({record["subscriber"] for record in records})
    contracts = [(line, "account", "service", OFFERING, from_ms, None, "postpaid") for line in lines]
    accounts = pl.DataFrame(contracts, schema=ACCOUNTS_SCHEMA, orient="row")
    entitled = entitlements(accounts, pl.DataFrame(schema=PURCHASES_SCHEMA), rules, Period(from_ms, from_ms + DAY_MS))
    usage = pl.DataFrame([
        {"account_id": "account", "subscriber_id": record["subscriber"], "offering_id": OFFERING, "class": "data",
         "zone": record["rate"], "started_ms": from_ms + number, "quantity": _octets(record["quantity"]),
         "usage_id": number, "leg": 1}
        for number, record in enumerate(records)
    ])  # fmt: skip
    rated, _ = rate(usage, entitled, rules)
    within = [sum(taken.end - taken.start for taken in each.charge.taken) for each in rated]
    return {
        "in_allowance": [decimal(exact(units) / UNIT) for units in within],
        "over": [decimal(exact(each.record["quantity"] - units) / UNIT) for each, units in zip(rated, within, strict=True)],
        "amounts": [str(currency_units(each.charge.amount_micros)) for each in rated],
    }


def _octets(units: str) -> int:
    return int(exact(units) * UNIT)


MODELS = {"allowance_stack": allowance_stack}
