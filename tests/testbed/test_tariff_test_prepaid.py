"""``ossbss tariff-test`` on runs with prepaid lines: what wallets paid in the run, and what they would have paid."""

import json

import polars as pl
import pytest

from ossbss.bss.product.trial.what_if import PARTS
from sim import Scenario, run
from sim.cli import main
from sim.testbed.shipped import shipped
from sim.testbed.tariff_test import tariff_test
from tests.town import play

OCS = {"file": "town-charging.json"}
PEOPLE = {
    "subscribers": 120,
    "offerings": {"payg": 9, "postpay-s": 1},
    "prepaid": {"offerings": ["payg"], "habits": {"bundles": {"combo-day": 1, "sms-day-20": 1}, "bundles_per_day": 2.0}},
}
FEES = {"combo-day": 20_000_000, "sms-day-20": 5_000_000}
LESS = "shillings-a-per-minute"


@pytest.fixture(scope="module")
def quiet(tmp_path_factory):
    """A day on which charging could always be asked."""
    world = {"charging": {"node": "ocs-1"}, "usage_files": {"doubled_milli": 100, "corrupted_milli": 0}}
    return play(tmp_path_factory.mktemp("quiet"), [], network=OCS, world=world, population=PEOPLE)


@pytest.fixture(scope="module")
def outage(tmp_path_factory):
    """The shipped day on which charging is away and the network serves all the same, with few people."""
    scenario = Scenario.load("charging-outage", variant="fail-open", overrides={"population.subscribers": 120})
    return run(scenario, tmp_path_factory.mktemp("outage") / "run")


def told(capsys, *arguments):
    assert main(["tariff-test", *map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def wallets(played):
    """account_id → what its wallet paid for usage in the run, and what the baseline says."""
    here = tariff_test(played.folder, [LESS]).bills.filter(pl.col("payment") == "prepaid")
    paid = played.table("charges").filter(pl.col("kind").is_in(["usage", "session_end", "session_timed_out"]))
    run = paid.group_by("account_id").agg(pl.col("amount_micros").sum().alias("run"))
    usage = here.select("account_id", pl.sum_horizontal("voice", "sms", "data").alias("here"))
    return usage.join(run, on="account_id", how="left").with_columns(pl.col("run").fill_null(0))


def who_bought_while_using(played):
    bought = played.view.purchases.select("subscriber_id", "account_id", "bought_ms")
    used = played.table("attempts").filter(pl.col("served") > 0).join(bought, on="subscriber_id")
    is_within = (pl.col("started_ms") < pl.col("bought_ms")) & (pl.col("bought_ms") < pl.col("ended_ms"))
    return set(used.filter(is_within)["account_id"])


def test_where_charging_is_always_asked_the_baseline_is_what_wallets_paid_to_the_micro_unit(quiet):
    """But for who bought a bundle while using something: that was charged as it began."""
    both = wallets(quiet)
    assert both.height > 90
    assert both["run"].sum() > 10**9
    assert quiet.view.purchases.height > 20
    assert set(both.filter(pl.col("here") != pl.col("run"))["account_id"]) <= who_bought_while_using(quiet)
    assert both.filter(pl.col("here") == pl.col("run")).height > 90


def test_the_run_s_bills_and_bundles_are_told_beside_its_wallets(quiet, capsys):
    found = told(capsys, quiet.folder, "--candidate", "shillings-a")
    assert found["accounts"] == 120
    assert found["prepaid_accounts"] == quiet.table("wallets").height > 90
    assert found["run_paid_micros"]["usage"] == wallets(quiet)["run"].sum()
    rated = quiet.table("rated").join(quiet.table("accounts"), on="account_id")
    assert found["run_rated_micros"] == rated.filter(pl.col("payment") == "postpaid")["amount_micros"].sum()
    sides = found["baseline"]["by_payment"]
    assert found["run_rated_micros"] == sides["postpaid"]["usage"]
    fees = sum(FEES[name] for name in quiet.view.purchases["offering_id"])
    assert found["run_paid_micros"]["bundles"] == sides["prepaid"]["bundles"] == fees > 0
    assert sides["prepaid"]["tax"] == sides["prepaid"]["recurring"] == sides["prepaid"]["rounding"] == 0
    assert sides["postpaid"]["bundles"] == 0 < sides["postpaid"]["tax"]
    assert set(found["candidates"][0]["difference_micros"].values()) == {0}
    assert set(found["candidates"][0]["difference_percentiles_micros"].values()) == {0}
    assert found["candidates"][0]["accounts"]["pay_the_same"] == 120


def test_what_was_served_unasked_is_in_the_baseline_and_was_not_paid(outage, capsys):
    found = told(capsys, outage.folder, "--candidate", "shillings-a")
    assert "wallets without end: nobody is refused who was served, and the same bundles are bought" in found["assumptions"]
    both, leaked = wallets(outage), outage.table("charges").filter(pl.col("leaked") > 0)
    assert found["baseline"]["by_payment"]["prepaid"]["usage"] == both["here"].sum() > found["run_paid_micros"]["usage"]
    assert leaked.height > 10
    buyers = set(outage.view.purchases["account_id"])
    more = both.filter(pl.col("here") != pl.col("run"), ~pl.col("account_id").is_in(list(buyers)))
    owed = leaked.filter(~pl.col("account_id").is_in(list(buyers))).group_by("account_id").agg(pl.col("leaked_micros").sum())
    by_account = dict(more.select("account_id", pl.col("here") - pl.col("run")).iter_rows())
    assert by_account == dict(owed.filter(pl.col("leaked_micros") != 0).iter_rows())


def test_exchanged_lists_give_the_opposite_difference_part_by_part(outage, capsys):
    (there,) = told(capsys, outage.folder, "--candidate", LESS)["candidates"]
    back = told(capsys, outage.folder, "--baseline", LESS, "--candidate", "shillings-a")
    assert back["run_paid_micros"] is back["run_rated_micros"] is None
    assert there["difference_micros"] == {n: -d for n, d in back["candidates"][0]["difference_micros"].items()}
    assert sum(there["difference_micros"][part] for part in PARTS) == there["difference_micros"]["total"] > 0


def test_table_folder_and_picture_tell_who_pays_how(outage, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    out = tmp_path / "out"
    assert main(["tariff-test", str(outage.folder), "--candidate", LESS, "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    for word in ("of them prepaid", "bundles", "total, billed and paid", "by wallets", "no tax is added",
                 "the baseline's usage that wallets pay is", "what they paid in the run"):  # fmt: skip
        assert word in printed
    rows = pl.read_parquet(out / "by_account.parquet")
    assert set(rows["payment"]) == {"postpaid", "prepaid"}
    ahead = rows.filter(pl.col("payment") == "prepaid")
    assert ahead.height == outage.table("wallets").height
    assert ahead["tax_difference_micros"].to_list() == [0] * ahead.height
    assert "wallets pay, without tax on top" in (out / "winners_losers.svg").read_text()


def test_a_list_without_bundles_that_were_bought_exits_2_and_names_each(quiet, tmp_path, capsys):
    own = tmp_path / "own.yaml"
    text = shipped("catalogues")["shillings-a"].read_text()
    own.write_text(text.replace("id: combo-day", "id: combo-dya").replace("id: sms-day-20\n", "id: sms-dya-20\n"))
    assert main(["tariff-test", str(quiet.folder), "--candidate", str(own)]) == 2
    printed = capsys.readouterr().err
    for word in ("no offering 'combo-day'", "did you mean 'combo-dya'?", "no offering 'sms-day-20'", "times that this bundle"):
        assert word in printed
