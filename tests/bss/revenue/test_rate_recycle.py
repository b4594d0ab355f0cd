"""``ossbss rate --recycle`` and ``--close``: what waited is rated as if all had been known when its file came."""

import json
import random
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from ossbss.cli import main
from ossbss.errors import DONE
from tests.bss.revenue.batches import CATALOGUE, Call, cost, many_files, written
from tests.bss.revenue.rate_command import (
    arguments,
    assert_reconciled,
    dying_at_every_step,
    finished,
    killed,
    rate,
    refused,
    tables,
)

HEAD = "subscriber_id,account_id,offering_id,valid_from,valid_until\n"
EVERY = HEAD + "".join(f"line-{number},A{number % 2},talk,2020-01-01,\n" for number in range(5))
SOME = HEAD + "".join(line for line in EVERY.splitlines(keepends=True) if line.startswith(("line-0", "line-3")))
LATE = CATALOGUE.replace("2014-01-01", "2024-06-01")
BOTH = CATALOGUE + LATE[LATE.index("      - valid_from") :]


def told_with(capsys, option, usage, options):
    words = [*arguments(*usage, **options), option]
    assert main(words if usage else [word for word in words if word != "--usage"]) == DONE
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def recycled(capsys, *usage, **options):
    return told_with(capsys, "--recycle", usage, options)


def closed(capsys, *usage, **options):
    return told_with(capsys, "--close", usage, options)


def assert_as_clean(told, clean):
    """The same records in the same states for the same money; only which run rated them is another."""
    counts = ("records", "counts", "amount_micros", "files")
    assert [told[key] for key in counts] == [clean[key] for key in counts]
    found, expected = assert_reconciled(told), assert_reconciled(clean, "clean")
    assert_frame_equal(found["rated"].drop("run_id"), expected["rated"].drop("run_id"))
    assert_frame_equal(found["unrated"], expected["unrated"])
    balances = [t["postings"].group_by("account").agg(pl.col("amount_micros").sum()).sort("account") for t in (found, expected)]
    assert_frame_equal(*balances)


def two_halves(here):
    many_files(here / "usage", random.Random(7), 8)
    names = sorted(f"usage/{path.name}" for path in (here / "usage").iterdir())
    return names[:5], names[5:]


def test_lines_that_were_unknown_are_rated_once_they_are_known(here, capsys):
    (here / "some.csv").write_text(SOME)
    (here / "every.csv").write_text(EVERY)
    first, second = two_halves(here)
    before = rate(capsys, *first, accounts="some.csv")
    assert before["counts"]["suspended"] > 20
    told = recycled(capsys, *second, accounts="every.csv")
    clean = rate(capsys, *first, *second, accounts="every.csv", out="clean")
    assert_as_clean(told, clean)
    assert told["counts"]["rated"] > before["counts"]["rated"] + 20


def test_what_had_no_price_at_its_time_is_rated_once_it_has_one(here, capsys):
    first, second = two_halves(here)
    (here / "c.yaml").write_text(LATE)
    before = rate(capsys, *first)
    (here / "c.yaml").write_text(BOTH)
    told = recycled(capsys, *second)
    clean = rate(capsys, *first, *second, out="clean")
    assert_as_clean(told, clean)
    assert told["counts"]["rated"] > before["counts"]["rated"] + 20
    assert tables()["rated"]["parts"].max() > 1


def test_accounts_and_prices_may_come_one_after_the_other(here, capsys):
    (here / "some.csv").write_text(SOME)
    (here / "every.csv").write_text(EVERY)
    first, second = two_halves(here)
    (here / "c.yaml").write_text(LATE)
    rate(capsys, *first, accounts="some.csv")
    recycled(capsys, *second[:1], accounts="every.csv")
    (here / "c.yaml").write_text(BOTH)
    recycled(capsys, *second[1:], accounts="every.csv")
    assert_as_clean(recycled(capsys, accounts="every.csv"), rate(capsys, *first, *second, accounts="every.csv", out="clean"))


def test_sessions_of_unknown_lines_are_closed_when_they_would_have_been(here, capsys):
    """Two parts come within the hold; of another session the second part comes after it."""
    (here / "none.csv").write_text(HEAD + "zoe,Z,talk,2020-01-01,\n")
    (here / "both.csv").write_text(HEAD + "ann,A,talk,2020-01-01,\nzoe,Z,talk,2020-01-01,\n")
    files = {
        "a": ([Call("1", seconds=70, session="s", leg=1), Call("2", seconds=80, session="t", leg=1)], "2024-07-01T00:00:00Z"),
        "b": ([Call("3", seconds=9, session="s", leg=2, last=True)], "2024-07-01T01:00:00Z"),
        "c": ([Call("4", "zoe")], "2024-07-01T03:00:00Z"),
        "d": ([Call("5", seconds=9, session="t", leg=2, last=True)], "2024-07-01T05:00:00Z"),
    }
    for name, (calls, received) in files.items():
        (here / f"{name}.csv").write_bytes(written(calls, "csv"))
        rate(capsys, f"{name}.csv", accounts="none.csv", received=received, hold="2")
        clean = rate(capsys, f"{name}.csv", accounts="both.csv", received=received, hold="2", out="clean")
    told = recycled(capsys, accounts="both.csv", hold="2")
    assert_as_clean(told, clean)
    assert told["amount_micros"] == cost(70 + 9 + 80 + 9)
    assert [why and why.split(":")[0] for why in tables()["rated"]["closed"]] == [None, "closed", None, "continuation"]


def test_a_second_record_of_an_unknown_line_is_a_duplicate_when_the_line_is_known(here, capsys):
    (here / "none.csv").write_text(HEAD)
    (here / "ann.csv").write_text(HEAD + "ann,A,talk,2020-01-01,\n")
    (here / "u.csv").write_bytes(written([Call("1", seconds=70)], "csv"))
    (here / "v.csv").write_bytes(written([Call("1", seconds=70), Call("2", "zoe")], "csv"))
    assert rate(capsys, "u.csv", "v.csv", accounts="none.csv")["counts"] == {"suspended": 3}
    told = recycled(capsys, accounts="ann.csv")
    assert told["counts"] == {"rated": 1, "duplicate": 1, "suspended": 1}
    assert told["amount_micros"] == cost(70)
    assert_reconciled(told)
    files = json.loads(Path("out", "manifest.json").read_text())["files"]
    assert [(entry["state"], entry["counts"]) for entry in files] == [
        ("finished", {"rated": 1}), ("finished", {"duplicate": 1, "suspended": 1}), ("recycled", {})
    ]  # fmt: skip


def test_what_has_no_price_waits_also_when_its_line_is_taken_away_and_given_back(here, capsys):
    (here / "ann.csv").write_text(HEAD + "ann,A,talk,2020-01-01,\n")
    (here / "none.csv").write_text(HEAD)
    (here / "c.yaml").write_text(LATE)
    (here / "u.csv").write_bytes(written([Call("1", seconds=70)], "csv"))
    rate(capsys, "u.csv", accounts="ann.csv")
    recycled(capsys, accounts="none.csv")
    assert tables()["unrated"]["reason"].to_list() == ["no account for this line at this time"]
    (here / "c.yaml").write_text(BOTH)
    told = recycled(capsys, accounts="ann.csv")
    assert (told["counts"], told["amount_micros"]) == ({"rated": 1}, cost(70))


def test_without_it_other_accounts_are_refused_and_afterwards_they_are_those_of_the_folder(here, capsys):
    (here / "a.csv").write_text(HEAD)
    (here / "b.csv").write_text(HEAD + "ann,A,talk,2020-01-01,\n")
    (here / "u.csv").write_bytes(written([Call("1")], "csv"))
    rate(capsys, "u.csv", accounts="a.csv")
    assert "or --recycle" in refused(capsys, arguments("u.csv", accounts="b.csv"))
    assert "another hold_hours → name a new folder\n" in refused(capsys, [*arguments("u.csv", accounts="b.csv", hold="9"), "--recycle"])
    recycled(capsys, accounts="b.csv")
    assert rate(capsys, "u.csv", accounts="b.csv")["counts"] == {"rated": 1}
    assert "another accounts" in refused(capsys, arguments("u.csv", accounts="a.csv"))


def test_twice_is_once_and_nothing_to_do_is_told(here, capsys):
    (here / "a.csv").write_text(HEAD)
    (here / "b.csv").write_text(HEAD + "ann,A,talk,2020-01-01,\n")
    (here / "u.csv").write_bytes(written([Call("1"), Call("2", session="s", leg=1)], "csv"))
    rate(capsys, "u.csv", accounts="a.csv")
    for _ in range(2):
        told = recycled(capsys, accounts="b.csv")
        assert told["counts"] == {"rated": 1, "suspended": 1}
    for _ in range(2):
        told = closed(capsys, accounts="b.csv")
        assert told["counts"] == {"rated": 2}
    states = [entry["state"] for entry in json.loads(Path("out", "manifest.json").read_text())["files"]]
    assert (states, told["files"]) == (["finished", "recycled", "closed"], 1)
    words = arguments(accounts="b.csv")
    words.remove("--usage")
    assert "nothing to do" in refused(capsys, words)
    assert "nothing to do" in refused(capsys, [word for word in arguments(out="new") if word != "--usage"])


def test_sessions_that_wait_are_closed_when_it_is_said_and_later_parts_continue_them(here, capsys):
    (here / "a.csv").write_bytes(written([Call("1", seconds=70, session="s", leg=1), Call("2", seconds=5, session="s", leg=2)], "csv"))
    (here / "b.csv").write_bytes(written([Call("3", seconds=4, session="s", leg=3, last=True)], "csv"))
    told = closed(capsys, "a.csv")
    assert (told["counts"], told["amount_micros"]) == ({"rated": 1, "merged": 1}, cost(75))
    told = rate(capsys, "b.csv")
    assert (told["counts"], told["amount_micros"]) == ({"rated": 2, "merged": 1}, cost(79))
    found = assert_reconciled(told)["rated"]
    assert [why.split(":")[0] for why in found["closed"]] == ["closed", "continuation"]


def test_dying_at_every_step_to_the_disk_it_ends_as_if_undisturbed(here, capsys, monkeypatch):
    (here / "some.csv").write_text(SOME)
    (here / "every.csv").write_text(EVERY)
    first, second = two_halves(here)
    for out in ("out", "undisturbed"):
        rate(capsys, *first, accounts="some.csv", out=out)

    def act(out="out"):
        assert main([*arguments(second[0], accounts="every.csv", out=out), "--recycle", "--close"]) == DONE
        return json.loads(capsys.readouterr().out.splitlines()[-1])

    undisturbed = act("undisturbed")
    told, steps = dying_at_every_step(monkeypatch, capsys, act)
    assert steps > 10
    assert [told[key] for key in ("records", "counts", "amount_micros", "files")] == [
        undisturbed[key] for key in ("records", "counts", "amount_micros", "files")
    ]
    expected = tables("undisturbed")
    for name, frame in assert_reconciled(told).items():
        assert_frame_equal(frame, expected[name])


def test_killed_while_it_tries_again_and_while_it_closes_it_ends_as_if_undisturbed(here, capsys):
    (here / "some.csv").write_text(SOME)
    (here / "every.csv").write_text(EVERY)
    first, second = two_halves(here)
    for out in ("out", "undisturbed"):
        rate(capsys, *first, accounts="some.csv", out=out)
    words = [*arguments(second[0], accounts="every.csv"), "--recycle", "--close"]
    parts = here / "out" / "parts"
    for number in (6, 7, 8):
        assert killed(words, lambda _, number=number: any(parts.glob(f"{number:06}*")))
    finished(words)
    finished([word if word != "out" else "undisturbed" for word in words])
    for name, frame in tables().items():
        assert_frame_equal(frame, tables("undisturbed")[name])


@pytest.mark.parametrize("option", ["--recycle", "--close"])
def test_an_empty_folder_has_nothing_that_waits(here, capsys, option):
    (here / "u.csv").write_bytes(written([Call("1")], "csv"))
    assert main([*arguments("u.csv"), option]) == DONE
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["counts"] == {"rated": 1}
