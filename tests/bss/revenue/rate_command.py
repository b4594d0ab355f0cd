"""``ossbss rate`` as the tests call it, and what must hold of all that it leaves."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl

from ossbss.bss.revenue.batch import disk
from ossbss.bss.revenue.batch.store import PUBLISHED
from ossbss.cli import main
from ossbss.errors import BAD_INPUT, DONE
from tests.bss.revenue.batches import RECEIVED
from tests.sizes import ROOT

DAY_S = 86_400


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
    return {name: pl.read_parquet(f"{out}/{name}.parquet").sort(key) for name, key in PUBLISHED.items()}


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


ACCOUNTS = """subscriber_id,account_id,offering_id,valid_from,valid_until
ann,home,talk,2020-01-01,
bob,home,talk,2020-01-01,2024-05-06T15:00:00+03:00
bob,work,talk,2024-05-06T15:00:00+03:00,
"""


class DeathError(BaseException):
    """Nothing catches it."""


def dying_at_every_step(monkeypatch, capsys, act):
    """What it gives when it dies at the first step to the disk, begun again at the second, and so on; how many steps."""
    to_disk, steps = disk.to_disk, 0
    while True:
        left = iter(range(steps := steps + 1))

        def step(path, left=left):
            if next(left, None) is None:
                raise DeathError
            to_disk(path)

        monkeypatch.setattr(disk, "to_disk", step)
        try:
            return act(), steps
        except DeathError:
            capsys.readouterr()
