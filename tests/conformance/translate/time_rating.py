"""Family time_rating: calls priced by windows, bands and versions of a plan."""

from collections.abc import Mapping
from typing import Any

from ossbss.bss.revenue.charging.balances import Money, Request
from ossbss.bss.revenue.charging.charge import Charge, Terms, charge
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.charging.segments import segments
from ossbss.contract.units import SECOND_MS, currency_units, round_money
from tests.conformance.cases import Case
from tests.conformance.translate.neutral import OFFERING, calendar, instant_ms, price_list, rates, request

OFFLINE = Terms(cut=False)


def time_rate(case: Case) -> Mapping[str, Any]:
    windows = case.tariff["windows"]
    catalogue = price_list({OFFERING: [_version({"rates": rates(windows)})]}, calendar(windows), case.rounding)
    rules = RuleSet(catalogue)
    plan, rounding = rules.plan(OFFERING, "voice", None), catalogue.rounding.charge.at("charge")
    charges = [charge(plan, request(record), [], None, rounding, OFFLINE) for record in case.usage["records"]]
    found: dict[str, Any] = {
        "amounts": [str(currency_units(c.amount_micros)) for c in charges],
        "connect_fees": [str(currency_units(c.fee_micros)) for c in charges],
        "total": str(currency_units(sum(c.amount_micros for c in charges))),
        "billed_s": [sum(pulses * s.pulse for s, pulses in c.priced) // SECOND_MS for c in charges],
    }
    if len(charges) == 1:
        found["segment_amounts"] = [
            str(currency_units(round_money(s.cost(pulses), rounding))) for s, pulses in charges[0].priced
        ]
    return found


def time_segments(case: Case) -> Mapping[str, Any]:
    versions, windows = [], {}
    for number, version in enumerate(case.tariff["plan_versions"]):
        windows |= calendar(version["windows"], f"{number}/")
        versions.append(_version({"rates": rates(version["windows"], f"{number}/")}, version["effective"]))
    versions.sort(key=lambda version: instant_ms(version["valid_from"]))
    plan = RuleSet(price_list({OFFERING: versions}, windows)).plan(OFFERING, "voice", None)
    asked = request(case.usage["records"][0])
    parts = segments(plan, asked.start_ms, 0, asked.quantity)
    ends = [0, *(part.end for part in parts)]
    return {
        "segment_count": len(parts),
        "segments_s": [(part.end - part.start) // SECOND_MS for part in parts],
        "windows": [str(part.window).partition("/")[2] for part in parts],
        "contiguous": [part.start for part in parts] == ends[:-1] and ends[-1] == asked.quantity,
    }


def event_cap(case: Case) -> Mapping[str, Any]:
    tariff = case.tariff
    price = {"rates": rates(tariff["windows"]), "most": tariff["max_cost"], "at_most": tariff["cap_strategy"]}
    catalogue = price_list({OFFERING: [_version(price)]}, calendar(tariff["windows"]), case.rounding)
    plan, rounding = RuleSet(catalogue).plan(OFFERING, "voice", None), catalogue.rounding.charge.at("charge")
    asked = request(case.usage["records"][0])
    ample = [Money("ample", 10**18)]
    quote = charge(plan, asked, [], None, rounding, OFFLINE)
    authorised: Charge = charge(plan, asked, [], ample, rounding, Terms())
    return {
        "quote_amount": str(currency_units(quote.amount_micros)),
        "authorised_s": authorised.granted // SECOND_MS,
    }


def start_time_band(case: Case) -> Mapping[str, Any]:
    unit = int(case.tariff["unit"])
    prices = {
        window["id"]: {"bands": [{"price": window["unit_price"], "per": unit, "pulse": unit}]}
        for window in case.tariff["windows"]
    }
    version = {"valid_from": "1970-01-01", "usage": {"data": {"rates": prices, "priced_at": "start"}}}
    catalogue = price_list({OFFERING: [version]}, calendar(case.tariff["windows"]), case.rounding)
    plan, rounding = RuleSet(catalogue).plan(OFFERING, "data", None), catalogue.rounding.charge.at("charge")
    amounts, windows = [], []
    for record in case.usage["records"]:
        asked = Request(instant_ms(record["start"]), "data", int(record["quantity"]))
        found = charge(plan, asked, [], None, rounding, OFFLINE)
        amounts.append(str(currency_units(found.amount_micros)))
        windows.append(plan.versions[0].timetable.at(asked.start_ms))
    return {"amounts": amounts, "windows": windows}


def _version(price: Mapping[str, Any], effective: str = "1970-01-01T00:00:00Z") -> dict[str, Any]:
    return {"valid_from": effective, "usage": {"voice": price}}


MODELS = {
    "time_rate": time_rate,
    "time_segments": time_segments,
    "event_cap": event_cap,
    "start_time_band": start_time_band,
}
