"""Prepaid days of a small town: whatever fails, charging itself too, the laws of money hold; and runs that differ in
policy alone share their luck."""

import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sim.testbed.report.wallets import fates
from sim.testbed.shipped import shipped
from tests.loop import laws
from tests.loop.days import timelines
from tests.town import play

OCS = {"file": "town-charging.json"}
BUSINESS = {"prepaid": {"advance": {"amounts": [10, 20], "fee_milli": 100}}}
OUTAGE = [{"at": "10 h", "do": "fail_node", "target": "ocs-1", "repair": "3 h"}]
ENDS = st.sampled_from(["forever", "2 h"])
"""of bonuses"""
WAYS = st.sampled_from(["fail_open", "fail_closed"])


def people(lines=60, **habits):
    bundles = {"combo-day": 1, "sms-day-20": 1}
    return {
        "subscribers": lines,
        "offerings": {"payg": 9, "postpay-s": 1},
        "prepaid": {"offerings": ["payg"], "habits": {"bundles": bundles, "bundles_per_day": 1.0, **habits}},
    }


def played(folder, timeline, way="fail_closed", **more):
    world = {"charging": {"node": "ocs-1", "on_unreachable": way}, "usage_files": {"doubled_milli": 100, "corrupted_milli": 20}}
    given = {"population": people(), "business": BUSINESS, "lasts": "16 h", **more}
    return play(folder, timeline, network=OCS, world=world, **given)


def list_with_bonuses(folder, ends):
    """shillings-a, where the bonus of every top-up ends so long after it."""
    text, file = shipped("catalogues")["shillings-a"].read_text("utf-8"), Path(folder) / "list.yaml"
    file.write_text(text.replace("valid: forever", f"valid: {ends}"), "utf-8")
    return {"catalogue": str(file)}


def check(seed, timeline, way, ends):
    with tempfile.TemporaryDirectory() as folder:
        laws.check_all(played(Path(folder), [*OUTAGE, *timeline], way, seed=seed, **list_with_bonuses(folder, ends)))


@settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6), timelines(2), WAYS, ENDS)
def test_the_laws_hold_for_random_prepaid_days(seed, timeline, way, ends):
    check(seed, timeline, way, ends)


@pytest.mark.slow
@settings(max_examples=80, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6), timelines(4), WAYS, ENDS)
def test_the_laws_hold_for_many_random_prepaid_days(seed, timeline, way, ends):
    check(seed, timeline, way, ends)


@pytest.mark.parametrize("ends", ["forever", "2 h"])
def test_every_top_up_brings_half_as_much_again_and_what_lapses_is_no_liability_any_more(tmp_path, ends):
    run = played(tmp_path, [], **list_with_bonuses(tmp_path, ends))
    laws.check_all(run)
    given, lapsed = laws.bonuses(run)
    assert given * 2 == run.kpis["topped_up"] > 0
    assert (lapsed > 0) == (ends != "forever")
    journal = run.table("journal").filter(kind="usage.charged")["body"].str.json_path_match("$.bonus_micros")
    assert journal.cast(pl.Int64).sum() == given - lapsed


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    return {way: played(tmp_path_factory.mktemp(way), OUTAGE, way, drawn=True) for way in ("fail_open", "fail_closed")}


def test_closed_blocks_and_leaks_nothing_open_serves_and_leaks(both):
    opened, closed = both["fail_open"].kpis, both["fail_closed"].kpis
    assert (opened["blocked"], opened["revenue_lost"]) == (0, 0)
    assert opened["revenue_leaked"] > 0
    assert (closed["blocked"] > 0, closed["revenue_lost"] > 0) == (True, True)


def test_until_charging_fails_both_days_are_the_same_and_what_people_want_always_is(both):
    attempts = [run.table("attempts").sort("intent_id") for run in both.values()]
    wishes = [frame.select("intent_id", "subscriber_id", "class", "started_ms", "requested") for frame in attempts]
    assert wishes[0].equals(wishes[1])
    fails_ms = both["fail_open"].view.truth("fault")["at_ms"].item()
    early = [frame.filter(pl.col("ended_ms") < fails_ms) for frame in attempts]
    assert early[0].height > 100
    assert early[0].equals(early[1])


def test_what_the_bss_says_it_lost_is_charged_to_nobody(both):
    """Leaked units are told record by record; wallets pay what they had."""
    charges = both["fail_open"].table("charges")
    late = charges.filter("is_late")
    assert late["leaked"].sum() > 0
    assert late.filter((pl.col("leaked") > 0) & (pl.col("granted") + pl.col("leaked") != pl.col("quantity"))).is_empty()
    assert both["fail_closed"].table("charges").filter("is_late").is_empty()


def test_the_picture_counts_every_wish_of_those_who_pay_ahead_once(both):
    run = both["fail_closed"]
    prepaid = run.table("accounts").filter(pl.col("payment") == "prepaid")["subscriber_id"]
    attempts = run.table("attempts").filter(pl.col("subscriber_id").is_in(prepaid.implode()) & (pl.col("class") != "emergency"))
    of = dict(attempts.group_by("outcome").len().iter_rows())
    told = dict(fates(run.view).group_by("fate").agg(pl.col("attempts").sum()).iter_rows())
    assert (told["refused, no credit"], told["blocked, network or charging away"]) == (of["refused"], of["blocked"])
    assert told["cut off, no credit left"] == run.kpis["cut_off"]
    assert sum(told.values()) == attempts.height - of["busy"] - of["unanswered"]
    assert "Prepaid wallets" in (run.folder / "report.html").read_text(encoding="utf-8")


def test_prepaid_lines_get_no_bill_and_everybody_else_does(both):
    run = both["fail_closed"]
    accounts = run.table("accounts")
    postpaid = accounts.filter(pl.col("payment") == "postpaid")["account_id"]
    assert sorted(set(run.table("invoices")["account_id"])) == sorted(postpaid)
    assert set(run.table("wallets")["wallet_id"]) == set(accounts["account_id"]) - set(postpaid)


def test_who_has_plenty_is_never_refused_and_who_has_nothing_always_is(tmp_path):
    never = {"low_tops_up_milli": 0, "dry_tops_up_milli": 0, "dry_borrows_milli": 0}
    for folder in ("rich", "poor"):
        (tmp_path / folder).mkdir()
    rich = played(tmp_path / "rich", [], population=people(40, opening={1_000_000: 1}, **never))
    assert rich.kpis["refused"] == rich.kpis["cut_off"] == 0
    poor = played(tmp_path / "poor", [], population=people(40, opening={1: 1}, **never))
    prepaid = poor.table("accounts").filter(pl.col("payment") == "prepaid")["subscriber_id"]
    mine = poor.table("attempts").filter(pl.col("subscriber_id").is_in(prepaid.implode()))
    paid = poor.table("charges").filter(pl.col("kind").is_in(["usage", "session_end", "purchase"]))["amount_micros"].sum()
    assert paid <= prepaid.len() * 1_500_000, "the shilling of the beginning brought half as much again"
    assert mine.filter(pl.col("outcome") == "refused").height > mine.height // 3
    assert mine.filter((pl.col("class") == "emergency") & (pl.col("outcome") == "refused")).is_empty()
