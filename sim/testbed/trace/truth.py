"""What really happened: only for a game master."""

from collections.abc import Collection, Iterator

import polars as pl

from sim.testbed.report.sentences import fault_text
from sim.testbed.trace.step import Records, Step


def true_faults(run: Records, from_ms: int, until_ms: int) -> Iterator[Step]:
    """Every true fault of that time, whatever anybody believed."""
    meanwhile = (pl.col("at_ms") <= until_ms) & (pl.col("until_ms").fill_null(2**62) >= from_ms)
    for subject, at_ms, over_ms in _facts(run.where("truth", kind="fault").filter(meanwhile)):
        yield Step(at_ms, at_ms, "world.truth", fault_text(subject))
        if over_ms is not None:
            yield Step(over_ms, over_ms, "world.truth", f"{subject} is mended")


def true_outages(run: Records, services: Collection[str]) -> Iterator[Step]:
    """When these services really were out."""
    outages = run.where("truth", kind="service_outage").filter(pl.col("subject").is_in(list(services)))
    for subject, at_ms, over_ms in _facts(outages):
        yield Step(at_ms, at_ms, "world.truth", f"{subject} goes out of service")
        if over_ms is not None:
            yield Step(over_ms, over_ms, "world.truth", f"{subject} serves again")


def _facts(rows: pl.DataFrame) -> Iterator[tuple[str, int, int | None]]:
    return rows.select("subject", "at_ms", "until_ms").iter_rows()
