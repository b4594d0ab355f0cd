"""What people open in a spreadsheet runs nothing."""

import csv

import pytest

from ossbss.bss.revenue.mediation.rejects import safe_cell, write_rejects
from tests.bss.revenue.mediation import calls


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "  =1", "＝1", "＋1", "－1", "＠x"])
def test_a_formula_becomes_text(cell):
    assert safe_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "1", "a=1", "'=1"])
def test_all_else_stays(cell):
    assert safe_cell(cell) == cell


def test_the_rejected_lines_stand_beside_the_file(tmp_path):
    file = tmp_path / "cdr.csv"
    bad = [b"=HYPERLINK(1);x", b'"=cmd|x', b"a\x00b", b"y" * 5000]
    file.write_bytes(calls.as_mapped([calls.Call(1)]) + b"\n".join(bad))
    result = calls.mapped(file)
    written = write_rejects(result.unrated, file)
    assert written == tmp_path / "cdr.csv.rejects.csv"
    with written.open(encoding="utf-8", newline="") as stream:
        head, *rows = csv.reader(stream)
    assert head == ["line", "reason", "text"]
    assert [(int(line), text[:8]) for line, _, text in rows] == [(3, "'=HYPERL"), (4, '"=cmd|x'), (5, "a\\x00b"), (6, "y" * 8)]
    assert max(len(text) for *_, text in rows) <= 1000


def test_without_rejects_there_is_no_file(tmp_path):
    assert write_rejects(calls.mapped(calls.as_mapped([calls.Call(1)])).unrated, tmp_path / "f") is None
    assert list(tmp_path.iterdir()) == []
