"""What each price model asks for, in small tables."""

import pytest

from ossbss.bss.product.pricing.signed_events import SignedEvent
from tests.bss.product.pricing.prices import MICROS, money, n, offer, price, total

TIERS = "[{up_to: 8, unit_price: 3, flat_fee: 1}, {unit_price: 2, flat_fee: 4}]"
VOLUME = "[{up_to: 50, unit_price: 4, flat_fee: 5}, {unit_price: 1}]"
BLOCKS = "[{block: 50, max_blocks: 4, block_price: 2}, {block: 200, max_blocks: 10, block_price: %s}]"
FIRST_THREE = "[{up_to: 3, unit_price: 6, flat_fee: 20}, {unit_price: 2, flat_fee: 10}]"


@pytest.mark.parametrize(
    ("text", "quantity", "due"),
    [
        ("model: per_unit, unit_price: 5.12345", 10, "51.2345"),
        ("model: per_unit, unit_price: 0.1, interval: 1", "7.2", "0.8"),
        ("model: per_unit, unit_price: 0.1, interval: 1", 7, "0.7"),
        ("model: per_unit, unit_price: 0.00000025", 3, "0.00000075"),
        ("model: package, package_size: 10, package_price: 15", 0, "0"),
        ("model: package, package_size: 10, package_price: 15", "0.1", "15"),
        ("model: package, package_size: 10, package_price: 15", 10, "15"),
        ("model: package, package_size: 10, package_price: 15, free_units: 5", 5, "0"),
        ("model: package, package_size: 10, package_price: 15, free_units: 5", "15.5", "30"),
        (f"model: graduated, tiers: {TIERS}", 0, "1"),
        (f"model: graduated, tiers: {TIERS}", 8, "25"),
        (f"model: graduated, tiers: {TIERS}", "8.5", "30"),
        (f"model: graduated, tiers: {TIERS}", 9, "31"),
        (f"model: volume, tiers: {VOLUME}", 0, "5"),
        (f"model: volume, tiers: {VOLUME}", 50, "205"),
        (f"model: volume, tiers: {VOLUME}", "50.5", "50.5"),
        (f"model: volume, tiers: {VOLUME}", 51, "51"),
        (f"model: graduated_blocks, tiers: {BLOCKS % 3}", 0, "0"),
        (f"model: graduated_blocks, tiers: {BLOCKS % 3}", 200, "8"),
        (f"model: graduated_blocks, tiers: {BLOCKS % 3}", 500, "14"),
        (f"model: graduated_blocks, tiers: {BLOCKS % 3}", 2201, "41"),
        (f"model: volume_blocks, tiers: {BLOCKS % 1}", 0, "0"),
        (f"model: volume_blocks, tiers: {BLOCKS % 1}", 200, "8"),
        (f"model: volume_blocks, tiers: {BLOCKS % 1}", 201, "2"),
        (f"model: volume_blocks, tiers: {BLOCKS % 1}", 2401, "13"),
    ],
)
def test_a_quantity_has_its_price(text, quantity, due):
    assert total(price(text).parts(n(quantity))) == n(due)


def test_a_share_of_money_by_tiers():
    model = price(
        "model: graduated_percentage, tiers: [{up_to: 8, rate_pct: 2, flat_fee: 20}, {rate_pct: 4, flat_fee: 30}]"
    )
    assert [money(part) for part in model.parts(n(10) * MICROS)] == [n("20.16"), n("30.08")]


def test_cost_plus_multiplies_money():
    assert total(price("model: cost_plus, multiplier: 1.2345").parts(n(10) * MICROS)) == n("12.345")


def test_the_full_quantity_picks_the_tier_and_the_prorated_one_is_priced():
    model = price(f"model: volume, tiers: {VOLUME}")
    assert total(model.parts(n(60), n(24))) == 24
    assert total(model.parts(n(50), n(25))) == 105, "the flat fee is whole"


@pytest.mark.parametrize(
    ("rules", "events", "fees"),
    [
        ("", [100], [3]),
        ("free_events: 1", [100, 300], [0, 5]),
        ("free_events: 0, free_total: 500", [100], [3]),
        ("free_total: 150", [100, 100, 0, 100], [0, "2.5", 0, 3]),
        ("free_events: 1, free_total: 150", [100, 100], [0, 3]),
        ("free_events: 3, free_total: 150", [100, 200], [0, "3.5"]),
        ("free_total: 100", [100, 100], [0, 3]),
        ("min_per_event: 4, max_per_event: 6", [100, 300, 4000], [4, 5, 6]),
        ("free_events: 1, min_per_event: 4", [100, 100], [0, 4]),
        ("", [0, 0], [0, 0]),
        ("", [], []),
    ],
)
def test_a_share_of_each_event(rules, events, fees):
    model = price(f"model: percentage, rate_pct: 1, fixed_per_event: 2{', ' if rules else ''}{rules}")
    assert [money(fee) for fee in model.parts([n(event) * MICROS for event in events])] == [n(fee) for fee in fees]


def test_an_event_below_zero_has_no_share():
    with pytest.raises(ValueError, match="amounts must be 0 or more"):
        price("model: percentage, rate_pct: 1").parts([n(-1)])


@pytest.mark.parametrize(
    ("events", "due"),
    [
        ([], 20),
        ([(2, 1), (2, 1)], 40),
        ([(3, 3)], 38),
        ([(4, 4), (-1, -1)], 20 + 18 + 10 + 2 - 2),
        ([(4, 4), (-4, -2)], 20 + 18 + 10 + 2 - 1 - 9),
        ([(-1, -1), (3, 3)], 20 + 12),
        ([(1, "0.1"), (-1, -1)], 20),
        ([(1, 1), (-2, -1)], 0),
        ([(0, 0)], 20),
    ],
)
def test_things_that_come_and_go(events, due):
    model = price(f"model: graduated_prorated_events, tiers: {FIRST_THREE}")
    assert total(model.parts([SignedEvent(n(units), n(prorated)) for units, prorated in events])) == n(due)


@pytest.mark.parametrize(("units", "prorated"), [(2, -1), (-2, 1), (0, 1)])
def test_what_counts_for_a_change_has_its_sign(units, prorated):
    with pytest.raises(ValueError, match="both must be above 0, or both below"):
        SignedEvent(n(units), n(prorated))


@pytest.mark.parametrize(
    ("text", "previous", "quantity", "told"),
    [
        ("rule: unit_conversion, op: divide, factor: 1000, rounding: ceiling", 1200, 1200, (2, 2)),
        ("rule: unit_conversion, op: divide, factor: 1000, rounding: floor", 1900, 999, (1, 0)),
        ("rule: unit_conversion, op: divide, factor: 1000, rounding: half_up", 1499, 1500, (1, 2)),
        ("rule: unit_conversion, op: divide, factor: 1000", 0, 1400, (0, "1.4")),
        ("rule: unit_conversion, op: multiply, factor: 0.5, rounding: ceiling", 2, 3, (1, 2)),
        ("rule: free_quantity, free_quantity: 10", 8, 5, (0, 3)),
        ("rule: free_quantity, free_quantity: 10", 12, 5, (2, 5)),
        ("rule: free_quantity, free_quantity: 10", 1, 5, (0, 0)),
    ],
)
def test_rules_before_a_price(text, previous, quantity, told):
    found = offer(f"rule: {{{text}}}").rule.applied(n(previous), n(quantity))
    assert found == tuple(n(value) for value in told)
