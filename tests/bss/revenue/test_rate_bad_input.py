"""``ossbss rate``: what is refused, with all that is wrong, and files that are made to do harm."""

import csv
import json
import os
import subprocess
import sys

import pytest

from tests.bss.revenue.batches import CATALOGUE, Call, cost, written
from tests.bss.revenue.rate_command import ACCOUNTS, ENVIRONMENT, arguments, rate, refused


def test_all_mistakes_are_told_at_once_and_nothing_is_written(here, capsys):
    (here / "u.csv").write_bytes(b"no,such,columns\n1,2,3\n")
    words = arguments("u.csv", "gone.csv", catalogue="shilings-a", accounts="none.csv", hold="0", time_zone="Nairobi",
                      received="noon")  # fmt: skip
    told = refused(capsys, words)
    for part in ("did you mean 'shillings-a'", "gone.csv", "none.csv", "--hold", "--time-zone", "--received: 'noon'"):
        assert part in told
    assert sorted(path.name for path in here.iterdir()) == ["c.yaml", "m.yaml", "u.csv"]


@pytest.mark.parametrize(
    ("name", "octets", "options", "words"),
    [
        ("u.csv", b"a,b\n", {}, "the header does not fit the mapping"),
        ("u.csv", b"", {"mapping": None}, "CSV needs a mapping"),
        ("u.txt", b"", {}, "the ending '.txt' does not tell the layout"),
        ("u.parquet", b"PAR1", {}, "no Parquet"),
        ("u.csv", b"", {"format": "asterisk"}, "--mapping: asterisk needs none"),
    ],
)
def test_files_that_cannot_be_read_as_a_whole(here, capsys, name, octets, options, words):
    (here / name).write_bytes(octets)
    assert words in refused(capsys, arguments(name, **options))
    assert not (here / "out").exists()


def test_a_later_file_that_breaks_on_the_way_leaves_the_earlier_ones_finished(here, capsys):
    (here / "a.csv").write_bytes(written([Call("1", seconds=90)], "csv"))
    whole = written([Call(str(n), "bob") for n in range(200_000)], "parquet")
    middle, spoilt = len(whole) // 2, len(whole) // 10
    (here / "b.parquet").write_bytes(whole[:middle] + bytes(spoilt) + whole[middle + spoilt :])
    told = refused(capsys, arguments("a.csv", "b.parquet"))
    assert "files before it are finished" in told
    assert rate(capsys, "a.csv")["files_skipped"] == 1


@pytest.mark.parametrize("changed", ["catalogue", "accounts", "mapping"])
def test_a_folder_made_with_other_rules_is_refused(here, capsys, changed):
    (here / "a.csv").write_text(ACCOUNTS)
    (here / "u.csv").write_bytes(written([Call("1")], "csv"))
    rate(capsys, "u.csv", accounts="a.csv")
    before = {path: path.read_bytes() for path in (here / "out").rglob("*.parquet") if path.is_file()}
    file = here / {"catalogue": "c.yaml", "accounts": "a.csv", "mapping": "m.yaml"}[changed]
    file.write_text(file.read_text() + ("eve,E,talk,2020-01-01,\n" if changed == "accounts" else "# changed\n"))
    assert f"was made with another {changed}" in refused(capsys, arguments("u.csv", accounts="a.csv"))
    assert {path: path.read_bytes() for path in (here / "out").rglob("*.parquet") if path.is_file()} == before


def test_folders_that_are_something_else_are_refused(here, capsys):
    (here / "u.csv").write_bytes(written([Call("1")], "csv"))
    (here / "other").mkdir()
    (here / "other" / "diary.txt").write_text("mine")
    assert "holds something else (diary.txt)" in refused(capsys, arguments("u.csv", out="other"))
    assert "is a file" in refused(capsys, arguments("u.csv", out="u.csv"))
    assert "is read as usage" in refused(capsys, arguments(str(here), out="out"))
    rate(capsys, "u.csv")
    (here / "out" / "parts" / "000001").rename(here / "moved")
    assert "restore them" in refused(capsys, arguments("u.csv"))


def test_two_processes_do_not_write_in_one_folder(here, capsys):
    fcntl = pytest.importorskip("fcntl")
    (here / "u.csv").write_bytes(written([Call("1")], "csv"))
    rate(capsys, "u.csv")
    with (here / "out" / ".lock").open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert "another process writes" in refused(capsys, arguments("u.csv"))


def test_a_price_that_could_overflow_is_refused_with_the_catalogue(here, capsys):
    (here / "c.yaml").write_text(CATALOGUE.replace("price: 0.60", "price: 9999999999"))
    (here / "u.csv").write_bytes(written([Call("1")], "csv"))
    assert "below 2**62 is allowed" in refused(capsys, arguments("u.csv"))
    assert not (here / "out").exists()


def test_rejected_lines_are_no_formulas(here, capsys):
    (here / "u.csv").write_bytes(written([Call("1")], "csv", ["=1+1", "@x,y", "+a", "-a"]))
    assert rate(capsys, "u.csv")["counts"] == {"rated": 1, "rejected": 4}
    with (here / "out" / "parts" / "000001" / "u.csv.rejects.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["text"] for row in rows] == ["'=1+1", "'@x,y", "'+a", "'-a"]
    assert [row["line"] for row in rows] == ["3", "4", "5", "6"]


def with_long_line(path, octets):
    """A good call, a line of so many octets, a good call."""
    with path.open("wb") as stream:
        stream.write(written([Call("1", seconds=70)], "csv"))
        stream.seek(octets, os.SEEK_CUR)
        stream.write(b"\n" + written([Call("2", "bob", 70)], "csv").split(b"\n", 1)[1])


def test_a_line_of_20_mb_is_one_rejected_record(here, capsys):
    with_long_line(here / "u.csv", 20_000_000)
    told = rate(capsys, "u.csv")
    assert told["counts"] == {"rated": 2, "rejected": 1}
    assert told["amount_micros"] == cost(70, 70)


@pytest.mark.slow
def test_a_line_of_1_gb_is_never_held(here):
    with_long_line(here / "u.csv", 10**9)
    program = """
import sys
from ossbss.cli import main
from tests.memory import most_resident_mb
main(sys.argv[1:])
print(most_resident_mb())
"""
    words = [sys.executable, "-c", program, *arguments("u.csv")]
    done = subprocess.run(words, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    told, most_mb = done.stdout.splitlines()
    assert json.loads(told)["counts"] == {"rated": 2, "rejected": 1}
    assert float(most_mb) < 500
