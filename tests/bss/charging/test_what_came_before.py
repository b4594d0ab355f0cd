"""What a session, and a month, has had before: bands, the most that a session costs, and prices by quantity go on."""

from collections import Counter

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ossbss.bss.customer.accounts import ACCOUNTS_SCHEMA
from ossbss.bss.product.catalogue import read_catalogue
from ossbss.bss.revenue.charging.answers import Line
from ossbss.bss.revenue.charging.online import Charging
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.cycles import Period
from ossbss.bss.revenue.rating.entitlements import PURCHASES_SCHEMA, entitlements
from ossbss.bss.revenue.rating.scalar import rate
from ossbss.contract.units import micros
from tests.bss.charging.prepaid_shop import DAY, HOUR, KB, MB, MINUTE, NOON, PRICES, ask, at, money
from tests.bss.charging.steps import begin, end, frame, update

COUNTING = PRICES[: PRICES.index("offerings:")] + """
offerings:
  - id: payg
    title: {en: Prices that look back}
    versions:
      - valid_from: 2020-01-01
        usage:
          voice:
            - zones: [on_net]
              rates: {always: {bands: [{price: 3, pulse: 60 s}, {from: 2 min, price: 1, pulse: 60 s}]}}
              most: 6
            - zones: [abroad]
              by_quantity: {model: package, package_size: 5, package_price: 10, free_units: 2}
              pulse: 60 s
          sms:
            by_quantity: {model: volume, tiers: [{up_to: 5, unit_price: 2, flat_fee: 1}, {unit_price: 1.5}]}
            over: session
          data:
            by_quantity: {model: graduated, tiers: [{up_to: 3, unit_price: 2, flat_fee: 1}, {up_to: 9, unit_price: 1, flat_fee: 4}, {unit_price: 0.5}]}
            pulse: 100 KB
  - id: windows
    title: {en: Windows and bands}
    versions:
      - valid_from: 2020-01-01
        usage:
          data:
            rates:
              night: {bands: [{price: 2, pulse: 1 MB}, {from: 4 MB, price: 1, pulse: 1 MB}]}
              always: {bands: [{price: 6, pulse: 1 MB}, {from: 3 MB, price: 4, pulse: 1 MB}]}
            most: 25
          voice: {by_quantity: {model: graduated, tiers: [{up_to: 1, unit_price: 5}, {unit_price: 1}]}, pulse: 60 s, over: session}
  - id: quiet
    title: {en: A minute for a day}
    versions:
      - valid_from: 2020-01-01
        one_time_fee: 1
        allowances: [{id: talk, classes: [voice], amount: 1 min, pulse: 1 s, valid: 1 day}]
"""
RULES = RuleSet(read_catalogue(COUNTING, "counting_shop"))
UNIT = {"voice": MINUTE, "sms": 1, "data": 100 * KB}


def door_of(shillings, offering="payg", lines=("a",)):
    door = Charging(RULES, [Line(name, "w", offering) for name in lines])
    ask(door, ("topup", at("00:00"), shillings), first_id=10**9)
    return door


def total(door, *rows):
    """What a session cost, told with its end."""
    return door.grant(frame(*rows))["amount_micros"].sum()


def test_what_a_month_has_used_moves_the_next_request_into_the_next_tier():
    """1 + 3 MB for 2 + 4 + 1 MB for 1, then 2 MB for 1 each, then in June all anew."""
    door = door_of(100)
    amounts = [a["amount_micros"] for a in ask(door, ("data", NOON, 4 * MB), ("data", NOON + HOUR, 2 * MB), ("data", NOON + 31 * DAY, MB))]
    assert amounts == [micros(1 + 6 + 4 + 1), micros(2), micros(1 + 2)]


def test_lines_of_one_wallet_are_counted_apart():
    door = door_of(100, lines=("a", "b"))
    _, other = ask(door, ("data", NOON, 4 * MB, None, "a"), ("data", NOON, MB, None, "b"))
    assert other["amount_micros"] == micros(1 + 2)


def test_what_was_not_granted_is_not_counted():
    door = door_of(5)
    cut = ask(door, ("data", NOON, 4 * MB))[0]
    assert (cut["granted"], cut["amount_micros"]) == (2 * MB, micros(5))
    ask(door, ("topup", NOON + 1, 50), first_id=5)
    assert ask(door, ("data", NOON + 2, 2 * MB), first_id=6)[0]["amount_micros"] == micros(2 + 4 + 1)


def test_a_session_counts_once_whatever_its_steps_and_the_next_goes_on_from_it():
    door = door_of(100)
    steps = [begin(NOON, MB, "data", None)] + [update(NOON + n, MB, MB, "data") for n in range(1, 4)]
    assert total(door, *steps, end(NOON + 9, MB, "data")) == micros(1 + 6 + 4 + 1)
    assert total(door, begin(NOON + HOUR, MB, "data", None), end(NOON + HOUR + 1, MB, "data")) == micros(1)


def test_sessions_at_once_together_cost_what_their_sum_costs():
    door = door_of(100)
    rows = [begin(NOON, 4 * MB, "data", None, 1), begin(NOON, 4 * MB, "data", None, 2)]
    rows += [end(NOON + 1, 2 * MB, "data", 2), end(NOON + 2, 4 * MB, "data", 1)]
    assert total(door, *rows) == micros(1 + 6 + 4 + 3)


def test_bands_go_on_after_use_that_was_not_paid():
    """A minute is paid, one is not; after a top-up the third minute costs that of the second band."""
    door = door_of(3)
    door.grant(frame(begin(NOON, MINUTE), update(NOON + 2 * MINUTE, 2 * MINUTE, 0)))
    ask(door, ("topup", NOON + 2 * MINUTE, 10))
    assert total(door, end(NOON + 3 * MINUTE, MINUTE)) == micros(3 + 1)


def test_a_call_of_which_a_bundle_pays_the_middle_goes_on_in_the_band_that_it_has_reached():
    """Minutes: 3 from money, one from the bundle that was bought then, the others for 1 each."""
    door = door_of(100)
    door.grant(frame(begin(NOON, 2 * MINUTE)))
    ask(door, ("purchase", NOON + MINUTE, "quiet"))
    assert total(door, update(NOON + 2 * MINUTE, 2 * MINUTE, 2 * MINUTE), end(NOON + 4 * MINUTE, 2 * MINUTE)) == micros(3 + 1 + 1)


def test_the_most_is_that_of_the_session_not_of_its_part():
    door = door_of(100)
    door.grant(frame(begin(NOON, 2 * MINUTE)))
    ask(door, ("purchase", NOON + MINUTE, "quiet"))
    assert total(door, update(NOON + 2 * MINUTE, 2 * MINUTE, 20 * MINUTE), end(NOON + 22 * MINUTE, 20 * MINUTE)) == micros(6)


@pytest.mark.parametrize(
    ("day", "night", "cost"),
    [(2, 1, 12 + 2), (2, 3, 12 + 2 + 2 + 1), (4, 2, 18 + 4 + 1 + 1), (4, 9, 25)],
)
def test_a_session_of_data_over_the_border_of_a_window_goes_on_in_its_bands_up_to_its_most(day, night, cost):
    door = door_of(100, "windows")
    start_ms, midnight_ms = at("23:50"), at("00:00", day=2)
    steps = (begin(start_ms, 9 * MB, "data", None), update(midnight_ms, day * MB, 9 * MB, "data"), end(midnight_ms + 1, night * MB, "data"))
    grants = door.grant(frame(*steps))
    assert grants["granted"].to_list() == [9 * MB, 9 * MB, 0]
    assert grants["amount_micros"].sum() == micros(cost)


def test_quantities_of_a_session_go_on_in_it_and_not_in_the_next():
    """The first minute for 5, the second from a bundle, the third for 1; the next call begins with 5."""
    door = door_of(100, "windows")
    door.grant(frame(begin(NOON, 2 * MINUTE)))
    ask(door, ("purchase", NOON + MINUTE, "quiet"))
    assert total(door, end(NOON + 3 * MINUTE, 3 * MINUTE)) == micros(5 + 1)
    assert ask(door, ("voice", NOON + HOUR, MINUTE), first_id=5)[0]["amount_micros"] == micros(5)


sessions = st.lists(
    st.tuples(
        st.sampled_from([HOUR, 9 * HOUR, 8 * DAY]), st.sampled_from("ab"),
        st.sampled_from([("voice", "on_net"), ("voice", "abroad"), ("sms", "on_net"), ("data", "on_net")]),
        st.lists(st.integers(0, 30), max_size=3), st.integers(0, 30),
    ), max_size=12,
)  # fmt: skip


def rated(rows):
    """Usage → what each record costs afterwards."""
    usage = pl.DataFrame(
        rows, orient="row",
        schema={"usage_id": pl.Int64, "subscriber_id": pl.String, "class": pl.String, "zone": pl.String, "started_ms": pl.Int64, "quantity": pl.Int64},
    ).with_columns(account_id=pl.lit("w"), offering_id=pl.lit("payg"), leg=pl.lit(1, dtype=pl.Int64))  # fmt: skip
    nothing = entitlements(pl.DataFrame(schema=ACCOUNTS_SCHEMA), pl.DataFrame(schema=PURCHASES_SCHEMA), RULES, Period(NOON, NOON + 1))
    found, _ = rate(usage, nothing, RULES)
    return {one.record["usage_id"]: one.charge.amount_micros for one in found}


@given(sessions, st.booleans())
@settings(max_examples=200)
def test_with_money_enough_sessions_and_requests_cost_what_their_records_cost(sessions, in_steps):
    """A session in parts, the last of which ends it; with no parts it is one request."""
    door, now_ms, usage, cost = door_of(10**6, lines=("a", "b")), NOON, [], Counter()
    for number, (after_ms, line, (kind, zone), parts, last) in enumerate(sessions):
        now_ms, unit = now_ms + after_ms, UNIT[kind]
        start_ms, quantity = now_ms, (sum(parts) + last) * unit
        usage.append((number, line, kind, zone, start_ms, quantity))
        if not (parts and in_steps):
            cost[number] = ask(door, (kind, start_ms, quantity, zone, line), first_id=number)[0]["amount_micros"]
            continue
        rows = [begin(start_ms, parts[0] * unit, kind, zone, number, line)]
        for used, wanted in zip(parts, [*parts[1:], last], strict=True):
            now_ms += used * unit if kind == "voice" else 1
            rows.append(update(now_ms, used * unit, wanted * unit, kind, number, line))
        now_ms += last * unit if kind == "voice" else 1
        cost[number] = total(door, *rows, end(now_ms, last * unit, kind, number, line))
    assert {number: cost[number] for number, *_ in usage} == rated(usage)
    assert money(door) == micros(10**6) - sum(cost.values())
