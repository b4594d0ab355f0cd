"""Family prefix_matching: the longest prefix, by where to and where from, in force at an instant."""

from collections.abc import Mapping, Sequence
from typing import Any

from ossbss.bss.revenue.charging.balances import Money, Request
from ossbss.bss.revenue.charging.charge import Terms, charge
from ossbss.bss.revenue.charging.reservation import Session, report
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.contract.units import SECOND_MS, currency_units
from tests.conformance.cases import Case
from tests.conformance.translate.neutral import ANY_TIME, OFFERING, calendar, instant_ms, price_list, rates, request

FREE = {"price": "0", "per": 1, "pulse": 1}


def prefix_rate(case: Case) -> Mapping[str, Any]:
    """Each profile is an offering; the zone of its own prefixes is the only one that it has a price to."""
    offerings, zones, windows, bought = {}, {}, {}, {}
    for number, profile in enumerate(case.tariff["profiles"]):
        name = f"{OFFERING}-{number}"
        bought[profile["subject"]] = name
        zones[name] = [{"prefixes": profile["destinations"]}]
        windows |= calendar(profile["windows"], f"{number}/")
        price = {"zones": [name], "rates": rates(profile["windows"], f"{number}/")}
        offerings[name] = [{"valid_from": "1970-01-01", "usage": {"voice": price}}]
    rules = RuleSet(price_list(offerings, windows, case.rounding, zones))
    rounding = rules.catalogue.rounding.charge.at("charge")
    good, bad = {"rate": ("rated", "suspended"), "authorise": ("authorised", "refused")}[case.usage["mode"]]
    found: dict[str, list[Any]] = {"amounts": [], "outcomes": [], "matched_prefixes": [], "reasons": []}
    for record in case.usage["records"]:
        asked = request(record)
        offering = bought.get(record.get("subject"), bought.get(None))
        guided = rules.guide(offering, "voice", asked.destination, asked.start_ms)
        if isinstance(guided, str):
            found["amounts"].append(None)
            found["outcomes"].append(bad)
            found["reasons"].append(guided)
        else:
            cost = charge(guided.plan, asked, [], None, rounding, Terms(cut=False))
            found["amounts"].append(str(currency_units(cost.amount_micros)))
            found["outcomes"].append(good)
            found["matched_prefixes"].append(guided.route.prefix if guided.route else "")
    return found


def two_key_prefix(case: Case) -> Mapping[str, Any]:
    zones = {rate["id"]: [{"prefixes": rate["first"], "origins": rate["second"]}] for rate in case.tariff["rates"]}
    return _rate(zones, case.usage["first"], ANY_TIME, case.usage["second"])


def effective_prefix(case: Case) -> Mapping[str, Any]:
    zones: dict[str, list[Any]] = {}
    for row in case.tariff["rates"]:
        times = {"valid_from": row["from"], "valid_until": row["to"]}
        zones.setdefault(row["id"], []).append({"prefixes": row["prefixes"], **times})
    return _rate(zones, case.usage["code"], case.usage["at"])


def _rate(zones: Mapping[str, Sequence[Any]], number: str, at: str, origin: str = "") -> Mapping[str, Any]:
    """The zone that is found, or in the words of the vectors that no rate is."""
    guided = _rules(zones, {}).guide(OFFERING, "voice", number, instant_ms(at), origin)
    if isinstance(guided, str) or guided.route is None:
        return {"outcome": "suspended", "reason": "no_rate"}
    return {"rate": guided.route.zone}


def prefix_unit(case: Case) -> Mapping[str, Any]:
    tables = {table["id"]: table for table in case.tariff["tables"]}
    zones = {name: [{"prefixes": table["prefixes"]}] for name, table in tables.items()}
    quotas = {name: {"quota": table["unit_s"] * SECOND_MS} for name, table in tables.items()}
    rules = _rules(zones, quotas)
    number = case.usage["destination"]
    guided = rules.guide(OFFERING, "voice", number, instant_ms(ANY_TIME))
    if isinstance(guided, str) or guided.route is None:
        return {"outcome": "refused", "reason": guided if isinstance(guided, str) else "no_destination"}
    asked = Request(instant_ms(ANY_TIME), "voice", 0, destination=number)
    rounding = rules.catalogue.rounding.charge.at("charge")
    session = report(guided.plan, Session(asked), 0, None, [Money("ample", 10**18)], rounding)
    return {"table": guided.route.zone, "reserved_s": session.reserved // SECOND_MS}


def _rules(zones: Mapping[str, Sequence[Any]], more: Mapping[str, Mapping[str, Any]]) -> RuleSet:
    prices = [{"zones": [name], **FREE, **more.get(name, {})} for name in zones]
    versions = [{"valid_from": "1970-01-01", "usage": {"voice": prices}}]
    return RuleSet(price_list({OFFERING: versions}, {}, zones=zones))


MODELS = {
    "prefix_rate": prefix_rate,
    "two_key_prefix": two_key_prefix,
    "effective_prefix": effective_prefix,
    "prefix_unit": prefix_unit,
}
