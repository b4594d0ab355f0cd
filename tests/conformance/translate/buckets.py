"""Families buckets and rerating: what is bought is used first, then money, and never more than there is."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ossbss.bss.revenue.charging.balances import Bucket, Money, Request
from ossbss.bss.revenue.charging.charge import Charge, Terms
from ossbss.bss.revenue.charging.rerating import rerate as rerated
from ossbss.bss.revenue.charging.reservation import Session, free, report
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.charging.wallet import Wallet
from ossbss.contract.units import SECOND_MS, currency_units, micros
from tests.conformance.cases import Case
from tests.conformance.translate.neutral import ANY_TIME, OFFERING, calendar, instant_ms, price_list, rates, request


def charge_time(case: Case) -> Mapping[str, Any]:
    rules = _rules(case.tariff["windows"], case)
    plan, rounding = rules.plan(OFFERING, "voice", None), rules.catalogue.rounding.charge.at("charge")
    wallet, usage = _wallet(case.state), case.usage
    asked = [request(record) for record in usage["records"]] * usage.get("repeat", 1)
    terms = Terms(on_credit=case.state["allow_negative"], whole=usage["op"] == "debit_full")
    if usage["op"] == "authorise":
        granted = [_wallet(case.state).pay(plan, each, rounding, terms).granted for each in asked]
        return {"authorised_s": granted[0] // SECOND_MS, **_left(wallet)}
    after: list[dict[str, str]] = []

    def pay(each: Request) -> Charge:
        charge = wallet.pay(plan, each, rounding, terms)
        after.append(_money(wallet.values_micros))
        return charge

    with ThreadPoolExecutor(len(asked) if usage.get("concurrent") else 1) as pool:
        charges = list(pool.map(pay, asked))
    return {
        "granted_s": [charge.granted // SECOND_MS for charge in charges],
        "amounts": [str(currency_units(charge.amount_micros)) for charge in charges],
        "outcomes": [charge.outcome for charge in charges],
        "reasons": [charge.reason for charge in charges if charge.outcome != "full"],
        "money_after_each": after,
        **_left(wallet),
    }


def reservation(case: Case) -> Mapping[str, Any]:
    unit, kind = int(case.tariff["unit"]), {"s": ("voice", SECOND_MS)}.get(case.tariff["unit_kind"], ("sms", 1))  # what is counted
    price = {"price": case.tariff["unit_price"], "per": unit * kind[1], "pulse": unit * kind[1]}
    versions = [{"valid_from": "1970-01-01", "usage": {kind[0]: price}}]
    rules = RuleSet(price_list({OFFERING: versions}, {}, case.rounding))
    plan, rounding = rules.plan(OFFERING, kind[0], None), rules.catalogue.rounding.charge.at("charge")
    money = [Money(b["id"], micros(b["money"]), -place) for place, b in enumerate(case.state["buckets"])]
    session = Session(Request(instant_ms(ANY_TIME), kind[0], 0))
    found: dict[str, list[Any]] = {"outcomes": [], "reserved": [], "held": [], "reasons": []}
    for step in case.usage["steps"]:
        used, wanted = (int(step.get(key, 0)) * kind[1] for key in ("used", "request"))
        session = report(plan, session, used, wanted, money, rounding)
        found["outcomes"].append(session.outcome)
        if session.outcome == "refused":
            found["reasons"].append(session.reason)
            break
        found["reserved"].append(session.reserved // kind[1])
        found["held"].append(str(currency_units(session.held_micros)))
    left = {balance.id: balance.value_micros for balance in free(session, money)}
    return {**found, "debited": str(currency_units(session.debited_micros)), "buckets_after": _money(left)}


def rerate(case: Case) -> Mapping[str, Any]:
    records, rules = case.usage["records"], [_rules(case.tariff[key], case) for key in ("before", "after")]
    plans = [each.plan(OFFERING, "voice", None) for each in rules]
    rounding, terms = rules[0].catalogue.rounding.charge.at("charge"), Terms(on_credit=case.state["allow_negative"])
    own = {"id": "money", "value": case.state["money"], "priority": 0, "blocker": False, "prefixes": None, "owner": "own"}
    wallet = _wallet({**case.state, "money": [own]})
    before = [(request(record), wallet.pay(plans[0], request(record), rounding, terms)) for record in records]
    after = rerated(wallet, before, plans[1], rounding, terms)
    ids = [record["id"] for record in records]
    return {
        "before": _money({name: paid.amount_micros for name, (_, paid) in zip(ids, before, strict=True)}),
        "after": _money({name: paid.amount_micros for name, paid in zip(ids, after, strict=True)}),
        "money_after": str(currency_units(wallet.values_micros["money"])),
        "buckets_after": _left(wallet)["buckets_after"],
    }


def _rules(windows: Sequence[Mapping[str, Any]], case: Case) -> RuleSet:
    versions = [{"valid_from": "1970-01-01", "usage": {"voice": {"rates": rates(windows)}}}]
    return RuleSet(price_list({OFFERING: versions}, calendar(windows), case.rounding))


def _wallet(state: Mapping[str, Any]) -> Wallet:
    money = [
        Money(m["id"], micros(m["value"]), m["priority"], m["blocker"],
              None if m["prefixes"] is None else tuple(m["prefixes"]), m["owner"] == "member")
        for m in state["money"]
    ]  # fmt: skip
    buckets = [
        Bucket(b["id"], b["left_s"] * SECOND_MS, b["increment_s"] * SECOND_MS, b["priority"], micros(b["connect_fee"]))
        for b in state["buckets"]
    ]
    return Wallet(money, buckets)


def _left(wallet: Wallet) -> dict[str, Any]:
    buckets = {name: left // SECOND_MS for name, left in wallet.units_left.items()}
    return {"buckets_after": buckets, "money_after": _money(wallet.values_micros)}


def _money(values: Mapping[str, int]) -> dict[str, str]:
    return {name: str(currency_units(value)) for name, value in values.items()}


MODELS = {"charge_time": charge_time, "reservation": reservation, "rerate": rerate}
