"""Two price lists on the same usage: ten records by hand, and what holds for any usage."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ossbss.bss.product.catalogue import read_catalogue
from ossbss.bss.product.trial import what_if
from ossbss.bss.product.trial.winners import Difference, order_statistics, revenue, winners_and_losers
from ossbss.bss.revenue.cycles import Period
from ossbss.documents import DocumentError
from ossbss.errors import BrokenInvariantError
from tests.bss import shop

SPAN = Period(shop.at("2024-05-06 00:00"), shop.at("2024-05-09 00:00"))

TEN = [
    (1, "a", "voice", "2024-05-06 09:00", 400_001),
    (2, "a", "voice", "2024-05-06 10:00", 150_500, "off_net"),
    (3, "a", "voice", "2024-05-06 23:00", 90_000),
    (4, "a", "voice", "2024-05-07 08:00", 61_001),
    (5, "a", "voice", "2024-05-07 22:00", 1, "off_net"),
    (6, "a", "voice", "2024-05-08 12:00", 30_500, "international"),
    (7, "a", "sms", "2024-05-08 12:01", 2),
    (8, "a", "sms", "2024-05-08 12:02", 1, "off_net"),
    (9, "a", "sms", "2024-05-08 12:03", 1, "international"),
    (10, "a", "data", "2024-05-08 12:04", 1_250_001),
]
BY_HAND = """
old list: pulse 1 s, 10 min, sms unlimited, no data; fee 3100. new list: pulse 60 s, 10 min, 2 sms, 1 MB; fee 2480.
voice on-net 6 peak, 3 off-peak; off-net 5; international 30. sms 1 / 10 abroad, new 1.50. data 4/MB, new 3.

|  # | what                     | old: charged − free × rate      | micros     | new: charged − free × rate | micros     |
|----|--------------------------|---------------------------------|------------|----------------------------|------------|
|  1 | peak on-net 400.001 s    | 401 s − 401 s                   |          0 | 7 min − 7 min              |          0 |
|  2 | peak off-net 150.5 s     | 151 s − 151 s                   |          0 | 3 min − 3 min              |          0 |
|  3 | off-peak on-net 90 s     | 90 s − 48 s left = 42 s × 3/60  |  2 100 000 | 2 min × 3                  |  6 000 000 |
|  4 | 08:00 is peak, 61.001 s  | 62 s × 6/60                     |  6 200 000 | 2 min × 6                  | 12 000 000 |
|  5 | off-net 1 ms             | 1 s × 5/60 = 0.0833333…         |     83 333 | 1 min × 5                  |  5 000 000 |
|  6 | international 30.5 s     | 31 s × 30/60                    | 15 500 000 | 1 min × 30                 | 30 000 000 |
|  7 | 2 sms on-net             | 2 − 2                           |          0 | 2 − 2                      |          0 |
|  8 | 1 sms off-net            | 1 − 1                           |          0 | 1 × 1.50                   |  1 500 000 |
|  9 | 1 sms international      | 1 × 10                          | 10 000 000 | 1 × 10                     | 10 000 000 |
| 10 | data 1 250 001 octets    | 1.3 MB × 4                      |  5 200 000 | (1.3 − 1.0) MB × 3         |    900 000 |

fee, 3 of 31 days           300 000 000                             240 000 000
net                         339 083 333                             305 400 000
VAT 16 %                     54 253 333.28 → to the cent 54 250 000  48 864 000 → 48 860 000
sum                         393 333 333 → to the cent 393 330 000   354 260 000
"""
PAYER = {"account_id": "acc-a", "offering_id": "plan", "payment": "postpaid"}
OLD = {"voice": 23_883_333, "sms": 10_000_000, "data": 5_200_000, "bundles": 0, "recurring": 300_000_000, "discount": 0, "tax": 54_250_000,
       "rounding": -3_333, "total": 393_330_000}  # fmt: skip
NEW = {"voice": 53_000_000, "sms": 11_500_000, "data": 900_000, "bundles": 0, "recurring": 240_000_000, "discount": 0, "tax": 48_860_000,
       "rounding": 0, "total": 354_260_000}  # fmt: skip


def changed(*pairs):
    """The shop's list with pieces of its text replaced, each once at least."""
    text = shop.TEXT
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return read_catalogue(text, "test")


OFF_NET = ("zones: [off_net], price: 6", "zones: [off_net], price: 5")


ONE_MB = """          - {id: data, classes: [data], amount: 1 MB, pulse: 100 KB}
        usage: standard
        sla"""


def old_list():
    return changed(OFF_NET)


def new_list():
    return changed(
        OFF_NET,
        ("name: test", "name: new"),
        ("pulse: 1 s", "pulse: 60 s"),
        ("recurring_fee: 3100", "recurring_fee: 2480"),
        ("amount: unlimited", "amount: 2"),
        ("        usage: standard\n        sla", ONE_MB),
        ("price: 1, pulse: 1}", "price: 1.50, pulse: 1}"),
        ("{price: 4,", "{price: 3,"),
    )


def bills(records, catalogue, accounts=None, span=SPAN):
    accounts = shop.accounts("a", "b") if accounts is None else accounts
    usage = shop.usage(*records, known="2024-06-30 00:00")
    return what_if.bills(what_if.guide(usage, accounts, span).guided, accounts, catalogue, span)


def of_account(table, account):
    return table.row(by_predicate=pl.col("account_id") == account, named=True)


@pytest.mark.parametrize(("catalogue", "expected"), [(old_list, OLD), (new_list, NEW)])
def test_ten_records_cost_what_they_cost_by_hand(catalogue, expected):
    table = bills(TEN, catalogue())
    assert of_account(table, "acc-a") == {**PAYER, **expected}
    assert of_account(table, "acc-b")["voice"] == 0
    assert of_account(table, "acc-b")["recurring"] == expected["recurring"]


def test_the_difference_is_new_minus_old_part_by_part():
    pairs = what_if.paired(bills(TEN, old_list()), bills(TEN, new_list()))
    found = of_account(pairs, "acc-a")
    assert found == {
        **PAYER, "baseline_micros": 393_330_000, "candidate_micros": 354_260_000,
        "difference_micros": -39_070_000, "voice_difference_micros": 29_116_667, "sms_difference_micros": 1_500_000,
        "data_difference_micros": -4_300_000, "bundles_difference_micros": 0, "recurring_difference_micros": -60_000_000,
        "discount_difference_micros": 0,
        "tax_difference_micros": -5_390_000, "rounding_difference_micros": 3_333,
    }  # fmt: skip
    assert sum(found[f"{part}_difference_micros"] for part in what_if.PARTS) == found["difference_micros"]


def test_parts_of_the_revenue_sum_to_the_whole():
    found = revenue(bills(TEN, old_list()))
    assert found["usage"] == 23_883_333 + 10_000_000 + 5_200_000
    assert found["usage"] + found["recurring"] + found["tax"] + found["rounding"] == found["total"]
    # acc-b: 300 fee, 48 VAT, nothing to round
    assert found["total"] == 393_330_000 + 348_000_000


def test_a_month_that_ends_within_the_span_brings_two_bills_a_new_allowance_and_a_new_version():
    span = Period(shop.at("2024-05-30 00:00"), shop.at("2024-06-03 00:00"))
    calls = [(1, "a", "voice", "2024-05-31 23:49", 600_000), (2, "a", "voice", "2024-06-01 00:00", 60_000)]
    found = of_account(bills(calls, shop.catalogue(), shop.accounts("a"), span), "acc-a")
    assert found["voice"] == 3_000_000  # ten free minutes in May; June's version has none
    assert found["recurring"] == 200_000_000 + 400_000_000  # 2 of 31 days of 3100, 2 of 30 days of 6000


def test_two_lines_of_one_account_pay_two_fees_and_their_usage_once():
    accounts = shop.accounts("a", "b").with_columns(pl.lit("acc-a").alias("account_id"))
    table = bills([(1, "b", "sms", "2024-05-06 09:00", 1, "international")], shop.catalogue(), accounts)
    assert of_account(table, "acc-a") == {
        **PAYER, "voice": 0, "sms": 10_000_000, "data": 0, "bundles": 0,
        "recurring": 600_000_000, "discount": 0, "tax": 97_600_000, "rounding": 0, "total": 707_600_000,
    }  # fmt: skip


def test_usage_from_outside_the_span_and_contracts_outside_it_are_not_billed():
    late = (1, "a", "sms", "2024-05-09 00:00", 1, "international")
    accounts = pl.concat([shop.accounts("a"), shop.accounts("later", since="2024-05-09 00:00")])
    table = bills([late], shop.catalogue(), accounts)
    assert table["account_id"].to_list() == ["acc-a"]
    assert table["sms"].to_list() == [0]


HOURS = [f"2024-05-0{day} {hour:02}:30" for day in (6, 7) for hour in (7, 8, 21, 22)]
calls = st.tuples(
    st.sampled_from(["a", "b"]), st.sampled_from(["voice", "sms", "data"]), st.sampled_from(HOURS),
    st.integers(1, 900_000), st.sampled_from(["on_net", "off_net", "international"]),
)  # fmt: skip
usages = st.lists(calls, max_size=12).map(lambda drawn: [(n, *call) for n, call in enumerate(drawn, start=1)])


@settings(max_examples=25, deadline=None)
@given(usages)
def test_the_same_list_twice_makes_no_difference_to_anybody(records):
    pairs = what_if.paired(bills(records, shop.catalogue()), bills(records, shop.catalogue()))
    assert pairs.height == 2
    for part in ("", *(f"{part}_" for part in what_if.PARTS)):
        assert pairs[f"{part}difference_micros"].to_list() == [0, 0]
    assert winners_and_losers(pairs).pay_the_same == 2


@settings(max_examples=25, deadline=None)
@given(usages.flatmap(lambda records: st.tuples(st.just(records), st.permutations(records))))
def test_the_order_of_the_rows_changes_nothing(both):
    records, shuffled = both
    assert bills(records, new_list()).equals(bills(shuffled, new_list()))


RAISED = {  # one price of the shop's list, and the records it is for; 10 % of each is exact, pulse by pulse
    ("voice", "on_net", "day"): ("{day: 6, night: 3}", "{day: 6.6, night: 3}"),
    ("voice", "on_net", "night"): ("{day: 6, night: 3}", "{day: 6, night: 3.3}"),
    ("voice", "off_net", ""): ("zones: [off_net], price: 6", "zones: [off_net], price: 6.6"),
    ("voice", "international", ""): ("zones: [international], price: 30", "zones: [international], price: 33"),
    ("sms", "international", ""): ("zones: [international], price: 10", "zones: [international], price: 11"),
    ("data", "on_net", ""): ("data: {price: 4,", "data: {price: 4.4,"),
}
IN_WINDOW = {"day": [8, 21], "night": [7, 22], "": [7, 8, 21, 22]}
"""The hours of HOURS in it."""


@settings(max_examples=60, deadline=None)
@given(usages, st.sampled_from(sorted(RAISED)))
def test_one_price_raised_by_a_tenth_raises_its_records_by_a_tenth_and_nothing_else(records, which):
    name, zone, window = which
    pairs = what_if.paired(bills(records, shop.catalogue()), bills(records, changed(RAISED[which])))
    guided = what_if.guide(shop.usage(*records), shop.accounts("a", "b"), SPAN).guided
    rated = shop.rating(guided, shop.accounts("a", "b")).rated
    hour = pl.from_epoch("started_ms", "ms").dt.offset_by("3h").dt.hour()
    is_concerned = (pl.col("class") == name) & (pl.lit(name == "data") | (pl.col("zone") == zone))
    concerned = rated.filter(is_concerned & hour.is_in(IN_WINDOW[window]))
    assert pairs[f"{name}_difference_micros"].sum() * 10 == concerned["amount_micros"].sum()
    for other in {"voice", "sms", "data", "recurring"} - {name}:
        assert pairs[f"{other}_difference_micros"].to_list() == [0, 0]


def test_an_offering_that_is_not_sold_is_told_with_the_nearest_and_the_accounts_it_concerns():
    accounts = pl.concat([shop.accounts("a", "b", offering="plam"), shop.accounts("c", offering="gone")])
    told = [str(mistake) for mistake in what_if.mistakes(accounts, shop.catalogue(), "KES", SPAN)]
    assert told == [
        "test.offerings: no offering 'gone'; there are plan; accounts that have it: 1 → add it to the price list",
        "test.offerings: no offering 'plam'; there are plan; accounts that have it: 2 → did you mean 'plan'?",
    ]


def test_an_offering_that_is_sold_too_late_and_another_currency_are_told_together():
    late = changed(("valid_from: 2020-01-01", "valid_from: 2024-05-07"), ("currency: KES", "currency: TZS"))
    told = [str(mistake) for mistake in what_if.mistakes(shop.accounts("a"), late, "KES", SPAN)]
    assert told == [
        "test.currency: 'TZS': bills in TZS and in KES cannot be compared → give a price list in KES",
        "test.offerings: 'plan' is sold from 2024-05-07 only; accounts that have it: 1"
        " → give a version with valid_from 2024-05-06 or earlier",
    ]
    assert what_if.mistakes(shop.accounts("a"), shop.catalogue(), "KES", SPAN) == []


def pairs_of(*differences):
    names = [f"acc-{number}" for number in range(1, len(differences) + 1)]
    return pl.DataFrame({"account_id": names, "difference_micros": list(differences)})


def test_winners_and_losers_are_counted_and_the_largest_named_the_first_of_equals():
    found = winners_and_losers(pairs_of(5, -7, 0, 5, -7, 1))
    assert (found.pay_less, found.pay_more, found.pay_the_same) == (2, 3, 1)
    assert found.largest_gain == Difference("acc-2", -7)
    assert found.largest_loss == Difference("acc-1", 5)
    nobody = winners_and_losers(pairs_of(0))
    assert (nobody.largest_gain, nobody.largest_loss, nobody.pay_the_same) == (None, None, 1)


@given(st.lists(st.integers(-(2**60), 2**60), min_size=1, max_size=40), st.integers(0, 100))
def test_an_order_statistic_is_a_value_that_occurs_and_enough_are_at_most_it(values, percent):
    found = order_statistics(values, [percent])[percent]
    assert found in values
    assert 100 * sum(value <= found for value in values) >= percent * len(values)
    assert 100 * sum(value < found for value in values) <= max(percent * len(values) - 1, 0)


def test_lists_that_bill_different_accounts_are_a_broken_invariant():
    table = bills([], shop.catalogue())
    with pytest.raises(BrokenInvariantError, match="different accounts"):
        what_if.paired(table, table.head(1))


def test_a_discount_is_a_part_of_its_own():
    half = changed(("        usage: standard\n        sla", "        usage: standard\n        discounts: [{id: half, percent: 50}]\n        sla"))
    found = of_account(bills([], half), "acc-a")
    assert (found["recurring"], found["discount"], found["tax"], found["total"]) == (300_000_000, -150_000_000, 24_000_000, 174_000_000)


def test_a_list_without_a_price_for_what_was_used_is_told_and_not_a_crash():
    lacking = changed(("    data: {price: 4, pulse: 100 KB}\n", ""))
    with pytest.raises(DocumentError, match=r"test.offerings: 1 records of data have no price at that time, the first is usage 10"):
        bills(TEN, lacking)
