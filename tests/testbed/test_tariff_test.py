"""``ossbss tariff-test`` as people and scripts meet it, on a run of the town."""

import json

import polars as pl
import pytest

from ossbss.bss.product.trial.what_if import PARTS
from sim import Scenario
from sim.cli import main
from sim.testbed.shipped import shipped
from sim.testbed.tariff_test import tariff_test
from tests.town import play

CUT = [{"at": "2 h", "do": "cut_link", "target": "east-port"}]
MIXED = {"subscribers": 60, "offerings": {"payg": 1, "postpay-s": 1}}


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    return play(tmp_path_factory.mktemp("town"), CUT, population=MIXED)


def changed(folder, *pairs):
    """A price list of one's own: shillings-a with pieces replaced."""
    text = shipped("catalogues")["shillings-a"].read_text()
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    path = folder / "own.yaml"
    path.write_text(text)
    return str(path)


def told(capsys, *arguments):
    assert main(["tariff-test", *map(str, arguments), "--json"]) == 0
    printed = capsys.readouterr()
    assert printed.out.count("\n") == 1
    return json.loads(printed.out)


def test_the_baseline_rates_what_the_run_rated_and_bills_what_it_billed_but_for_credits(played):
    test = tariff_test(played.folder, ["shillings-a"])
    rated = played.table("rated").group_by("account_id").agg(pl.col("amount_micros").sum().alias("run"))
    usage = test.bills.select("account_id", pl.sum_horizontal("voice", "sms", "data").alias("here"))
    both = usage.join(rated, on="account_id", how="left").with_columns(pl.col("run").fill_null(0))
    assert both["here"].sum() > 0
    assert both["here"].equals(both["run"], check_names=False)
    lines = played.table("invoice_lines")
    credited = lines.filter(pl.col("kind") == "credit")["account_id"]
    assert credited.len()
    bills = played.table("invoices").join(test.bills, on="account_id")
    uncredited = bills.filter(~pl.col("account_id").is_in(credited.implode()))
    assert uncredited.height > 30
    assert uncredited["total_micros"].equals(uncredited["total"], check_names=False)
    more = bills.filter(pl.col("account_id").is_in(credited.implode()) & (pl.col("total") <= pl.col("total_micros")))
    assert more.is_empty()


def test_json_is_one_line_exact_and_its_parts_sum_to_the_whole(played, capsys):
    found = told(capsys, played.folder, "--candidate", "shillings-a-per-minute")
    assert "same usage under both lists; nobody calls more or less" in found["assumptions"]
    assert found["currency"] == "KES"
    assert found["run_rated_micros"] == found["baseline"]["revenue_micros"]["usage"]
    assert found["records"]["rated"] == played.table("rated").height
    assert sum(found["records"]["left_out"].values()) == played.table("unrated").height
    (candidate,) = found["candidates"]
    for money in (found["baseline"]["revenue_micros"], candidate["revenue_micros"], candidate["difference_micros"]):
        assert all(isinstance(amount, int) for amount in money.values())
        assert sum(money[part] for part in PARTS) == money["total"]
        assert money["voice"] + money["sms"] + money["data"] == money["usage"]
    difference = candidate["difference_micros"]
    assert difference["voice"] > 0
    assert difference["sms"] == difference["data"] == difference["recurring"] == 0
    assert sum(candidate["accounts"].values()) == found["accounts"] == 60
    assert candidate["accounts"]["pay_less"] == 0
    assert candidate["largest_gain"] is None
    assert candidate["largest_loss"]["difference_micros"] == candidate["difference_percentiles_micros"]["100"]
    assert candidate["share_paying_more"] == candidate["accounts"]["pay_more"] / 60


def test_the_same_list_twice_makes_a_difference_of_exactly_zero(played, capsys):
    (candidate,) = told(capsys, played.folder, "--candidate", "shillings-a")["candidates"]
    assert set(candidate["difference_micros"].values()) == {0}
    assert set(candidate["difference_percentiles_micros"].values()) == {0}
    assert candidate["accounts"] == {"pay_less": 0, "pay_more": 0, "pay_the_same": 60}


def test_exchanged_lists_give_the_opposite_difference(played, capsys):
    lists = ("shillings-a-double-data", "shillings-a")
    (there,) = told(capsys, played.folder, "--candidate", lists[0])["candidates"]
    back = told(capsys, played.folder, "--baseline", lists[0], "--candidate", lists[1])
    assert back["run_rated_micros"] is None
    assert there["difference_micros"] == {n: -d for n, d in back["candidates"][0]["difference_micros"].items()}


def test_the_folder_holds_result_bills_by_account_and_a_picture(played, tmp_path, capsys):
    out = tmp_path / "out"
    lists = ["--candidate", "shillings-a-per-minute", "--candidate", "shillings-a-double-data"]
    found = told(capsys, played.folder, *lists, "--out", out)
    assert {path.name for path in out.iterdir()} == {
        "tariff_test.json", "by_account.parquet", "winners_losers.svg", "winners_losers.png", ".ossbss.json"
    }  # fmt: skip
    assert json.loads((out / "tariff_test.json").read_text()) == found
    rows = pl.read_parquet(out / "by_account.parquet")
    assert rows.equals(rows.sort("candidate", "account_id"))
    assert rows.height == 120
    sums = pl.sum_horizontal(f"{part}_difference_micros" for part in PARTS)
    assert rows.filter(sums != pl.col("difference_micros")).is_empty()
    assert rows.filter(pl.col("candidate_micros") - pl.col("baseline_micros") != pl.col("difference_micros")).is_empty()
    totals = dict(rows.group_by("candidate").agg(pl.col("difference_micros").sum()).iter_rows())
    assert totals == {c["name"]: c["difference_micros"]["total"] for c in found["candidates"]}
    picture = (out / "winners_losers.svg").read_text()
    for word in ("KES an account", "pay more", "shillings-a-per-minute against shillings-a"):
        assert word in picture
    assert list(tmp_path.iterdir()) == [out]
    main(["tariff-test", str(played.folder), *lists, "--out", str(out)])  # an earlier one is replaced, by the same
    assert (out / "winners_losers.svg").read_text() == picture


def test_the_table_tells_revenue_people_and_assumptions_within_80_columns(played, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["tariff-test", str(played.folder), "--candidate", "shillings-a-per-minute"]) == 0
    printed = capsys.readouterr().out
    for word in ("total as billed", "pay more", "largest loss", "nobody calls more or less", "SLA credits are left out",
                 "what the run itself rated, to the micro-unit"):  # fmt: skip
        assert word in printed
    assert max(len(line) for line in printed.splitlines()[2:]) <= 80
    assert "…" not in printed


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ([("id: postpay-s", "id: postpay-x")], ["no offering 'postpay-s'", "did you mean 'postpay-", "accounts that"]),
        ([("currency: KES", "currency: TZS")], ["TZS", "KES", "give a price list in KES"]),
        ([("2014-01-01", "2025-01-01")], ["sold from 2025-01-01", "valid_from 2024-05-06 or earlier"]),
        ([("day: 4.87", "day: much")], ["own.yaml", "'much'", "line"]),
    ],
)
def test_a_list_that_cannot_bill_these_accounts_exits_2_and_tells_the_mend(played, tmp_path, capsys, pairs, words):
    own = changed(tmp_path, *pairs)
    assert main(["tariff-test", str(played.folder), "--candidate", own, "--out", str(tmp_path / "out")]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert all(word in printed.err for word in words), printed.err
    assert [path.name for path in tmp_path.iterdir()] == ["own.yaml"]


def test_other_bad_input_exits_2_and_leaves_everything_alone(played, tmp_path, capsys):
    (tmp_path / "thesis.txt").write_text("years of work")
    run, good = str(played.folder), ["--candidate", "shillings-a-per-minute"]
    for arguments, word in (
        ([run, "--candidate", "shilling-a"], "did you mean 'shillings-a'"),
        ([str(tmp_path), *good], "holds no run"),
        ([run, *good, *good], "two candidates have the name"),
        ([run, *good, "--out", str(tmp_path)], "holds no tariff test"),
        ([run, *good, "--out", str(tmp_path / "thesis.txt")], "is a file"),
    ):
        assert main(["tariff-test", *arguments]) == 2
        assert word in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_the_shipped_lists_say_what_is_assumed_and_sell_the_same_offers():
    names = ("shillings-a", "shillings-a-per-minute", "shillings-a-double-data")
    lists = {name: Scenario.load("fibre-cut", overrides={"catalogue": name}).catalogue for name in names}
    for name, catalogue in lists.items():
        assert catalogue.name == name
        assert any("assumption" in source for source in catalogue.sources)
    sold = {tuple(offering.id for offering in catalogue.offerings) for catalogue in lists.values()}
    assert len(sold) == 1
