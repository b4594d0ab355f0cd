"""``ossbss rate``: every record in one place, every micro-unit in the postings, and a process may die at any moment."""

import csv
import json
import os
import random
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from ossbss.bss.revenue import batch_store
from ossbss.cli import main
from ossbss.errors import BAD_INPUT, DONE
from tests.bss.revenue.batches import (
    CATALOGUE,
    ENDING,
    HEAD,
    MAPPING,
    RECEIVED,
    Call,
    cost,
    many_files,
    written,
)
from tests.sizes import ROOT

DAY_S = 86_400
TABLES = ("rated", "unrated", "postings")


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "c.yaml").write_text(CATALOGUE)
    (tmp_path / "m.yaml").write_text(MAPPING)
    return tmp_path


def arguments(*usage, out="out", mapping="m.yaml", **options):
    told = {"catalogue": "c.yaml", "out": out, "received": RECEIVED, **options}
    flags = [word for name, value in told.items() for word in (f"--{name.replace('_', '-')}", value)]
    mapped = ["--mapping", mapping] if mapping else []
    return ["rate", "--usage", *usage, *mapped, *flags, "--json"]


def rate(capsys, *usage, **options):
    """The summary."""
    code = main(arguments(*usage, **options))
    told = capsys.readouterr()
    assert code == DONE, told.err
    return json.loads(told.out.splitlines()[-1])


def refused(capsys, words):
    assert main(words) == BAD_INPUT
    return capsys.readouterr().err


def tables(out="out"):
    return {name: pl.read_parquet(f"{out}/{name}.parquet") for name in TABLES}


def assert_reconciled(told, out="out"):
    """Records in = rated + unrated by state; what is rated is what is posted; each set of postings is zero."""
    found = tables(out)
    states = dict(found["unrated"].group_by("state").len().iter_rows())
    assert told["counts"] == {**states, **({"rated": found["rated"].height} if found["rated"].height else {})}
    assert sum(told["counts"].values()) == told["records"]
    ids = pl.concat([found["rated"]["usage_id"], found["unrated"]["usage_id"]]).sort().to_list()
    assert ids == list(range(1, told["records"] + 1))
    claims = found["postings"].filter(pl.col("account") == "unbilled_receivables")
    assert found["rated"]["amount_micros"].sum() == claims["amount_micros"].sum() == told["amount_micros"]
    assert found["postings"].group_by("cause").agg(pl.col("amount_micros").sum())[
        "amount_micros"
    ].unique().to_list() in ([0], [])
    files = json.loads(Path(out, "manifest.json").read_text())["files"]
    assert sum(file["amount_micros"] for file in files) == told["amount_micros"]
    for file in files:
        assert sum(file["counts"].values()) == file["records"]
    return found


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
    for name in TABLES:
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


# -- accounts ------------------------------------------------------------------------------------------

ACCOUNTS = """subscriber_id,account_id,offering_id,valid_from,valid_until
ann,home,talk,2020-01-01,
bob,home,talk,2020-01-01,2024-05-06T15:00:00+03:00
bob,work,talk,2024-05-06T15:00:00+03:00,
"""


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


# -- bad input -----------------------------------------------------------------------------------------


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
    before = {path: path.read_bytes() for path in (here / "out").rglob("*.parquet")}
    file = here / {"catalogue": "c.yaml", "accounts": "a.csv", "mapping": "m.yaml"}[changed]
    file.write_text(file.read_text() + ("eve,E,talk,2020-01-01,\n" if changed == "accounts" else "# changed\n"))
    assert f"was made with another {changed}" in refused(capsys, arguments("u.csv", accounts="a.csv"))
    assert {path: path.read_bytes() for path in (here / "out").rglob("*.parquet")} == before


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


# -- hostile files -------------------------------------------------------------------------------------


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
    done = subprocess.run(command(arguments("u.csv")), env=ENVIRONMENT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["counts"] == {"rated": 2, "rejected": 1}
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 700_000  # KiB


# -- a process that dies -------------------------------------------------------------------------------

ENVIRONMENT = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(ROOT)}


def command(words):
    return [sys.executable, "-m", "ossbss.cli", *words]


def killed(words, is_time):
    """Start it and kill it when it is time; whether it was still running then."""
    process = subprocess.Popen(command(words), env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    began = time.monotonic()
    while process.poll() is None and not is_time(time.monotonic() - began):
        time.sleep(0.002)
    alive = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    return alive


def finished(words):
    done = subprocess.run(command(words), env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == DONE, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def timed(words):
    began = time.monotonic()
    finished(words)
    return time.monotonic() - began


def with_earlier_batch(here, capsys, files):
    many_files(here / "earlier", random.Random(1), 3)
    many_files(here / "usage", random.Random(2), files, first=100)
    rate(capsys, "earlier")
    shutil.copytree("out", "undisturbed")
    return rate(capsys, "usage", out="undisturbed")


def assert_as_undisturbed(told, undisturbed):
    counts = ("records", "counts", "amount_micros", "files")
    assert [told[key] for key in counts] == [undisturbed[key] for key in counts]
    assert told["files_done"] + told["files_skipped"] == undisturbed["files_done"]
    expected = tables("undisturbed")
    for name, frame in assert_reconciled(told).items():
        assert_frame_equal(frame, expected[name])
    manifests = [json.loads(Path(out, "manifest.json").read_text()) for out in ("out", "undisturbed")]
    assert manifests[0] == manifests[1]


def test_killed_three_times_it_ends_as_if_undisturbed(here, capsys):
    undisturbed = with_earlier_batch(here, capsys, 6)
    words = arguments("usage")
    parts = here / "out" / "parts"
    for number in (4, 6, 8):
        assert killed(words, lambda _, number=number: any(parts.glob(f"{number:06}*")))
    told = finished(words)
    assert told["files_skipped"] >= 2
    assert_as_undisturbed(told, undisturbed)


@pytest.mark.slow
def test_killed_at_twenty_random_moments_it_ends_as_if_undisturbed(here, capsys):
    undisturbed = with_earlier_batch(here, capsys, 50)
    words, chance = arguments("usage"), random.Random(20)
    shutil.copytree("out", "timed")
    seconds = [timed(arguments(folder, out="timed")) for folder in ("earlier", "usage")]
    start_s, work_s = seconds[0], seconds[1] - seconds[0]
    alive = 0
    for _ in range(20):
        moment = start_s * 0.8 + chance.uniform(0, work_s / 9)
        alive += killed(words, lambda elapsed, moment=moment: elapsed > moment)
    assert alive >= 10
    assert_as_undisturbed(finished(words), undisturbed)


class DeathError(BaseException):
    """Nothing catches it."""


def test_dying_at_every_step_to_the_disk_in_turn_it_ends_as_if_undisturbed(here, capsys, monkeypatch):
    undisturbed = with_earlier_batch(here, capsys, 3)
    to_disk, dead, steps = batch_store._to_disk, True, 0
    while dead:
        left = iter(range(steps := steps + 1))

        def step(path, left=left):
            if next(left, None) is None:
                raise DeathError
            to_disk(path)

        monkeypatch.setattr(batch_store, "_to_disk", step)
        try:
            told, dead = rate(capsys, "usage"), False
        except DeathError:
            capsys.readouterr()
    assert steps > 5
    assert_as_undisturbed(told, undisturbed)


def test_what_a_dead_process_had_begun_is_done_again(here, capsys):
    undisturbed = with_earlier_batch(here, capsys, 2)
    draft = here / "out" / "parts" / "000004.tmp"
    draft.mkdir()
    (draft / "rated.parquet").write_bytes(b"half")
    (here / "out" / "rated.parquet.tmp").write_bytes(b"half")
    assert_as_undisturbed(rate(capsys, "usage"), undisturbed)
    (here / "out" / "manifest.json").unlink()
    (here / "out" / "unrated.parquet").unlink()
    assert_as_undisturbed(rate(capsys, "usage"), undisturbed)


# -- the page ------------------------------------------------------------------------------------------


def test_the_example_of_the_page_does_what_it_says(here, capsys):
    page = (ROOT / "docs" / "cdr-files.md").read_text(encoding="utf-8")
    for name, text in re.findall(r"`(\S+)`:\n\n```csv\n(.*?)```", page, re.DOTALL):
        (here / name).write_text(text)
    (line,) = re.findall(r"```console\n(.*?)\n```", page, re.DOTALL)
    assert main(shlex.split(line)[1:]) == DONE
    told = capsys.readouterr()
    (shown,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    assert json.loads(told.out) == json.loads(shown)
