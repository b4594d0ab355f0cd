"""What a catalogue says of bills: discounts and promotions, taxes on taxes with dates, prices that hold their tax."""

import pytest

from ossbss.bss.product.catalogue import read_catalogue
from ossbss.bss.revenue import ledger
from ossbss.bss.revenue.billing.invoice import Contract, make_invoice
from ossbss.bss.revenue.cycles import cycle_at
from ossbss.bss.tables import invoice_lines
from tests.bss import shop

EXCISE = """taxes:
  - {name: excise, rate_milli: 150}
  - {name: excise, rate_milli: 200, valid_from: 2024-05-31}
  - {name: VAT, rate_milli: 160, on_top_of: [excise]}
"""
PROMOTION = """promotions:
  - {id: may, title: {en: May}, percent: 10, on: [recurring, voice], valid_from: 2024-05-01, valid_until: 2024-06-01}
  - {id: welcome, title: {en: Welcome}, amount: 100, on: [recurring], cycles: 2}
"""


def catalogue(*pairs):
    text = shop.TEXT
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return read_catalogue(text, "test")


def bill(of, month="2024-05-15 12:00", since="2024-04-10 00:00", usage=None):
    cycle = cycle_at(shop.at(month), of.zone)
    contract = Contract("acc-a", "a", "plan", "svc-a", shop.at(since), None)
    made = make_invoice("invoice-1", contract, cycle, cycle, usage or {}, (), of)
    booked = ledger.post(ledger.of_invoices(invoice_lines([made])), 1, 0)
    assert booked["amount_micros"].sum() == 0
    return [(line.kind, line.amount_micros / 10**6, line.text) for line in made.lines[1:]], made.total_micros / 10**6


def test_excise_then_vat_on_the_amount_with_excise_by_the_rate_at_the_end_of_the_month():
    """3100 + 20 % excise 620 = 3720, of which 16 % VAT are 595.20; until 30 May it would have been 15 %."""
    lines, total = bill(catalogue(("taxes: [{name: VAT, rate_milli: 160}]\n", EXCISE)))
    assert lines == [("tax", 620, "excise 20 %"), ("tax", 595.2, "VAT 16 %")]
    assert total == 4315.2
    lines, _ = bill(catalogue(("taxes: [{name: VAT, rate_milli: 160}]\n", EXCISE)), month="2024-04-15 12:00", since="2024-04-01 00:00")
    assert lines == [("tax", 465, "excise 15 %"), ("tax", 570.4, "VAT 16 %")]


def test_prices_that_hold_their_tax_are_what_is_paid():
    """3100 is 116 %: 2672.41 net and 427.59 VAT."""
    lines, total = bill(catalogue(("tariffs:", "tax: inclusive\ntariffs:")))
    assert lines == [("included_tax", -427.59, "Tax that these prices hold"), ("tax", 427.59, "VAT 16 %")]
    assert total == 3100


def test_promotions_are_taken_off_one_after_the_other_as_long_as_they_run():
    """May, the second bill: 3100 − 10 % = 2790 − 100; voice 50 − 10 %; then VAT on 2690 + 45 + 7."""
    promoted = catalogue(("tariffs:", f"{PROMOTION}tariffs:"))
    lines, total = bill(promoted, usage={"voice": 50_000_000, "sms": 7_000_000})
    assert lines[2:] == [
        ("discount", -310, "Discount: may"), ("discount", -100, "Discount: welcome"), ("discount", -5, "Discount: may"),
        ("tax", 438.72, "VAT 16 %"),
    ]  # fmt: skip
    assert total == 3180.72


@pytest.mark.parametrize(
    ("since", "taken"),
    [("2024-04-10 00:00", 100), ("2024-03-31 23:59", None), ("2024-05-31 23:00", round(3100 / 744 * 0.9, 6))],
)
def test_a_discount_for_so_many_cycles_is_on_the_first_bills_only_and_never_more_than_the_charge(since, taken):
    """An hour of the 744 of May costs 4.17; May's promotion takes a tenth, and this one no more than what that left."""
    lines, _ = bill(catalogue(("tariffs:", f"{PROMOTION}tariffs:")), since=since)
    assert [-amount for _, amount, text in lines if text == "Discount: welcome"] == ([taken] if taken else [])


def test_a_discount_of_the_offering_itself():
    own = catalogue(("        usage: standard\n        sla", "        usage: standard\n        discounts: [{id: loyal, percent: 50, on: [sms]}]\n        sla"))
    lines, _ = bill(own, usage={"sms": 10_000_000, "voice": 2_000_000})
    assert [row for row in lines if row[0] == "discount"] == [("discount", -5, "Discount: loyal")]
