"""The terms of a version: no key of it may change without a term that says so."""

from copy import deepcopy

import pytest

from ossbss.bss.product.allowance import Allowance
from ossbss.bss.product.creation import changes
from ossbss.bss.product.eligibility import Requires
from ossbss.bss.product.offering import Component, Version
from ossbss.bss.product.pricing.bands import Band, Rate
from ossbss.bss.product.pricing.usage_price import UsagePrice
from ossbss.bss.product.promotions import Discount
from ossbss.bss.product.sla_terms import SlaTerms
from ossbss.bss.product.terms import terms

BAND = {"price": "3", "pulse": 1000, "per": 60_000}
SOLD = {
    "valid_from": "2020-01-01", "recurring_fee": 5, "one_time_fee": 1, "includes": ["a"], "excludes": ["b"],
    "allowances": [{"id": "talk", "classes": ["voice"], "amount": "10 min", "valid": "1 day"}],
    "usage": {"voice": [{"rates": {"always": {"bands": [BAND, {**BAND, "from": 90_000}]}}, "most": 9}],
              "data": [{"by_quantity": {"model": "per_unit", "unit_price": 4}}]},
    "components": [{"id": "phone", "kind": "device", "one_time_fee": 3, "recurring_fee": 2}],
    "requires": {"offerings": ["c"]}, "discounts": [{"id": "early", "percent": 10}],
    "sla": {"min_outage": "15 min", "fee_multiple": 3, "cap_milli": 1000, "repair_within": "24 h"},
}  # fmt: skip
VOICE, DATA, RATE = ("usage", "voice", 0), ("usage", "data", 0), ("usage", "voice", 0, "rates", "always")
EDITS = {
    Version: ((), {"recurring_fee": 6, "one_time_fee": 0, "allowances": [], "usage": {}, "components": [], "includes": [],
                   "requires": {}, "excludes": [], "discounts": [], "sla": None}),
    Allowance: (("allowances", 0), {"id": "speak", "classes": ["voice", "sms"], "amount": "unlimited", "pulse": 60_000, "zones": ["z"], "windows": ["w"],
                "valid": "cycle", "priority": 1, "connection_fee": 1, "shared": True, "rolls_over": True}),
    UsagePrice: (VOICE, {"zones": ["z"], "rates": {"always": {"bands": [BAND]}}, "priced_at": "start", "most": 8, "at_most": "disconnect", "quota": 60_000}),
    "by quantity": (DATA, {"by_quantity": {"model": "per_unit", "unit_price": 5}, "pulse": 1000, "over": "session"}),
    Rate: (RATE, {"connection_fee": 1, "bands": [{**BAND, "price": 4}]}),
    Band: ((*RATE, "bands", 1), {"from": 60_000, "price": 2, "per": 1000, "pulse": 6000}),
    Component: (("components", 0), {"id": "tablet", "kind": "fixed_line", "one_time_fee": 0, "recurring_fee": 9, "months": 12}),
    Requires: (("requires",), {"offerings": ["d"], "payment": "prepaid", "segments": ["s"]}),
    Discount: (("discounts", 0), {"id": "late", "percent": 11, "amount": 3, "on": ["voice"], "valid_from": "2021-01-01", "valid_until": "2021-01-01", "cycles": 3}),
    SlaTerms: (("sla",), {"min_outage": "10 min", "fee_multiple": 2, "cap_milli": 500, "repair_within": "12 h"}),
}  # fmt: skip
ONE_EDIT = [(part, place, key, value) for part, (place, edits) in EDITS.items() for key, value in edits.items()]


def edited(place, key, value):
    data = deepcopy(SOLD)
    part = data
    for step in place:
        part = part[step]
    part[key] = value
    if key == "amount" and place[0] == "discounts":
        del part["percent"]
    return Version.model_validate(data)


@pytest.mark.parametrize(("part", "place", "key", "value"), ONE_EDIT, ids=lambda value: value if isinstance(value, str) else "")
def test_whatever_changes_is_told(part, place, key, value):
    assert changes(Version.model_validate(SOLD), edited(place, key, value)) != []


def test_no_key_is_left_out_of_these_edits():
    keys = {part: {field.alias or name for name, field in part.model_fields.items()} for part in EDITS if isinstance(part, type)}
    left = {part.__name__: known - set(EDITS[part][1]) for part, known in keys.items()}
    assert {name: keys for name, keys in left.items() if keys} == {
        "Version": {"valid_from"},  # it is no term: the same terms may be sold again
        "UsagePrice": {"by_quantity", "pulse", "over"},  # of prices by quantity, edited beside it
    }


def test_a_price_model_is_told_as_a_catalogue_writes_it():
    model = {"model": "percentage", "rate_pct": "2.5", "fixed_per_event": "0.1", "free_events": 0, "max_per_event": 30}
    tiers = {"model": "graduated_percentage", "tiers": [{"up_to": 100, "rate_pct": 10}, {"rate_pct": 5, "flat_fee": 1}]}
    blocks = {"model": "volume_blocks", "tiers": [{"block": 10, "max_blocks": 5, "block_price": 20}, {"block": 50, "block_price": 60}]}
    usage = {"content": {"by_quantity": model}, "sms": {"by_quantity": tiers}, "data": {"by_quantity": blocks, "pulse": "1 KB"}}
    assert terms(Version.model_validate({"valid_from": "2020-01-01", "usage": usage})) == {
        "content to all others, by quantity": "model: percentage, rate_pct: 2.5, fixed_per_event: 0.1, free_events: 0, max_per_event: 30, over: month, pulse: 0.000001",
        "sms to all others, by quantity": "model: graduated_percentage, tiers: [{up_to: 100, rate_pct: 10}, {rate_pct: 5, flat_fee: 1}], over: month, pulse: 1",
        "data to all others, by quantity": "model: volume_blocks, tiers: [{block: 10, max_blocks: 5, block_price: 20}, {block: 50, block_price: 60}], over: month, pulse: 1 KB",
    }
