"""``ossbss rate``: every record in one place, every micro-unit in the postings, however the files come."""

import json
import random
import re
import shlex

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from ossbss.cli import main
from ossbss.errors import DONE
from tests.bss.revenue.batches import ENDING, HEAD, Call, cost, many_files, written
from tests.bss.revenue.rate_command import DAY_S, arguments, assert_reconciled, rate, refused, tables
from tests.sizes import ROOT

BROKEN = {"csv": ["a,b", "x,never,ann,1,voice,1,,,"], "asterisk": ["a,b", '"unclosed'], "freeswitch": ["a,b", '"open'],
          "tmf635": ["{", "[1]"], "parquet": []}  # fmt: skip


@pytest.mark.parametrize("layout", ENDING)
def test_every_layout_reconciles(here, capsys, layout):
    calls = [Call("1", seconds=50), Call("2", seconds=30, after_s=60), Call("3", "bob", 100, 90),
             Call("1", seconds=50), Call("4", "bob", 7, after_s=-3 * DAY_S), Call("5", called="+1999", after_s=5)]  # fmt: skip
    name = f"u.{ENDING[layout]}"
    (here / name).write_bytes(written(calls, layout, BROKEN[layout]))
    told = rate(capsys, name, format=layout, time_zone="UTC", mapping="m.yaml" if layout == "csv" else None)
    rejected = {"rejected": len(BROKEN[layout])} if BROKEN[layout] else {}
    assert told["counts"] == {"rated": 4, "duplicate": 1, "suspended": 1, **rejected}
    assert told["amount_micros"] == cost(80, 107)
    assert_reconciled(told)


@pytest.mark.parametrize("layout", ["csv", "parquet", "tmf635"])
def test_a_session_in_parts_of_two_files_is_one_record(here, capsys, layout):
    ending = ENDING[layout]
    first = [Call("1", seconds=50, session="s", leg=1), Call("2", seconds=5)]
    second = [Call("3", seconds=60, session="s", leg=2, last=True, after_s=50), Call("4", seconds=1, after_s=-DAY_S)]
    (here / f"a.{ending}").write_bytes(written(first, layout))
    (here / f"b.{ending}").write_bytes(written(second, layout))
    mapping = "m.yaml" if layout == "csv" else None
    told = rate(capsys, f"a.{ending}", mapping=mapping, format=layout)
    assert told["counts"] == {"rated": 1, "suspended": 1}
    assert_reconciled(told)
    told = rate(capsys, f"b.{ending}", mapping=mapping, format=layout)
    assert told["counts"] == {"rated": 3, "merged": 1}
    assert told["amount_micros"] == cost(50 + 5 + 60 + 1)
    joined = assert_reconciled(told)["rated"].filter(pl.col("parts") == 2)
    assert joined.select("quantity", "run_id").rows() == [(110_000, "000002")]


def test_a_session_whose_time_is_up_is_rated_with_the_parts_it_has(here, capsys):
    (here / "a.csv").write_bytes(written([Call("1", seconds=100, session="s", leg=1)], "csv"))
    (here / "b.csv").write_bytes(written([Call("2", "bob")], "csv"))
    (here / "c.csv").write_bytes(written([Call("3", seconds=9, session="s", leg=2, last=True)], "csv"))
    rate(capsys, "a.csv", received="2024-07-01T00:00:00Z", hold="2")
    early = rate(capsys, "b.csv", received="2024-07-01T01:59:59Z", hold="2")
    assert early["counts"] == {"rated": 1, "suspended": 1}
    (here / "d.csv").write_bytes(written([Call("4", "bob")], "csv"))
    closed = rate(capsys, "d.csv", received="2024-07-01T02:00:00Z", hold="2")
    assert closed["counts"] == {"rated": 3}
    assert closed["amount_micros"] == cost(100, 20)
    late = rate(capsys, "c.csv", received="2024-07-01T03:00:00Z", hold="2")
    assert late["amount_micros"] == cost(109, 20)
    found = assert_reconciled(late)["rated"]
    assert [why and why.split(":")[0] for why in found["closed"]] == ["closed", None, None, "continuation"]


def test_parts_of_a_session_beyond_measure_may_come_again_mended(here, capsys):
    def part(leg, seconds):
        return written([Call(f"p{leg}", seconds=seconds, session="s", leg=leg, last=leg == 2)], "csv")

    for name, octets in (
        ("a", part(1, 20 * DAY_S)),
        ("b", part(2, 20 * DAY_S)),
        ("c", part(1, 50)),
        ("d", part(2, 60)),
    ):
        (here / f"{name}.csv").write_bytes(octets)
    rate(capsys, "a.csv")
    assert rate(capsys, "b.csv")["counts"] == {"rejected": 2}
    rate(capsys, "c.csv")
    told = rate(capsys, "d.csv")
    assert told["counts"] == {"rejected": 2, "rated": 1, "merged": 1}
    assert told["amount_micros"] == cost(110)
    assert_reconciled(told)


def test_a_later_batch_knows_the_earlier_one(here, capsys):
    (here / "a.csv").write_bytes(written([Call("1", seconds=90), Call("2")], "csv"))
    (here / "b.csv").write_bytes(written([Call("2"), Call("3", seconds=5), Call("4", "bob", 61)], "csv"))
    rate(capsys, "a.csv")
    told = rate(capsys, "a.csv", "b.csv")
    assert (told["files_done"], told["files_skipped"], told["files"]) == (1, 1, 2)
    assert told["counts"] == {"rated": 4, "duplicate": 1}
    assert told["amount_micros"] == cost(105, 61)
    assert_reconciled(told)
    again = rate(capsys, "a.csv", "b.csv")
    assert {**told, "files_done": 0, "files_skipped": 2} == again


def test_how_the_files_are_batched_makes_no_difference(here, capsys):
    many_files(here / "usage", random.Random(5), 8)
    names = sorted(f"usage/{path.name}" for path in (here / "usage").iterdir())
    at_once = rate(capsys, "usage", out="whole", mapping="m.yaml")
    for name in names:
        apart = rate(capsys, name, out="apart")
    counts = ("records", "counts", "amount_micros", "files")
    assert [at_once[key] for key in counts] == [apart[key] for key in counts]
    assert {"rated", "rejected", "suspended", "duplicate", "merged"} <= at_once["counts"].keys()
    whole, parts = assert_reconciled(at_once, "whole"), tables("apart")
    shown = pl.col("file_id").str.replace("usage/", "")
    for name in whole:
        frames = [f.with_columns(shown) if "file_id" in f.columns else f for f in (whole[name], parts[name])]
        assert_frame_equal(*frames)
    taken = whole["rated"].with_columns(
        pl.from_epoch("started_ms", "ms").dt.offset_by("3h").dt.truncate("1mo").alias("month"),
        (pl.col("quantity") // 1000).alias("seconds"),
    )
    sums = taken.group_by("subscriber_id", "month").agg(pl.col("seconds").sum())["seconds"]
    assert at_once["amount_micros"] == cost(*sums)


def test_a_copy_under_another_name_is_all_duplicates_though_its_records_have_no_ids(here, capsys):
    octets = written([Call("", seconds=90), Call("", "bob", 90)], "csv")
    (here / "a.csv").write_bytes(octets)
    (here / "b.csv").write_bytes(octets)
    told = rate(capsys, "a.csv", "b.csv")
    assert told["counts"] == {"rated": 2, "duplicate": 2}
    assert told["amount_micros"] == cost(90, 90)


def test_a_file_that_has_grown_gives_its_new_lines_and_another_of_its_name_is_refused(here, capsys):
    first, more = [Call("", seconds=90)], [Call("", seconds=90), Call("", "bob", 70)]
    (here / "a.csv").write_bytes(written(first, "csv"))
    rate(capsys, "a.csv")
    (here / "a.csv").write_bytes(written(more, "csv"))
    grown = rate(capsys, "a.csv")
    assert grown["counts"] == {"rated": 2, "duplicate": 1}
    assert grown["amount_micros"] == cost(90, 70)
    (here / "a.csv").write_bytes(written([Call("", "eve", 80), Call("", "eve", 80), Call("", "eve", 65)], "csv"))
    assert "--mended" in refused(capsys, arguments("a.csv"))
    assert main([*arguments("a.csv"), "--mended"]) == DONE
    mended = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert mended["amount_micros"] == cost(90, 70, 65)
    assert_reconciled(mended)


def test_files_that_hold_only_a_header_are_no_copies_of_each_other(here, capsys):
    for name in ("a.csv", "b.csv"):
        (here / name).write_text(f"{HEAD}\n")
    rate(capsys, "a.csv", "b.csv")
    (here / "a.csv").write_bytes(written([Call("", seconds=90)], "csv"))
    (here / "b.csv").write_bytes(written([Call("", "bob", 70)], "csv"))
    assert rate(capsys, "a.csv", "b.csv")["amount_micros"] == cost(90, 70)


def test_a_folder_is_read_in_order_of_names_with_what_lies_below(here, capsys):
    for name, who in (("b.csv", "ann"), ("a.csv", "bob"), ("day/a.csv", "eve")):
        (here / "usage" / name).parent.mkdir(parents=True, exist_ok=True)
        (here / "usage" / name).write_bytes(written([Call("", who)], "csv"))
    (here / "usage" / "a.csv.rejects.csv").write_text("line,reason,text\n")
    rate(capsys, "usage")
    files = json.loads((here / "out" / "manifest.json").read_text())["files"]
    assert [file["name"] for file in files] == ["a.csv", "b.csv", "day/a.csv"]


def test_the_example_of_the_page_does_what_it_says(here, capsys):
    page = (ROOT / "docs" / "cdr-files.md").read_text(encoding="utf-8")
    for name, text in re.findall(r"`(\S+)`:\n\n```csv\n(.*?)```", page, re.DOTALL):
        (here / name).write_text(text)
    (line,) = re.findall(r"```console\n(.*?)\n```", page, re.DOTALL)
    assert main(shlex.split(line)[1:]) == DONE
    told = capsys.readouterr()
    (shown,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    assert json.loads(told.out) == json.loads(shown)
