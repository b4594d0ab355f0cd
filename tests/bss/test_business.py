"""The BSS behind its door: every rated record on exactly one bill, whatever becomes of contracts and months."""

import polars as pl
import pytest

from ossbss.bss.business import Business
from ossbss.bss.policy import BusinessPolicy
from ossbss.contract.assurance import Contact
from ossbss.contract.charging import UsageBatch
from ossbss.contract.units import HOUR_MS
from tests.bss import shop

AMOUNT = pl.col("amount_micros")
START, FIRST_OF_JUNE = "2024-05-28 00:00", "2024-06-01 00:00"


def business(accounts):
    return Business(shop.catalogue(), accounts, BusinessPolicy(), shop.at(START))


def play(bss, records, until="2024-06-05 00:00"):
    """Hour by hour; each record is collected in the hour after it started."""
    usage = shop.usage(*records)
    now_ms = shop.at(START)
    while now_ms <= shop.at(until):
        fresh = usage.filter(pl.col("started_ms").is_between(now_ms - HOUR_MS, now_ms, closed="left"))
        batch = fresh.with_columns(pl.lit(now_ms, dtype=pl.Int64).alias("known_ms"))
        message = UsageBatch(sender="oss", message_id=str(now_ms), occurred_ms=now_ms, usage=batch)
        bss.step(now_ms, [message] if batch.height else [])
        now_ms += HOUR_MS
    bss.close_cycle_early(shop.at(until))
    return bss.tables()


def reconciles(tables):
    lines, postings = tables["invoice_lines"], tables["postings"]
    of = dict(lines.group_by("kind").agg(AMOUNT.sum()).iter_rows())
    balance = dict(postings.group_by("account").agg(AMOUNT.sum()).iter_rows())
    assert of.get("usage", 0) == tables["rated"]["amount_micros"].sum()
    assert balance.get("unbilled_receivables", 0) == 0
    assert balance["receivables"] == tables["invoices"]["total_micros"].sum()
    return lines


def test_usage_of_two_months_stands_on_two_bills():
    tables = play(business(shop.accounts("a")), [
        (1, "a", "voice", "2024-05-31 12:00", 660_000),  # 11 minutes, 10 free, 6 KES
        (2, "a", "voice", "2024-06-01 12:00", 60_000),  # June's version has no allowance: 6 KES
    ])  # fmt: skip
    usage = reconciles(tables).filter(pl.col("kind") == "usage")
    assert usage.select("invoice_id", "amount_micros").rows() == [
        ("invoice-0000001", 6_000_000), ("invoice-0000002", 6_000_000)]  # fmt: skip


def test_two_lines_of_one_account_pay_their_usage_once():
    accounts = shop.accounts("a", "b").with_columns(pl.lit("acc").alias("account_id"))
    tables = play(business(accounts), [(1, "a", "sms", "2024-05-29 12:00", 1, "international")])
    assert tables["invoices"].height == 4  # two lines, two cycles
    assert reconciles(tables).filter(pl.col("kind") == "usage")["amount_micros"].to_list() == [10_000_000]


@pytest.mark.parametrize("ends", ["2024-05-30 00:00", FIRST_OF_JUNE])
def test_who_leaves_gets_a_last_bill_with_what_is_still_due(ends):
    """The record is found only after the month was closed."""
    accounts = shop.accounts("a").with_columns(pl.lit(shop.at(ends), dtype=pl.Int64).alias("valid_until_ms"))
    bss = business(accounts)
    late = shop.usage((1, "a", "voice", "2024-05-29 12:00", 660_000)).with_columns(
        pl.lit(shop.at("2024-06-02 00:00"), dtype=pl.Int64).alias("known_ms")
    )
    play(bss, [], until="2024-06-01 12:00")
    now_ms = shop.at("2024-06-02 00:00")
    bss.step(now_ms, [UsageBatch(sender="oss", message_id="late", occurred_ms=now_ms, usage=late)])
    bss.close_cycle_early(shop.at("2024-06-03 00:00"))
    lines = reconciles(bss.tables())
    assert lines.filter(pl.col("kind") == "usage")["amount_micros"].to_list() == [6_000_000]


@pytest.mark.parametrize("hours", [0, 1, 5])
def test_a_run_that_ends_soon_after_a_month_closes_that_month_and_bills_the_rest(hours):
    """The regular closing waits for late files; the end of the run does not."""
    until = f"2024-06-01 0{hours}:00"
    tables = play(business(shop.accounts("a")), [(1, "a", "voice", "2024-05-31 12:00", 660_000)], until=until)
    lines = reconciles(tables)
    assert lines.filter(pl.col("kind") == "usage")["amount_micros"].to_list() == [6_000_000]
    fees = [400_000_000, 200_000_000 * hours // 24][: 2 if hours else 1]  # 4 of 31 days of 3100, hours of 6000 / 30
    assert [round(fee, -3) for fee in lines.filter(pl.col("kind") == "recurring")["amount_micros"]] == [
        round(fee, -3) for fee in fees
    ]


def test_the_same_stub_is_billed_once():
    bss = business(shop.accounts("a"))
    until = "2024-05-30 00:00"
    play(bss, [], until=until)
    bss.close_cycle_early(shop.at(until))
    bss.close_cycle_early(shop.at("2024-05-31 00:00"))
    fees = bss.tables()["invoice_lines"].filter(pl.col("kind") == "recurring")["amount_micros"].to_list()
    assert fees == [200_000_000, 100_000_000]


def test_collected_is_rated_plus_unrated_whatever_the_records_say():
    """Both bad records stood in the way of everybody's rating."""
    bss = business(pl.concat([shop.accounts("a"), shop.accounts("old", since="2019-01-01 00:00")]))
    usage = shop.usage((1, "a", "data", "2024-05-28 12:00", 2**62), (2, "old", "sms", "2019-05-28 12:00", 1),
                       (3, "a", "sms", "2024-05-28 12:00", 1, "international"))  # fmt: skip
    now_ms = shop.at("2024-05-28 13:00")
    batch = UsageBatch(
        sender="oss", message_id="1", occurred_ms=now_ms, usage=usage.with_columns(pl.lit(now_ms).alias("known_ms"))
    )
    bss.step(now_ms, [batch])
    bss.close_cycle_early(shop.at("2024-05-29 00:00"))
    tables = bss.tables()
    reconciles(tables)
    assert tables["rated"]["usage_id"].to_list() == [3]
    assert dict(tables["unrated"].select("usage_id", "state").iter_rows()) == {1: "rejected", 2: "suspended"}


def test_contracts_that_cannot_be_billed_are_all_named_at_the_door():
    until = pl.lit(shop.at("2024-05-01 00:00"), dtype=pl.Int64).alias("valid_until_ms")
    wrong = [
        shop.accounts("b", offering="gone"),
        shop.accounts("c").with_columns(until),
        shop.accounts("d"),
        shop.accounts("d", since="2024-05-02 00:00"),
        shop.accounts("e").with_columns(pl.lit(None, dtype=pl.String).alias("account_id")),
    ]
    with pytest.raises(ValueError) as told:  # noqa: PT011 - the text is what is tested
        business(pl.concat(wrong))
    assert str(told.value) == (
        "accounts: account_id is missing in 1 rows; contracts that end before they begin: c; "
        "lines with two accounts at one time: d; no offering 'gone' in test, which 1 contracts have"
    )


def test_a_contract_may_be_older_than_its_price_list_but_not_younger_than_the_office():
    old = shop.accounts("a", since="2019-01-01 00:00")
    assert business(old).accounts.equals(old)
    with pytest.raises(ValueError, match="'plan' is sold from"):
        Business(shop.catalogue(), old, BusinessPolicy(), shop.at("2019-06-01 00:00"))


def moved(hand_over, *order):
    """Line a, which moves from svc-a to svc-new, as rows in either order."""
    before = shop.accounts("a").with_columns(pl.lit(shop.at(hand_over), dtype=pl.Int64).alias("valid_until_ms"))
    after = shop.accounts("a", since=hand_over).with_columns(pl.lit("svc-new").alias("service_id"))
    return pl.concat([(before, after)[place] for place in order])


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_complaint_is_about_the_service_that_the_line_hangs_on_now(order):
    bss = business(moved("2024-05-28 12:00", *order))
    for hour in ("11:00", "12:00"):
        now_ms = shop.at(f"2024-05-28 {hour}")
        contact = Contact(
            sender="world", message_id=hour, occurred_ms=now_ms, subscriber_id="a", complaint="no_service"
        )
        bss.step(now_ms, [contact])
    assert [ticket.service_id for ticket in bss.tickets.values()] == ["svc-a", "svc-new"]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_an_emergency_call_counts_where_it_began(order):
    bss = business(moved("2024-05-28 12:00", *order))
    play(bss, [(1, "a", "emergency", "2024-05-28 11:59", 60_000), (2, "a", "emergency", "2024-05-28 12:00", 60_000),
               (3, "a", "emergency", "2024-05-28 12:01", 60_000)], until="2024-05-28 14:00")  # fmt: skip
    assert bss.emergency_calls == {"svc-a": 1, "svc-new": 2}


def test_guidance_is_sent_once_and_again_only_where_it_changed():
    bss = Business(shop.catalogue(), shop.accounts("a", "b"), BusinessPolicy(), shop.at(START))
    first = bss.step(shop.at(START), []).messages
    assert {m.service_id: m.weight for m in first} == {"svc-a": 500_000, "svc-b": 500_000}
    assert bss.step(shop.at("2024-05-29 00:00"), []).messages == []
