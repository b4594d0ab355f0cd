"""Prices that somebody wrote down wrong, and what they are told."""

import pytest
from jsonschema import Draft202012Validator

from ossbss.documents import DocumentError
from tests.bss.product.pricing.prices import Offer, offer


def told(text):
    with pytest.raises(DocumentError) as caught:
        offer(text)
    return [(mistake.place, mistake.problem, mistake.mend) for mistake in caught.value.mistakes]


def graduated(tiers):
    return f"price: {{model: graduated, tiers: [{tiers}]}}"


@pytest.mark.parametrize(
    ("text", "place", "problem", "mend"),
    [
        ("price: {model: gradated}", "price", "model 'gradated': it must be one of", "did you mean 'graduated'?"),
        ("price: {unit_price: 3}", "price", "the key model is missing; it must be one of per_unit", ""),
        ("price: 3", "price", "it must hold keys with values", ""),
        ("price: {model: per_unit, unit_price: -1}", "price.unit_price", "-1: it must be 0 or more", ""),
        ("price: {model: per_unit, unit_price: .nan}", "price.unit_price", "'.nan' is not an amount of money", ""),
        ("price: {model: per_unit, unit_price: .inf}", "price.unit_price", "'.inf' is not an amount of money", ""),
        ("price: {model: per_unit, unit_price: 1e99}", "price.unit_price", "at most 30 digits", ""),
        ("price: {model: per_unit, unit_price: true}", "price.unit_price", "True is not an amount of money", ""),
        ("price: {model: per_unit, unit_price: 1, interval: 0}", "price.interval", "0: it must be greater than 0", ""),
        ("price: {model: per_unit}", "price.unit_price", "this key is missing", ""),
        ("price: {model: package, package_size: 0, package_price: 1}", "price.package_size", "greater than 0", ""),
        (
            "price: {model: package, package_size: 1, package_price: 1, free_unit: 2}",
            "price.free_unit",
            "unknown key; allowed: free_units, model, package_price, package_size",
            "did you mean 'free_units'?",
        ),
        ("price: {model: percentage, rate_pct: 1000.5}", "price.rate_pct", "1000.5: it must be 1000 or less", ""),
        (
            "price: {model: percentage, rate_pct: 1, min_per_event: 3, max_per_event: 2}",
            "price.max_per_event",
            "max_per_event must not be below min_per_event",
            "",
        ),
        (
            "price: {model: percentage, rate_pct: 1, free_events: -1}",
            "price.free_events",
            "-1: it must be 0 or more",
            "",
        ),
        ("price: {model: cost_plus, multiplier: much}", "price.multiplier", "'much' is not a decimal number", ""),
        (graduated(""), "price.tiers", "it must not be empty", ""),
        ("price: {model: graduated, tiers: 3}", "price.tiers", "3: it must be a list", ""),
        (
            graduated("{up_to: 5}, {up_to: 5}, {}"),
            "price.tiers.1.up_to",
            "up_to 5 is not above 5 of the tier before",
            "",
        ),
        (graduated("{up_to: 5}, {up_to: 4.5}, {}"), "price.tiers.1.up_to", "up_to 4.5 is not above 5", ""),
        (graduated("{up_to: 5}, {up_to: 9}"), "price.tiers.1.up_to", "all above 9 has no price; leave out up_to", ""),
        (graduated("{unit_price: 2}, {unit_price: 1}"), "price.tiers.0", "only the last tier is without limit", ""),
        (graduated("{up_to: few}, {}"), "price.tiers.0.up_to", "'few' is not a decimal number", ""),
        (graduated("{rate_pct: 2}"), "price.tiers.0.rate_pct", "unknown key", ""),
        (
            "price: {model: volume_blocks, tiers: [{block: 3, block_price: 2}, {block: 9, block_price: 2}]}",
            "price.tiers.0",
            "only the last tier may hold all blocks; give max_blocks",
            "",
        ),
        (
            "price: {model: graduated_blocks, tiers: [{block: 0, max_blocks: 0, block_price: 2}]}",
            "price.tiers.0.block",
            "0: it must be greater than 0",
            "",
        ),
        ("rule: {rule: unit_conversion, op: halve, factor: 2}", "rule.op", "'halve': it must be one of multiply", ""),
        ("rule: {rule: unit_conversion, op: divide, factor: 0}", "rule.factor", "0: it must be greater than 0", ""),
        ("rule: {rule: free, free_quantity: 1}", "rule", "rule 'free': it must be one of unit_conversion", ""),
        ("spend: {discount_pct: 101}", "spend.discount_pct", "101: it must be 100 or less", ""),
        ("spend: {min_spend: 3, max_spend: 2}", "spend.max_spend", "max_spend must not be below min_spend", ""),
    ],
)
def test_a_mistake_is_told_at_its_place(text, place, problem, mend):
    found = [entry for entry in told(text) if entry[0] == place]
    assert found, told(text)
    assert problem in found[0][1]
    assert mend in found[0][2]


def test_all_mistakes_are_told_at_once_also_those_of_order():
    tiers = "{up_to: 9, unit_price: -1}, {up_to: 5, unit_prise: 2}, {up_to: 7, flat_fee: x}"
    text = f"{graduated(tiers)}\nspend: {{discount_pct: 200, min_spend: -1}}"
    assert [place for place, _, _ in told(text)] == [
        "price.tiers.0.unit_price", "price.tiers.1.unit_prise", "price.tiers.1.up_to", "price.tiers.2.flat_fee",
        "price.tiers.2.up_to", "spend.discount_pct", "spend.min_spend",
    ]  # fmt: skip


def test_a_mistake_has_the_line_it_stands_on():
    text = "price:\n  model: graduated\n  tiers:\n    - {up_to: 5}\n    - up_to: 4\n    - {}\n"
    with pytest.raises(DocumentError, match=r"line 5: price\.tiers\.1\.up_to"):
        offer(text)


def test_the_schema_of_a_price_takes_what_is_right_and_refuses_what_is_not():
    schema = Draft202012Validator(Offer.model_json_schema())
    assert schema.is_valid({"price": {"model": "graduated", "tiers": [{"up_to": 5, "unit_price": "0.25"}, {}]}})
    assert not schema.is_valid({"price": {"model": "graduated", "tiers": []}})
    assert not schema.is_valid({"price": {"model": "package", "package_size": 5}})


def test_a_tier_may_hold_just_nothing():
    """A fee for those who use nothing at all."""
    model = offer(graduated("{up_to: 0, flat_fee: 9}, {unit_price: 1}")).price
    assert [sum(model.parts(quantity)) for quantity in (0, 1)] == [9_000_000, 10_000_000]
