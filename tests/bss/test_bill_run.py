"""Which contract gets which bill: several lines of an account, contracts that have ended, and what is still due."""

import polars as pl
import pytest

from ossbss.bss.customer.accounts import ACCOUNTS_SCHEMA
from ossbss.bss.product.trial import what_if
from ossbss.bss.revenue.billing.bill_run import bill_run, contracts_of
from ossbss.bss.revenue.cycles import Period, cycle_at
from ossbss.errors import BrokenInvariantError
from tests.bss import shop

CATALOGUE = shop.catalogue()
MAY = cycle_at(shop.at("2024-05-15 12:00"), CATALOGUE.zone)
JUNE = cycle_at(MAY.end_ms, CATALOGUE.zone)
USAGE = {"acc": {"voice": 6_000_000}}


def contracts(*rows):
    """Rows of (line, begin, end or None), all of one account."""
    table = [(line, "acc", f"svc-{line}", "plan", shop.at(begin), end and shop.at(end), "postpaid") for line, begin, end in rows]
    return contracts_of(pl.DataFrame(table, schema=ACCOUNTS_SCHEMA, orient="row"))


OLD = ("old", "2024-01-01 00:00", "2024-03-01 00:00")
GONE = ("gone", "2024-01-01 00:00", "2024-05-30 00:00")
NEW = ("a", "2024-04-01 00:00", None)


def made(terms, usage=None, outages=None, cycle=JUNE):
    """Line → kind → amount, in the order of the bills."""
    bills = bill_run(terms, cycle, cycle, usage or {}, outages or {}, CATALOGUE, 7)
    assert [bill.invoice_id for bill in bills] == [f"invoice-{7 + n:07d}" for n in range(len(bills))]
    return {bill.subscriber_id: {line.kind: line.amount_micros for line in bill.lines} for bill in bills}


@pytest.mark.parametrize("rows", [(OLD, NEW), (NEW, OLD)])
def test_usage_stands_on_the_bill_of_a_contract_that_runs_not_of_one_that_ended_long_ago(rows):
    found = made(contracts(*rows), USAGE)
    assert list(found) == ["a"]
    assert found["a"]["usage"] == 6_000_000


def test_bills_of_an_account_are_in_order_of_begin_and_line_and_the_first_has_the_usage():
    rows = [("c", "2024-05-01 00:00", None), ("b", "2024-05-01 00:00", None), NEW]
    found = made(contracts(*rows), USAGE, cycle=MAY)
    assert list(found) == ["a", "b", "c"]
    assert ["usage" in lines for lines in found.values()] == [True, False, False]


def test_what_nobody_takes_goes_to_the_latest_contract():
    found = made(contracts(OLD, GONE), USAGE)
    assert list(found) == ["gone"]
    assert found["gone"] == {"recurring": 0, "usage": 6_000_000, "tax": 960_000}
    assert made(contracts(OLD, GONE)) == {}


@pytest.mark.parametrize("others", [(), (NEW,)])
def test_an_outage_that_outlasts_the_contract_is_credited_as_in_its_last_cycle(others):
    """A day of May's fee of 3100 thrice, though June has neither this fee nor any such terms."""
    outage = Period(shop.at("2024-05-29 00:00"), shop.at("2024-06-02 00:00"))
    found = made(contracts(GONE, *others), outages={"svc-gone": [outage]})
    assert found["gone"] == {"recurring": 0, "credit": -300_000_000, "tax": -48_000_000}
    assert all("credit" not in found[line] for line, *_ in others)


def test_an_outage_after_the_end_or_too_short_makes_no_bill():
    late = Period(shop.at("2024-05-30 00:00"), shop.at("2024-06-02 00:00"))
    short = Period(shop.at("2024-05-29 23:50"), shop.at("2024-06-02 00:00"))
    assert made(contracts(GONE), outages={"svc-gone": [late]}) == {}
    assert made(contracts(GONE), outages={"svc-gone": [short]}) == {}


def test_usage_that_finds_no_bill_is_a_broken_invariant():
    with pytest.raises(BrokenInvariantError, match="stranger"):
        made(contracts(NEW), {"stranger": {"voice": 1}})


def test_a_dry_run_bills_as_the_real_one():
    rows = [("a", "2024-05-01 00:00", "2024-05-20 00:00"), ("a", "2024-05-20 00:00", None), ("b", *NEW[1:])]
    table = [(line, "acc", f"svc-{line}", "plan", shop.at(s), e and shop.at(e), "postpaid") for line, s, e in rows]
    accounts = pl.DataFrame(table, schema=ACCOUNTS_SCHEMA, orient="row")
    guided = what_if.guide(shop.usage((1, "b", "sms", "2024-05-25 12:00", 1, "international")), accounts, MAY).guided
    dry = what_if.bills(guided, accounts, CATALOGUE, MAY)
    real = bill_run(contracts_of(accounts), MAY, MAY, {"acc": {"sms": 10_000_000}}, {}, CATALOGUE)
    assert dry["total"].to_list() == [sum(bill.total_micros for bill in real)]
