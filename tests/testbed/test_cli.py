"""The command as people and scripts meet it: exit codes, streams, JSON, nothing half-written."""

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from sim.cli import main
from sim.testbed.folder import read_manifest, read_tables
from sim.testbed.tables import SORT_KEYS, content_hash
from tests.town import scenario_file

CUT = [{"at": "2 h", "do": "cut_link", "target": "east-port"}]


@pytest.fixture
def town(tmp_path):
    return scenario_file(tmp_path, CUT, expect=[{"kpi": "incidents", "equals": 1}])


def test_a_run_that_does_what_it_should_exits_0_and_json_is_the_last_line(town, tmp_path, capsys):
    assert main(["run", str(town), "--out", str(tmp_path / "out"), "--json"]) == 0
    printed = capsys.readouterr()
    told = json.loads(printed.out.splitlines()[-1])
    assert told["passed"] is True
    assert told["kpis"]["incidents"] == 1
    assert printed.out.count("\n") == 1
    assert "report" in printed.err


def test_the_folder_holds_every_table_with_rows_hash_and_order(town, tmp_path):
    main(["run", str(town), "--out", str(tmp_path / "out"), "--quiet"])
    folder = tmp_path / "out"
    manifest, tables = read_manifest(folder), read_tables(folder)
    assert set(tables) == set(SORT_KEYS)
    for name, frame in tables.items():
        assert manifest["tables"][name] == {"rows": frame.height, "sha256": content_hash(frame)}
        assert frame.select(SORT_KEYS[name]).equals(frame.select(SORT_KEYS[name]).sort(SORT_KEYS[name]))
    kpis = json.loads((folder / "kpis.json").read_text())
    assert all({"value", "unit", "meaning"} <= kpi.keys() for kpi in kpis.values())
    assert all("reason" in kpi for kpi in kpis.values() if kpi["value"] is None)


def test_the_report_needs_no_network_and_can_be_written_anew(town, tmp_path, capsys):
    main(["run", str(town), "--out", str(tmp_path / "out"), "--quiet"])
    page = tmp_path / "out" / "report.html"
    first = page.read_text()
    for word in ("<svg", "east-port", "Credit for", "oss · root cause", "bss · sla"):
        assert word in first
    assert "src=" not in first
    assert "http" not in first.replace("http://www.w3.org", "").replace("http://purl.org", "").replace(
        "http://creativecommons.org", ""
    )
    assert main(["report", str(tmp_path / "out")]) == 0
    assert page.read_text() == first


def test_an_expectation_that_fails_exits_1_and_keeps_the_results(town, tmp_path):
    out = tmp_path / "out"
    assert main(["run", str(town), "--out", str(out), "--quiet", "--set", "expect.0.equals=2"]) == 1
    assert (out / "manifest.json").is_file()


@pytest.mark.parametrize(
    "arguments",
    [["run", "no-such-scenario"], ["run", "fibre-cut", "--variant", "none"], ["run", "fibre-cut", "--set", "seed"],
     ["run", "fibre-cut", "--seed", "x"], ["check", "no-such-scenario"], ["report", "."], ["fly"]],
)  # fmt: skip
def test_bad_input_ends_with_2_a_word_of_why_and_without_a_folder(arguments, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    try:
        code = main(arguments)
    except SystemExit as end:  # of argparse
        code = end.code
    assert code == 2
    assert capsys.readouterr().err.strip()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [["run", "fibre-cut", "--variant", "none"], ["fly"]])
def test_a_process_with_bad_input_exits_2_without_a_traceback(arguments, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "sim.cli", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_else_is_left_alone(town, tmp_path):
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "thesis.txt").write_text("years of work")
    assert main(["run", str(town), "--out", str(precious), "--quiet"]) == 2
    assert [path.name for path in precious.iterdir()] == ["thesis.txt"]


def test_a_broken_invariant_exits_3_and_names_seed_and_dump(town, tmp_path, monkeypatch, capsys):
    from ossbss.bss.revenue import ledger

    monkeypatch.setitem(ledger.COUNTER_ACCOUNT, "tax", "")
    monkeypatch.setattr(ledger, "of_invoices", lambda lines: lines.select(
        pl.lit("receivables").alias("account"), pl.col("account_id").alias("party"), "amount_micros",
        pl.col("invoice_id").alias("cause")))  # fmt: skip
    assert main(["run", str(town), "--out", str(tmp_path / "out"), "--quiet", "--seed", "5"]) == 3
    told = capsys.readouterr().err
    assert "do not sum to zero" in told
    assert "seed 5" in told
    assert Path(told.rsplit(" is in ", 1)[1].strip().rstrip(")")).is_file()
    assert not (tmp_path / "out").exists()


def test_check_says_good_or_tells_every_mistake(town, tmp_path, capsys):
    assert main(["check", "fibre-cut", str(town)]) == 0
    assert capsys.readouterr().out.count(": good") == 2
    town.write_text(town.read_text().replace("lasts: 1 day", "lasts: 1"))
    assert main(["check", "fibre-cut", str(town)]) == 2
    assert "lasts" in capsys.readouterr().err


def test_scenarios_lists_what_ships(capsys):
    assert main(["scenarios", "--json"]) == 0
    assert "fibre-cut" in {entry["name"] for entry in json.loads(capsys.readouterr().out)["scenarios"]}
    assert main(["scenarios"]) == 0
    assert "ring-everywhere" in capsys.readouterr().out
