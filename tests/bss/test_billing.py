"""Invoices by hand: stub, allowance, credit with its cap, tax, rounding; the books behind them."""

from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossbss.bss.product.sla_terms import SlaTerms
from ossbss.bss.revenue import ledger, sla
from ossbss.bss.revenue.billing.invoice import Contract, make_invoice
from ossbss.bss.revenue.billing.invoice_html import invoice_html
from ossbss.bss.revenue.cycles import Period, cycle_at
from ossbss.bss.tables import invoice_lines
from ossbss.contract.units import HOUR_MS, MINUTE_MS
from tests.bss import shop

CATALOGUE = shop.catalogue()
MAY = cycle_at(shop.at("2024-05-15 12:00"), CATALOGUE.zone)
TERMS = SlaTerms(min_outage="15 min", fee_multiple=3, cap_milli=1000, repair_within="24 h")


def period(start, end):
    return Period(shop.at(start), shop.at(end))


def invoice(billed=MAY, usage=None, outages=(), since="2024-05-01 00:00"):
    contract = Contract("acc-a", "a", "plan", "svc-a", shop.at(since), None)
    return make_invoice("invoice-1", contract, billed, MAY, usage or {}, outages, CATALOGUE)


def amounts(made):
    return {line.kind: line.amount_micros / 10**6 for line in made.lines}


def test_a_cycle_is_a_local_month_half_open():
    assert period("2024-05-01 00:00", "2024-06-01 00:00") == MAY
    assert cycle_at(MAY.end_ms, CATALOGUE.zone).start_ms == MAY.end_ms


def test_a_whole_month_costs_the_fee_and_its_tax():
    assert amounts(invoice()) == {"recurring": 3100, "tax": 496}


def test_a_stub_of_three_days_costs_three_thirty_firsts():
    made = invoice(period("2024-05-06 00:00", "2024-05-09 00:00"), since="2024-05-06 00:00")
    assert amounts(made) == {"recurring": 300, "tax": 48}


def test_an_outage_of_a_day_gives_three_days_fee_back_before_tax():
    made = invoice(outages=[period("2024-05-07 00:00", "2024-05-08 00:00")])
    assert amounts(made) == {"recurring": 3100, "credit": -300, "tax": 448}


def test_the_credit_is_never_more_than_the_fee_it_stands_beside():
    stub = period("2024-05-06 00:00", "2024-05-09 00:00")
    made = invoice(stub, outages=[period("2024-05-06 00:00", "2024-05-08 12:00")], since="2024-05-06 00:00")
    assert amounts(made) == {"recurring": 300, "credit": -300, "tax": 0}


def test_usage_tax_and_the_residue_of_rounding_stand_apart():
    made = invoice(usage={"voice": 1_234_567, "data": 0})
    found = amounts(made)
    assert found["usage"] == 1.234567
    assert found["tax"] == 496.2
    assert made.total_micros == 3_597_430_000
    assert found["rounding"] == pytest.approx(-0.004567)


def test_outages_that_are_too_short_count_nothing_even_when_they_are_many():
    short = [Period(MAY.start_ms + n * HOUR_MS, MAY.start_ms + n * HOUR_MS + 14 * MINUTE_MS) for n in range(9)]
    assert sla.credited_ms(short, MAY, TERMS) == 0


spans = st.lists(st.tuples(st.integers(0, 600), st.integers(1, 120)), max_size=8)


@given(spans)
def test_overlapping_outages_are_counted_once(drawn):
    """The oracle marks minutes."""
    outages = [Period(MAY.start_ms + a * MINUTE_MS, MAY.start_ms + (a + n) * MINUTE_MS) for a, n in drawn]
    down = sorted({minute for a, n in drawn for minute in range(a, a + n)})
    runs = {}
    for place, minute in enumerate(down):
        runs.setdefault(minute - place, []).append(minute)
    expected = sum(len(run) for run in runs.values() if len(run) >= 15) * MINUTE_MS
    assert sla.credited_ms(outages, MAY, TERMS) == expected


amount = st.integers(0, 10**9)


@given(st.dictionaries(st.sampled_from(["voice", "sms", "data"]), amount), spans)
def test_every_invoice_is_booked_and_its_parts_are_its_total(usage, drawn):
    outages = [Period(MAY.start_ms + a * HOUR_MS, MAY.start_ms + (a + n) * HOUR_MS) for a, n in drawn]
    made = invoice(usage=usage, outages=outages)
    assert made.total_micros % 10_000 == 0
    booked = ledger.post(ledger.of_invoices(invoice_lines([made])), 1, 0)
    balance = dict(booked.group_by("account").agg(pl.col("amount_micros").sum()).iter_rows())
    assert balance.get("receivables", 0) == made.total_micros
    assert balance.get("unbilled_receivables", 0) == -sum(usage.values())
    net = 3_100_000_000 + sum(usage.values()) - balance.get("revenue:sla_credits", 0)
    assert abs(Fraction(-balance.get("tax_payable", 0)) - Fraction(16 * net, 100)) <= 5_000


def test_postings_that_do_not_balance_are_refused_by_name():
    rows = pl.DataFrame({"account": ["a"], "party": ["p"], "amount_micros": [1], "cause": ["invoice-9"]})
    with pytest.raises(ledger.UnbalancedPostingsError, match="invoice-9"):
        ledger.post(rows, 1, 0)


def test_the_printed_invoice_escapes_what_it_prints():
    made = invoice(outages=[period("2024-05-07 00:00", "2024-05-08 00:00")])
    page = invoice_html(made, "<b>KES", CATALOGUE.zone)
    assert "&lt;b&gt;KES" in page
    assert "-300.00" in page
    assert "3,248.00" in page
    assert "24 h 0 min without service" in page
