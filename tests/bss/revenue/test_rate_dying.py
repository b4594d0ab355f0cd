"""``ossbss rate``: a process may die at any moment, and the same command ends as if it had not."""

import json
import random
import shutil
import time
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from tests.bss.revenue.batches import many_files
from tests.bss.revenue.rate_command import (
    arguments,
    assert_reconciled,
    dying_at_every_step,
    finished,
    killed,
    rate,
    tables,
)


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


def test_dying_at_every_step_to_the_disk_in_turn_it_ends_as_if_undisturbed(here, capsys, monkeypatch):
    undisturbed = with_earlier_batch(here, capsys, 3)
    told, steps = dying_at_every_step(monkeypatch, capsys, lambda: rate(capsys, "usage"))
    assert steps > 5
    assert_as_undisturbed(told, undisturbed)


def test_what_a_dead_process_had_begun_is_done_again(here, capsys):
    undisturbed = with_earlier_batch(here, capsys, 2)
    draft = here / "out" / "parts" / "000004.tmp"
    draft.mkdir()
    (draft / "rated.parquet").write_bytes(b"half")
    (here / "out" / "unrated.parquet.tmp").write_bytes(b"half")
    (here / "out" / "rated.parquet" / "000003.tmp").write_bytes(b"half")
    assert_as_undisturbed(rate(capsys, "usage"), undisturbed)
    (here / "out" / "manifest.json").unlink()
    (here / "out" / "unrated.parquet").unlink()
    (here / "out" / "rated.parquet" / "000002.parquet").unlink()
    assert_as_undisturbed(rate(capsys, "usage"), undisturbed)


def test_where_a_file_has_one_name_only_it_is_copied(here, capsys, monkeypatch):
    undisturbed = with_earlier_batch(here, capsys, 2)

    def refuse(source, place):
        raise PermissionError(place)

    monkeypatch.setattr("os.link", refuse)
    told, steps = dying_at_every_step(monkeypatch, capsys, lambda: rate(capsys, "usage"))
    assert steps > 5
    assert_as_undisturbed(told, undisturbed)
