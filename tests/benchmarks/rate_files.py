"""``ossbss rate`` over Parquet files: read, mediated, rated, posted, written as Parquet; in a process of its own.

The records are those of ``rating``, as elements write them: without zones, which are found from the numbers called, and
without accounts, which come from a table. ``to_parts`` is the CPU time until the last file is finished, its Parquet on
disk; ``command`` all of the command, with the manifest. Modules are imported, and the kernel is compiled, before.
``bare``: reading the same files and writing the rated tables, by Polars alone, nothing in between.
``peak_over_input``: resident memory at most, above that after the imports, over the input's octets as uncompressed Arrow.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from time import process_time
from typing import Any
from unittest.mock import patch

import polars as pl

from ossbss.bss.revenue.batch import published
from ossbss.bss.revenue.batch.store import BatchStore
from ossbss.cli import main
from tests.benchmarks.harness import Result
from tests.benchmarks.rating_rivals.dataset import dataset
from tests.memory import most_resident_mb, resident_mb

RECORDS, SUBSCRIBERS, FILES = 5_000_000, 100_000, 20
NUMBERS = {"on_net": "25470", "off_net": "25472", "international": "4930"}


def write(folder: Path, records: int, subscribers: int, files: int) -> int:
    """Files and accounts; gives the octets of the records as Arrow."""
    data = dataset(records, subscribers)
    digits = (pl.col("quantity") % 10_000_000).cast(pl.String).str.zfill(7)
    called = pl.format("{}{}", pl.col("zone").replace_strict(NUMBERS), digits)
    rows = data.usage.select(
        "subscriber_id", pl.when(pl.col("class") != "data").then(called).alias("destination"), "class",
        pl.format("cell-{}", pl.col("usage_id") % 500).alias("place_id"), "started_ms", "quantity",
    )  # fmt: skip
    each = -(-records // files)
    (folder / "usage").mkdir()
    for number in range(files):
        part = rows[number * each : (number + 1) * each]
        numbered = part.with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("sequence"))
        numbered.write_parquet(folder / "usage" / f"{number:04}.parquet")
    data.accounts.write_parquet(folder / "accounts.parquet")
    return int(rows.to_arrow(compat_level=pl.CompatLevel.oldest()).nbytes + 8 * records)


def arguments(folder: Path, out: str) -> list[str]:
    return [
        "rate", "--catalogue", "shillings-a", "--usage", str(folder / "usage"), "--out", str(folder / out),
        "--accounts", str(folder / "accounts.parquet"), "--received", "2024-07-01T00:00:00Z", "--json",
    ]  # fmt: skip


def alone(warm: Path, folder: Path) -> None:
    """In the process that is measured: prints seconds and memory."""
    took, publish = 0.0, published.publish

    def timed(store: BatchStore, about: dict[str, Any]) -> dict[str, Any]:
        nonlocal took
        began = process_time()
        found = publish(store, about)
        took = process_time() - began
        return found

    with patch.object(published, "publish", timed), redirect_stdout(StringIO()):
        main(arguments(warm, f"out-{os.getpid()}"))
        before_mb, began = resident_mb(), process_time()
        code = main(arguments(folder, f"out-{os.getpid()}"))
        command_s = process_time() - began
    found = {"command_s": command_s, "to_parts_s": command_s - took, "peak_mb": most_resident_mb() - before_mb}
    print(json.dumps({"code": code, **found}))


def bare(folder: Path) -> float:
    """Seconds of reading all and writing what the command has rated of it, file by file."""
    rated = [pl.read_parquet(path) for path in sorted(folder.glob("out-*/rated.parquet/*"))]
    files = sorted((folder / "usage").iterdir())
    began = process_time()
    for path, table in zip(files, rated, strict=True):
        pl.read_parquet(path)
        table.write_parquet(folder / "bare.parquet", compression="lz4")
    return process_time() - began


def measure(repetitions: int, records: int = RECORDS, subscribers: int = SUBSCRIBERS, files: int = FILES) -> Result:
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as name:
        warm, folder = Path(name) / "warm", Path(name) / "all"
        for each in (warm, folder):
            each.mkdir()
        write(warm, 25_000, 500, 1)
        octets = write(folder, records, subscribers, files)
        program = f"from pathlib import Path; from {__name__} import alone; alone(Path({str(warm)!r}), Path({str(folder)!r}))"
        for _ in range(repetitions):
            done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
            said = json.loads(done.stdout.splitlines()[-1])
            assert said.pop("code") == 0
            for key, value in {**said, "bare_s": bare(folder)}.items():
                found.setdefault(key, []).append(value)
            for made in folder.glob("out-*"):
                shutil.rmtree(made)
    figures = {key: statistics.median(values) for key, values in found.items()}
    seconds = {key.removesuffix("_s"): value for key, value in figures.items() if key.endswith("_s")}
    figures |= {"records": records, "files": files, "input_mb": octets / 2**20}
    figures |= {f"{key}_records_per_s": records / value for key, value in seconds.items()}
    ratios = {f"{key}_over_bare_s": seconds[key] / seconds["bare"] for key in ("to_parts", "command")}
    ratios["peak_over_input"] = figures["peak_mb"] / figures["input_mb"]
    return Result("rate_files", figures, ratios, repetitions)
