"""Every unit counted out one by one, against the prices of whole quantities."""

from collections import Counter
from decimal import Decimal
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from ossbss.bss.product.pricing.graduated import Graduated
from ossbss.bss.product.pricing.graduated_blocks import GraduatedBlocks
from ossbss.bss.product.pricing.package import Package
from ossbss.bss.product.pricing.signed_events import GraduatedProratedEvents, SignedEvent
from ossbss.bss.product.pricing.volume import Volume
from ossbss.bss.product.pricing.volume_blocks import VolumeBlocks
from tests.bss.product.pricing.prices import blocks, n, tiers, total


def tier_of(unit, written):
    """The tier that the n-th unit falls in."""
    return next(tier for tier in written if tier["up_to"] is None or unit <= tier["up_to"])


@given(tiers(), st.integers(0, 60))
def test_graduated_unit_by_unit(written, quantity):
    seen, due = [written[0]], Decimal(written[0]["flat_fee"])
    for unit in range(1, quantity + 1):
        tier = tier_of(unit, written)
        if tier not in seen:
            seen.append(tier)
            due += Decimal(tier["flat_fee"])
        due += Decimal(tier["unit_price"])
    assert total(Graduated(tiers=written).parts(n(quantity))) == n(due)


@given(tiers(), st.integers(1, 60))
def test_volume_by_the_tier_of_the_last_unit(written, quantity):
    tier = tier_of(quantity, written)
    due = Decimal(tier["flat_fee"]) + sum(Decimal(tier["unit_price"]) for _ in range(quantity))
    assert total(Volume(tiers=written).parts(n(quantity))) == n(due)


@given(st.integers(1, 9), st.integers(0, 9), st.integers(0, 60))
def test_packages_opened_one_after_the_other(size, free, quantity):
    opened = inside = 0
    for _ in range(max(0, quantity - free)):
        if inside == 0:
            opened, inside = opened + 1, size
        inside -= 1
    model = Package(package_size=size, package_price="1.5", free_units=free)
    assert total(model.parts(n(quantity))) == opened * n("1.5")


def every_block(written):
    """Blocks in the order in which they are filled, as (tier, units of the block); those of the last tier for ever."""
    for number, tier in enumerate(written):
        for block in count():
            if block == tier["max_blocks"] and number < len(written) - 1:
                break
            yield number, tier["block"]


@given(blocks(), st.integers(0, 200))
def test_blocks_filled_one_after_the_other(written, quantity):
    opened, filler, left = Counter(), every_block(written), 0
    for _ in range(quantity):
        if left == 0:
            tier, left = next(filler)
            opened[tier] += 1
        left -= 1
    due = [opened[tier] * n(written[tier]["block_price"]) * 10**6 for tier in range(len(written))]
    assert list(GraduatedBlocks(tiers=written).parts(n(quantity))) == due


@given(blocks(), st.integers(1, 200))
def test_all_blocks_of_the_tier_that_the_last_unit_fills(written, quantity):
    filler, room, tier = every_block(written), 0, 0
    while room < quantity:
        tier, size = next(filler)
        room += size
    needed = next(blocks for blocks in count() if blocks * written[tier]["block"] >= quantity)
    assert total(VolumeBlocks(tiers=written).parts(n(quantity))) == needed * written[tier]["block_price"]


@given(tiers(), st.lists(st.tuples(st.integers(-8, 12), st.integers(0, 4)), max_size=6))
def test_seats_that_come_and_go_one_by_one(written, changes):
    """Each unit of a change counts for the same share of the period: a quarter, a half, …"""
    positions, walked = [0], Decimal(0)
    for units, quarters in changes:
        step = 1 if units > 0 else -1
        for place in range(positions[-1], positions[-1] + units, step):
            upper = max(place, place + step)
            walked += step * Decimal(tier_of(upper, written)["unit_price"]) * quarters / 4
        positions.append(positions[-1] + units)
    lowers = [0, *(tier["up_to"] for tier in written[:-1])]
    fees = [
        Decimal(t["flat_fee"]) for t, lower in zip(written, lowers, strict=True) if lower == 0 or max(positions) > lower
    ]
    due = 0 if positions[-1] < 0 else max(Decimal(0), walked) + sum(fees)
    events = [SignedEvent(n(units), n(units * quarters) / 4) for units, quarters in changes]
    assert total(GraduatedProratedEvents(tiers=written).parts(events)) == n(due)


@given(tiers(), st.lists(st.integers(0, 9), min_size=1, max_size=6))
def test_seats_that_stay_the_whole_period_cost_what_graduated_says(written, arrivals):
    events = [SignedEvent(n(units), n(units)) for units in arrivals]
    whole = Graduated(tiers=written).parts(n(sum(arrivals)))
    assert sum(GraduatedProratedEvents(tiers=written).parts(events)) == sum(whole)


def test_the_oracle_of_blocks_fills_tiers_in_order():
    written = [{"block": 2, "max_blocks": 2, "block_price": 1}, {"block": 5, "max_blocks": 1, "block_price": 1}]
    filler = every_block(written)
    assert [next(filler) for _ in range(5)] == [(0, 2), (0, 2), (1, 5), (1, 5), (1, 5)]
