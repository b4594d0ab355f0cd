"""``ossbss rate``: who pays for which line at which time, and what nobody pays or nothing prices."""

import polars as pl
import pytest

from tests.bss.revenue.batches import CATALOGUE, Call, cost, written
from tests.bss.revenue.rate_command import ACCOUNTS, arguments, assert_reconciled, rate, refused, tables


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_accounts_pay_for_their_lines_at_their_time(here, capsys, form):
    (here / "a.csv").write_text(ACCOUNTS)
    if form == "parquet":
        pl.read_csv(here / "a.csv", infer_schema=False).write_parquet(here / "a.parquet")
    calls = [Call("1", seconds=90), Call("2", "bob", 80, -3600), Call("3", "bob", 70, 0), Call("4", "eve")]
    (here / "u.csv").write_bytes(written(calls, "csv"))
    told = rate(capsys, "u.csv", accounts=f"a.{form}")
    assert told["counts"] == {"rated": 3, "suspended": 1}
    found = assert_reconciled(told)
    paid = dict(found["rated"].group_by("account_id").agg(pl.col("amount_micros").sum()).iter_rows())
    assert paid == {"home": cost(90, 80), "work": cost(70)}
    assert found["unrated"]["reason"].to_list() == ["no account for this line at this time"]


def test_all_mistakes_of_accounts_are_told_with_their_lines(here, capsys):
    (here / "a.csv").write_text(
        "subscriber_id,account_id,offering_id,valid_from\nann,,talk,2020-01-01\nbob,B,tolk,yesterday\n"
    )
    (here / "u.csv").write_bytes(written([Call("1")], "csv"))
    told = refused(capsys, arguments("u.csv", accounts="a.csv"))
    for words in (
        "line 2: account_id",
        "line 3: offering_id",
        "did you mean 'talk'",
        "line 3: valid_from: 'yesterday'",
    ):
        assert words in told
    (here / "b.csv").write_text("subscriber_id,acount_id,offering_id,valid_from\n")
    assert "did you mean 'acount_id'" in refused(capsys, arguments("u.csv", accounts="b.csv"))
    (here / "c.csv").write_text(ACCOUNTS + "ann,other,talk,2021-01-01,\n")
    assert "two accounts at one time: ann" in refused(capsys, arguments("u.csv", accounts="c.csv"))
    assert not (here / "out").exists()


def test_without_accounts_the_base_offering_must_be_the_only_one(here, capsys):
    (here / "u.csv").write_bytes(written([Call("1")], "csv"))
    told = refused(capsys, arguments("u.csv", catalogue="shillings-a"))
    assert "payg, postpay-s, postpay-m, postpay-l" in told


def test_what_nothing_prices_is_suspended_and_not_lost(here, capsys):
    (here / "u.csv").write_bytes(written([Call("1", kind="sms", seconds=1), Call("2", seconds=61)], "csv"))
    told = rate(capsys, "u.csv")
    found = assert_reconciled(told)
    assert found["unrated"].select("state", "reason").rows() == [
        ("suspended", "talk has no price for sms to on_net at this time")
    ]
    assert told["amount_micros"] == cost(61)


def test_a_price_for_the_rest_of_the_world_holds_where_no_zone_does(here, capsys):
    calls = [Call("1", called="+1999", seconds=70), Call("2", "bob", 70)]
    (here / "u.csv").write_bytes(written(calls, "csv"))
    assert rate(capsys, "u.csv", out="strict")["counts"] == {"rated": 1, "suspended": 1}
    (here / "c.yaml").write_text(CATALOGUE.replace("zones: [on_net, off_net], price", "price"))
    told = rate(capsys, "u.csv")
    assert told["amount_micros"] == cost(70, 70)
    assert tables()["rated"]["zone"].to_list() == ["elsewhere", "on_net"]
