"""Two runs beside each other: nothing differs from itself, and the same people have the same luck."""

import json

import polars as pl
import pytest

from sim.cli import main
from sim.testbed.compare import changes, compare, differences, read_side
from tests.town import play

CUT = [{"at": "2 h", "do": "cut_link", "target": "east-port"}]


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Name → a run: the same day twice, the day without its fault, and the day of other people."""
    days = {
        "day": {"timeline": CUT},
        "again": {"timeline": CUT},
        "calm": {"timeline": []},
        "other": {"timeline": CUT, "seed": 2},
    }
    return {name: play(tmp_path_factory.mktemp(name), **changes) for name, changes in days.items()}


def compared(runs, a, b):
    return compare(read_side(runs[a].folder), read_side(runs[b].folder))


@pytest.mark.parametrize("b", ["day", "again"])
def test_the_null_change_differs_in_nothing(runs, b):
    found = compared(runs, "day", b)
    assert found.scenario == []
    assert all(found.files.values())
    assert all(table["equal"] for table in found.tables.values())
    assert [name for name, kpi in found.kpis.items() if kpi.difference not in (0, None) or kpi.differs] == []
    paired = found.paired
    assert (paired.other_outcome, paired.other_served, paired.outcomes, paired.by_service) == (0, 0, [], [])
    assert (paired.invoiced_micros, paired.pay_more, paired.pay_less, paired.pay_equal) == (0, 0, 0, 60)


def test_without_the_fault_only_the_port_fares_otherwise(runs):
    found = compared(runs, "day", "calm")
    assert {change.key.split(".")[0] for change in found.scenario} == {"timeline"}
    paired = found.paired
    assert {was for was, _, _ in paired.outcomes} == {"blocked"}
    assert paired.by_service == [("svc-port", paired.other_outcome)]
    assert paired.other_outcome == sum(count for _, _, count in paired.outcomes) == runs["day"].kpis["blocked"] > 0
    assert paired.other_served >= paired.other_outcome - sum(n for _, now, n in paired.outcomes if now != "answered")


def test_the_bills_differ_by_what_the_tables_say_to_the_micro_unit(runs):
    found = compared(runs, "day", "calm")
    before, after = (runs[name].table("invoices") for name in ("day", "calm"))
    assert found.paired.invoiced_micros == after["total_micros"].sum() - before["total_micros"].sum()
    port = runs["day"].table("accounts").filter(pl.col("service_id") == "svc-port").height
    assert found.paired.pay_more == port
    assert found.paired.pay_equal == 60 - port
    credits_ = found.kpis["credits_total"]
    assert isinstance(credits_.difference, int)
    assert credits_.difference == -runs["day"].kpis["credits_total"]


def test_a_kpi_that_either_run_leaves_undefined_has_no_difference_but_a_reason(runs):
    mttd = compared(runs, "day", "calm").kpis["mttd_s"]
    assert (mttd.b, mttd.difference, mttd.reason) == (None, None, "B: there was no fault")
    assert mttd.differs
    only = differences({}, {"churned": {"value": 3, "unit": "accounts"}})["churned"]
    assert (only.a, only.difference, only.reason) == (None, None, "A: not among its KPIs")


def test_people_with_other_wishes_are_not_paired(runs):
    found = compared(runs, "day", "other")
    assert found.paired is None
    assert "other intents" in found.not_paired
    assert [change.key for change in found.scenario] == ["seed"]
    assert found.tables["accounts"]["equal"]
    assert not found.tables["attempts"]["equal"]


def test_changes_are_dotted_keys_from_old_to_new():
    old = {"a": {"b": 1, "gone": [1, 2]}, "same": 0, "empty": []}
    new = {"a": {"b": 2, "gone": [1]}, "same": 0, "empty": [], "fresh": {"x": True}}
    told = [(change.key, change.a, change.b) for change in changes(old, new)]
    assert told == [("a.b", 1, 2), ("a.gone.1", 2, None), ("fresh.x", None, True)]


def test_the_command_prints_tables_or_one_object(runs, capsys):
    folders = [str(runs[name].folder) for name in ("day", "calm")]
    assert main(["compare", *folders]) == 0
    printed = capsys.readouterr().out
    for words in ("timeline.0.do", "(absent)", "credits_total", "svc-port", "undefined"):
        assert words in printed
    assert main(["compare", *folders, "--json"]) == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    told = json.loads(out)
    assert told["kpis"]["incidents"] == {"unit": "incidents", "a": 1, "b": 0, "difference": -1, "reason": ""}
    assert told["paired"]["pay_less"] == 0
    assert main(["compare", *folders[:1], "nowhere"]) == 2
    assert "holds no run" in capsys.readouterr().err


def test_a_network_of_ones_own_that_differs_is_named(runs, tmp_path, capsys):
    other = play(tmp_path, CUT, management="in_band")
    found = compare(read_side(runs["day"].folder), read_side(other.folder))
    assert found.files == {"catalogue.yaml": True, "network.json": False}
    assert main(["compare", str(runs["day"].folder), str(other.folder)]) == 0
    assert "another file" in capsys.readouterr().out
