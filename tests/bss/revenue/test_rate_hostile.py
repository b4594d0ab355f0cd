"""``ossbss rate`` against files that are made to do harm, in every layout: a bad record is rejected, the rest is rated."""

import csv
import json
from pathlib import Path

import pytest

from tests.bss.revenue.batches import ENDING, Call, cost, written
from tests.bss.revenue.rate_command import assert_reconciled, rate

TEXTS = ("csv", "asterisk", "freeswitch")
LINES = (*TEXTS, "tmf635")
GOOD = [Call("1", seconds=70), Call("2", "bob", 80)]


def told_of(here, capsys, layout, octets):
    name = f"u.{ENDING[layout]}"
    (here / name).write_bytes(octets)
    return rate(capsys, name, format=layout, time_zone="UTC", mapping="m.yaml" if layout == "csv" else None)


def assert_rejected_and_the_rest_rated(told, rejected=1):
    assert told["counts"] == {"rated": 2, "rejected": rejected}
    assert told["amount_micros"] == cost(70, 80)
    assert_reconciled(told)


NO_NUMBERS = ["", "-5", "9" * 30, "9" * 10_000, "1e400", "1e18", "NaN", "inf", "0x10", "1_000", "=1+1", "true", "[]", "７"]


@pytest.mark.parametrize("layout", TEXTS)
@pytest.mark.parametrize("seconds", NO_NUMBERS)
def test_what_is_no_duration_of_a_call(here, capsys, layout, seconds):
    calls = [GOOD[0], Call("bad", "eve", seconds), GOOD[1]]
    assert_rejected_and_the_rest_rated(told_of(here, capsys, layout, written(calls, layout)))


NO_VALUES = ["-5", "9" * 30, "9" * 10_000, "1e400", "1e999999999", "NaN", "Infinity", '"=1+1"', "true", "null", "[]", "{}", "1.0000001", '"7 0"']


@pytest.mark.parametrize("value", NO_VALUES)
def test_what_is_no_quantity_of_a_usage(here, capsys, value):
    bad = written([Call("bad", "eve", 5)], "tmf635").replace(b'"value": 5000', b'"value": ' + value.encode())
    assert_rejected_and_the_rest_rated(told_of(here, capsys, "tmf635", written(GOOD, "tmf635") + bad))


@pytest.mark.parametrize("seconds", [-5, 2**53, 31 * 86_400 + 1])
def test_what_is_no_quantity_of_a_row(here, capsys, seconds):
    assert_rejected_and_the_rest_rated(told_of(here, capsys, "parquet", written([*GOOD, Call("bad", "eve", seconds)], "parquet")))


JUNK = ["[" * 60_000, '{"a":' * 10_000, "{" + '"a":1,' * 9_000 + "}", '"' + "\\u0000" * 9_000 + '"', "\ufeff{}", "9" * 60_000, "\u202e{}"]


@pytest.mark.parametrize("layout", LINES)
@pytest.mark.parametrize("line", JUNK, ids=range(len(JUNK)))
def test_a_line_of_nothing_but_harm(here, capsys, layout, line):
    assert_rejected_and_the_rest_rated(told_of(here, capsys, layout, written(GOOD, layout, [line])))


FORMULAS = ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\t=1+1", "＝1+1", " =1+1"]


@pytest.mark.parametrize("layout", LINES)
def test_no_cell_of_rejected_lines_is_a_formula(here, capsys, layout):
    told = told_of(here, capsys, layout, written(GOOD, layout, FORMULAS))
    assert_rejected_and_the_rest_rated(told, len(FORMULAS))
    (file,) = Path("out", "parts", "000001").glob("*.rejects.csv")
    with file.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(FORMULAS)
    for row in rows:
        assert not any(str(cell).lstrip(" \t\r\n").startswith(("=", "@", "+", "-", "＝")) for cell in row.values())


@pytest.mark.parametrize("layout", ["csv", "tmf635"])
def test_names_that_are_paths_or_markup_stay_names(here, capsys, layout):
    """No folder is left, nothing is run, and what was written is what is told."""
    names = ["../../../etc/passwd", "<script>", "a\u0301", "'; DROP TABLE rated; --", "%s%n", "$(id)"]
    calls = [Call(f"n{at}", name, 61 + at) for at, name in enumerate(names)]
    told = told_of(here, capsys, layout, written(calls, layout))
    found = assert_reconciled(told)["rated"].sort("usage_id")
    assert found["subscriber_id"].to_list() == names
    assert sorted(p.name for p in here.iterdir()) == sorted(["c.yaml", "m.yaml", "out", f"u.{ENDING[layout]}"])
    assert json.loads(Path("out", "manifest.json").read_text())["files"][0]["counts"] == {"rated": len(names)}
