"""Examples priced and explained: by hand, by laws, and against a rating run of the same usage."""

from datetime import datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ossbss.bss.product.catalogue import read_catalogue
from ossbss.bss.product.shipped import find_catalogue
from ossbss.bss.product.trial.examples import priced
from ossbss.bss.product.trial.usage_text import UsageExample, read_usage
from tests.bss import shop
from tests.bss.product.bazaar import TEXT, catalogue

A = find_catalogue("shillings-a")
B = find_catalogue("shillings-b")


def explained(found):
    return [(line.kind, line.name, line.pulses, line.price, str(line.exact)) for each in found for line in each.lines]


def amounts(offering, text, beside=(), of=None):
    of = of or catalogue()
    return [each.amount_micros for each in priced(of, offering, read_usage(text, of), beside)]


def test_a_call_over_the_border_of_two_windows_is_priced_part_by_part():
    found = priced(catalogue(), "plain", read_usage("voice 90 s to home at 2024-05-06T21:59:01", catalogue()))
    assert explained(found) == [
        ("usage", "day", 59, "6 per min", "5900000"),
        ("usage", "night", 31, "3 per min", "1550000"),
    ]
    assert (found[0].amount_micros, found[0].offering_id, found[0].reason) == (7_450_000, "plain", "")


def test_what_rounding_adds_is_a_line_of_its_own():
    found = priced(catalogue(), "plain", read_usage("voice 7.1 s to home at 2024-05-06T12:00", catalogue()))
    assert explained(found) == [("usage", "day", 8, "6 per min", "800000")]
    found = priced(catalogue(), "plain", read_usage("data 101 B at 2024-05-06T12:00", read_catalogue(
        TEXT.replace("price: 4, pulse: 100 KB", "price: 4, pulse: 1 B"), "")))  # fmt: skip
    assert found[0].amount_micros == 400_000
    fine = read_catalogue(TEXT.replace("price: 4, pulse: 100 KB", "price: 4.1, pulse: 1 KB"), "")
    found = priced(fine, "plain", read_usage("data 3 KB at 2024-05-06T12:00", fine))
    assert explained(found) == [("usage", "always", 3, "4.1 per MB", "12300"), ("rounding", "", 0, "", "-2300")]


def test_a_number_is_priced_by_its_longest_prefix():
    text = "voice 1 min to {} at 2024-05-06T12:00"
    assert amounts("plain", f"{text.format('+254700')}; {text.format('+44207')}") == [6_000_000, 30_000_000]


def test_allowances_are_used_up_one_example_after_the_other_and_only_in_their_window():
    text = "voice 6 min to home at 2024-05-06T23:00"
    found = amounts("plain", f"{text}; {text}; voice 1 min to home at 2024-05-06T12:00", ["minutes"])
    assert found == [0, 6_000_000, 6_000_000]


def test_a_bundle_sells_at_the_prices_of_its_parts():
    found = priced(catalogue(), "family", read_usage("data 1 MB at 2024-05-06T12:00", catalogue()))
    assert (found[0].offering_id, found[0].amount_micros) == ("plain", 4_000_000)


def test_what_nothing_prices_is_told():
    found = priced(catalogue(), "plain", read_usage("sms 3 to home at 2024-05-06T12:00", catalogue()))
    assert (found[0].amount_micros, found[0].reason, found[0].lines) == (0, "no_price", ())
    before = priced(catalogue(), "plain", read_usage("data 1 MB at 2019-12-31T23:59", catalogue()))
    assert before[0].reason == "no_price"


def test_the_most_that_a_session_costs_and_its_connection_fee():
    text = TEXT.replace("price: 30, pulse: 1 min", "price: 30, pulse: 1 min, connection_fee: 2, most: 100")
    of = read_catalogue(text, "")
    found = priced(of, "plain", read_usage("voice 5 min to abroad at 2024-05-06T12:00", of))
    assert explained(found) == [
        ("usage", "always", 5, "30 per min", "150000000"),
        ("connection fee", "", 0, "", "2000000"),
        ("at most", "100", 0, "", "-50000000"),
    ]
    assert found[0].amount_micros == 102_000_000


def test_prices_by_quantity_look_back_over_the_month_and_no_further():
    graduated = "by_quantity: {model: graduated, tiers: [{up_to: 10, unit_price: 5}, {unit_price: 1}]}"
    of = read_catalogue(TEXT.replace("price: 4, pulse: 100 KB", graduated), "")
    text = "data 8 MB at 2024-05-06T12:00; data 8 MB at 2024-05-07T12:00; data 8 MB at 2024-06-01T12:00"
    assert amounts("plain", text, of=of) == [40_000_000, 16_000_000, 40_000_000]


def test_discounts_and_promotions_are_taken_off_one_after_the_other_while_they_run():
    promotion = ("  - {id: summer, title: {en: Summer}, percent: 50, on: [data], valid_from: 2024-06-01, valid_until: 2024-07-01}\n"
                 "  - {id: gift, title: {en: Gift}, amount: 1, on: [data], offerings: [plain]}\n")  # fmt: skip
    of = read_catalogue(TEXT.replace("offerings:\n  - id: plain", f"{promotion}offerings:\n  - id: plain"), "")
    found = priced(of, "plain", read_usage("data 1 MB at 2024-06-30T23:59; data 1 MB at 2024-07-01T00:00", of))
    assert [each.amount_micros for each in found] == [1_000_000, 3_000_000]
    assert explained(found)[1:3] == [("discount", "summer", 0, "", "-2000000"), ("discount", "gift", 0, "", "-1000000")]


def test_tax_is_added_to_exclusive_prices_and_found_in_inclusive_ones():
    found = priced(A, "payg", read_usage("sms 10 to on_net at 2024-05-06T12:00", A))[0]
    assert (found.taxed.net_micros, found.taxed.taxes) == (12_000_000, {"VAT": 1_920_000})
    found = priced(B, "data-payg", read_usage("data 1.5 MB at 2024-05-06T12:00", B))[0]
    # 423 = net × 1.17 × 1.18: excise duty 52.0861, VAT 64.5254, the net amount takes what rounding leaves
    assert (found.taxed.net_micros, found.taxed.taxes) == (306_380_000, {"excise duty": 52_090_000, "VAT": 64_530_000})


@pytest.mark.parametrize(
    ("bought", "text", "amount"),
    [
        ("data-day-70mb", "data 70 MB at 2024-05-06T12:00", 0),
        ("data-day-70mb", "data 70.1 MB at 2024-05-06T12:00", 42_300_000),  # one pulse of 150 KB at 282 a MB
        ("data-night-4gb", "data 4 GB at 2024-05-06T00:00", 0),
        ("data-night-4gb", "data 1 MB at 2024-05-06T05:00", 7 * 42_300_000),
    ],
)
def test_bundles_and_what_is_out_of_bundle(bought, text, amount):
    assert amounts("data-payg", text, [bought], B) == [amount]


usages = st.lists(
    st.tuples(
        st.sampled_from(["voice", "sms", "data"]), st.sampled_from(["on_net", "off_net", "international"]),
        st.integers(0, 31 * 24 * 3600 - 1), st.integers(1, 10**7) | st.sampled_from([24_000_000, 5 * 10**9, 5 * 10**9 + 1]),
    ).filter(lambda row: row[0] != "voice" or row[2] * 1000 + row[3] <= 31 * 24 * 3_600_000),
    min_size=1, max_size=40,
)  # fmt: skip


@settings(max_examples=40)
@given(st.sampled_from(["payg", "postpay-s", "postpay-m", "postpay-l"]), usages)
def test_a_rating_run_charges_what_the_examples_say(offering, rows):
    """Within one month: examples begin with full allowances once."""
    rows = sorted(((name, "on_net" if name == "data" else zone, at_s, quantity) for name, zone, at_s, quantity in rows), key=lambda row: row[2])
    begin = datetime(2024, 5, 1)  # noqa: DTZ001
    usage = shop.usage(*(
        (n, "line", name, f"{begin + timedelta(seconds=at_s)}", quantity, zone) for n, (name, zone, at_s, quantity) in enumerate(rows)
    ))  # fmt: skip
    guided = usage.with_columns(pl.lit("acc-line").alias("account_id"), pl.lit(offering).alias("offering_id"))
    rated = shop.rating(guided, shop.accounts("line", offering=offering), of=A).rated.sort("usage_id")["amount_micros"].to_list()
    examples = [UsageExample("", name, quantity, at_ms, zone) for (name, zone, _, quantity), at_ms in zip(rows, usage["started_ms"], strict=True)]
    found = priced(A, offering, examples)
    assert [each.amount_micros for each in found] == rated
    assert all(sum(line.exact for line in each.lines) == each.amount_micros for each in found)
