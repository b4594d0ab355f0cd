"""Two price lists on the usage of prepaid lines: five records by hand, and what holds for any usage and purchases."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ossbss.bss.product.catalogue import read_catalogue
from ossbss.bss.product.trial import what_if
from ossbss.bss.product.trial.winners import by_payment, revenue
from ossbss.bss.revenue.charging.answers import Line
from ossbss.bss.revenue.charging.online import Charging
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.cycles import Period
from ossbss.bss.revenue.rating.entitlements import PURCHASES_SCHEMA
from ossbss.contract.charging import CHARGING_REQUESTS_SCHEMA
from tests.bss import shop

SPAN = Period(shop.at("2024-05-06 00:00"), shop.at("2024-05-09 00:00"))
PREPAID = """
  - id: payg
    title: {en: Pay as you go}
    versions:
      - valid_from: 2020-01-01
        recurring_fee: 500
        allowances:
          - {id: monthly, classes: [sms], amount: 50}
        usage: standard
  - id: combo
    title: {en: Two minutes and a megabyte for a day}
    kind: add_on
    versions:
      - valid_from: 2020-01-01
        one_time_fee: 20
        allowances:
          - {id: minutes, classes: [voice], amount: 2 min, pulse: 1 s, zones: [on_net, off_net], valid: 1 day}
          - {id: data, classes: [data], amount: 1 MB, pulse: 100 KB, valid: 1 day}
      - valid_from: 2024-05-08
        one_time_fee: 30
        allowances:
          - {id: minutes, classes: [voice], amount: 2 min, pulse: 1 s, zones: [on_net, off_net], valid: 1 day}
"""
FIVE = [
    (1, "p", "voice", "2024-05-06 08:30", 60_000),
    (2, "p", "voice", "2024-05-06 10:00", 150_500),
    (3, "p", "data", "2024-05-06 11:00", 1_250_001),
    (4, "q", "voice", "2024-05-06 10:00", 1, "off_net"),
    (5, "q", "sms", "2024-05-06 12:00", 2, "international"),
]
ONCE = [("p", "combo", "2024-05-06 09:00")]
BY_HAND = """
p buys the bundle at 09:00. old: 20 for 2 min and 1 MB. new: 15 for 3 min and 1 MB, data at 3 a MB.

| # | what                       | old: charged − free × rate        | micros     | new                  | micros     |
|---|----------------------------|-----------------------------------|------------|----------------------|------------|
| 1 | p before it, 60 s on-net   | 60 s × 6/60                       |  6 000 000 | the same             |  6 000 000 |
| 2 | p after it, 150.5 s        | (151 − 120) s × 6/60              |  3 100 000 | 151 s − 151 s        |          0 |
| 3 | p 1 250 001 octets         | (1.3 − 1.0) MB × 4                |  1 200 000 | (1.3 − 1.0) MB × 3   |    900 000 |
| 4 | q 1 ms off-net             | 1 s × 6/60                        |    100 000 | the same             |    100 000 |
| 5 | q 2 messages abroad        | 2 × 10                            | 20 000 000 | the same             | 20 000 000 |

No VAT is added, the fee of the month is nobody's, and the messages of the month are nobody's: a wallet has none.
"""
NOTHING = dict.fromkeys(what_if.COLUMNS, 0)
OLD = {
    "p": {"voice": 9_100_000, "data": 1_200_000, "bundles": 20_000_000, "total": 30_300_000},
    "q": {"voice": 100_000, "sms": 20_000_000, "total": 20_100_000},
}
NEW = OLD | {"p": {"voice": 6_000_000, "data": 900_000, "bundles": 15_000_000, "total": 21_900_000}}


def price_list(*pairs):
    """The shop's list with prepaid lines, and with pieces of its text replaced, each once at least."""
    text = shop.TEXT + PREPAID
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return read_catalogue(text, "test")


CHEAPER = [("one_time_fee: 20", "one_time_fee: 15"), ("amount: 2 min", "amount: 3 min"), ("{price: 4,", "{price: 3,")]


def prepaid(*lines):
    return shop.accounts(*lines, offering="payg").with_columns(pl.lit("prepaid").alias("payment"))


def purchases(*bought):
    """Of (line, bundle, Nairobi time)."""
    rows = [(f"acc-{line}", line, offering, shop.at(clock)) for line, offering, clock in bought]
    return pl.DataFrame(rows, schema=PURCHASES_SCHEMA, orient="row")


def everybody():
    return pl.concat([prepaid("p", "q"), shop.accounts("a")])


def bills(records, bought, catalogue, accounts=None):
    accounts = everybody() if accounts is None else accounts
    guided = what_if.guide(shop.usage(*records, known="2024-06-30 00:00"), accounts, SPAN).guided
    return what_if.bills(guided, accounts, catalogue, SPAN, purchases(*bought))


@pytest.mark.parametrize(("pairs", "expected"), [([], OLD), (CHEAPER, NEW)])
def test_five_records_and_a_bundle_cost_what_they_cost_by_hand(pairs, expected):
    table = bills(FIVE, ONCE, price_list(*pairs))
    assert table["account_id"].to_list() == ["acc-a", "acc-p", "acc-q"]
    for line, parts in expected.items():
        found = table.row(by_predicate=pl.col("account_id") == f"acc-{line}", named=True)
        who = {"account_id": f"acc-{line}", "offering_id": "payg", "payment": "prepaid"}
        assert found == who | NOTHING | parts


def test_bundles_are_bought_at_the_fee_and_with_the_allowances_of_their_day():
    """The first combo has ended at 09:00 on the 7th; that of the 8th costs 30 and has no data."""
    calls = [(1, "p", "voice", "2024-05-07 09:00", 30_000), (2, "p", "data", "2024-05-08 10:00", 100_000)]
    table = bills(calls, [*ONCE, ("p", "combo", "2024-05-08 09:00")], price_list(), prepaid("p"))
    parts = {"voice": 3_000_000, "data": 400_000, "bundles": 50_000_000, "total": 53_400_000}
    assert table.select(what_if.COLUMNS).row(0, named=True) == NOTHING | parts


def test_who_gets_bills_pays_what_he_paid_without_prepaid_neighbours():
    own = [(9, "a", "voice", "2024-05-06 09:00", 700_000), (10, "a", "sms", "2024-05-06 09:01", 1, "international")]
    alone = bills(own, [], price_list(), shop.accounts("a"))
    assert alone["tax"].item() > 0
    assert bills([*FIVE, *own], ONCE, price_list()).filter(pl.col("payment") == "postpaid").equals(alone)


def test_an_account_with_both_kinds_of_lines_has_a_row_for_each():
    accounts = everybody().with_columns(pl.lit("acc-p").alias("account_id"))
    own = (9, "a", "sms", "2024-05-06 09:00", 1, "international")
    table = bills([*FIVE, own], ONCE, price_list(), accounts)
    assert table.select("account_id", "payment", "sms", "bundles", "recurring").rows() == [
        ("acc-p", "postpaid", 10_000_000, 0, 300_000_000), ("acc-p", "prepaid", 20_000_000, 20_000_000, 0)
    ]  # fmt: skip
    sides = by_payment(table)
    assert {name: sides["postpaid"][name] + sides["prepaid"][name] for name in sides["prepaid"]} == revenue(table)


def test_prices_that_hold_tax_have_no_tax_on_top_in_either_way_to_pay():
    """Two taxes, one on top of the other, held by the prices: the bill is the fee and the calls, to the cent."""
    held = [("taxes: [{", "tax: inclusive\ntaxes: [{name: excise, rate_milli: 170}, {on_top_of: [excise], ")]
    own = (9, "a", "sms", "2024-05-06 09:00", 1, "international")
    table = bills([*FIVE, own], ONCE, price_list(*held))
    assert table["tax"].to_list() == [0, 0, 0]
    assert table["total"].to_list() == [310_000_000, 30_300_000, 20_100_000]  # 3 of 31 days of 3100, and the message


def test_taxes_on_top_of_one_another_are_one_part():
    """17 % on 310, and 16 % on 362.70: 52.70 and 58.032, to the cent."""
    two = [("taxes: [{", "taxes: [{name: excise, rate_milli: 170}, {on_top_of: [excise], ")]
    own = (9, "a", "sms", "2024-05-06 09:00", 1, "international")
    table = bills([own], [], price_list(*two), shop.accounts("a"))
    assert table.select("tax", "total").row(0) == (52_700_000 + 58_030_000, 420_730_000)


HOURS = [f"2024-05-0{day} {hour:02}" for day in (6, 7, 8) for hour in (7, 8, 21, 22)]
calls = st.tuples(
    st.sampled_from(["p", "q"]), st.sampled_from(["voice", "sms", "data"]), st.sampled_from(HOURS).map("{}:30".format),
    st.integers(1, 900_000), st.sampled_from(["on_net", "off_net", "international"]),
)  # fmt: skip
usages = st.lists(calls, max_size=12).map(lambda drawn: [(n, *call) for n, call in enumerate(drawn, start=1)])
buying = st.tuples(st.sampled_from(["p", "q"]), st.just("combo"), st.sampled_from(HOURS).map("{}:15".format))
purchased = st.lists(buying, max_size=4, unique=True)
"""A quarter of an hour before the calls, none of which is longer: nothing is bought during one."""
DIFFERENCES = ["difference_micros", *(f"{part}_difference_micros" for part in what_if.PARTS)]


def spent(records, bought, catalogue):
    """What the money of wallets that have plenty comes to when charging is asked at once, an oracle of another make."""
    lines = [Line(line, f"acc-{line}", "payg") for line in ("p", "q")]
    door, plenty = Charging(RuleSet(catalogue), lines), 10**15
    rows = [{"request_id": n, "kind": "topup", "subscriber_id": line, "at_ms": SPAN.start_ms, "amount_micros": plenty}
            for n, line in ((-2, "p"), (-1, "q"))]  # fmt: skip
    for n, line, name, clock, quantity, zone in records:
        rows.append({"request_id": n, "kind": "usage", "subscriber_id": line, "class": name, "at_ms": shop.at(clock),
                     "quantity": quantity, "zone": zone})  # fmt: skip
    for n, (line, offering, clock) in enumerate(bought, start=100):
        rows.append({"request_id": n, "kind": "purchase", "subscriber_id": line, "at_ms": shop.at(clock),
                     "offering_id": offering})  # fmt: skip
    door.grant(pl.DataFrame(rows, schema=CHARGING_REQUESTS_SCHEMA))
    return {name: plenty - left for name, left in door.balances().select("wallet_id", "balance_micros").iter_rows()}


@settings(max_examples=40, deadline=None)
@given(usages, purchased, st.booleans())
def test_a_wallet_with_plenty_that_is_asked_at_once_is_short_of_the_total(records, bought, is_cheaper):
    catalogue = price_list(*(CHEAPER if is_cheaper else ()))
    table = bills(records, bought, catalogue, prepaid("p", "q"))
    assert dict(table.select("account_id", "total").iter_rows()) == spent(records, bought, catalogue)


@settings(max_examples=25, deadline=None)
@given(usages, purchased)
def test_the_same_list_twice_makes_no_difference_and_exchanged_lists_the_opposite_one(records, bought):
    old, new = bills(records, bought, price_list()), bills(records, bought, price_list(*CHEAPER))
    same = what_if.paired(old, bills(records, bought, price_list()))
    assert all(same[name].to_list() == [0, 0, 0] for name in DIFFERENCES)
    there, back = what_if.paired(old, new), what_if.paired(new, old)
    assert there.select(DIFFERENCES).equals(back.select(-pl.col(DIFFERENCES)))
    assert there.filter(pl.sum_horizontal(DIFFERENCES[1:]) != pl.col("difference_micros")).is_empty()
    mine = there.filter(pl.col("payment") == "prepaid")
    for part in ("tax", "recurring", "rounding"):
        assert mine[f"{part}_difference_micros"].to_list() == [0, 0]
    early = sum(shop.at(clock) < shop.at("2024-05-08 00:00") for _, _, clock in bought)
    assert mine["bundles_difference_micros"].sum() == -5_000_000 * early


@pytest.mark.parametrize(
    ("pairs", "told"),
    [
        ([("id: combo", "id: kombo")], "no offering 'combo'; there are plan, payg, kombo; times that this bundle was bought: 2 → did you mean 'kombo'?"),
        ([("one_time_fee: 30", "recurring_fee: 30")], "'combo' cannot be bought once: it has no allowances, or a monthly fee; times"
         " that this bundle was bought: 2 → give it allowances and a one_time_fee only"),
        ([("kind: add_on\n    versions:\n      - valid_from: 2020-01-01", "kind: add_on\n    versions:\n      - valid_from: 2024-05-07")],
         "'combo' is sold from 2024-05-07 only; times that this bundle was bought: 2 → give a version with valid_from 2024-05-06 or earlier"),
    ],
)  # fmt: skip
def test_a_bundle_that_somebody_bought_and_nobody_sells_is_told_beside_all_else(pairs, told):
    bought = purchases(*ONCE, ("q", "combo", "2024-05-08 09:00"))
    both = price_list(*pairs, ("id: plan", "id: plam"))
    found = [str(mistake) for mistake in what_if.mistakes(everybody(), both, "KES", SPAN, bought)]
    assert len(found) == 2
    assert "no offering 'plan'" in found[0]
    assert found[1] == f"test.offerings: {told}".replace("plan, payg", "plam, payg")
    assert what_if.mistakes(everybody(), price_list(), "KES", SPAN, bought) == []
