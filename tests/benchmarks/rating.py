"""Five million records of 100,000 lines on four plans over two months, rated by the batch engine and by four rivals.

The price list is shillings-a as it is shipped. Rivals: ``decimal``, a plain Python loop (over whole lines with about a
twentieth of the records, a record of them counts as one of all); ``polars``; ``duckdb``; ``hand``, a kernel that knows
this tariff and nothing else, compiled by numba. Each must find the same amount and the same free units for every record,
to the micro-unit, in every repetition. Seconds are of the process, all its threads; medians, in turn.

Two boundaries, each the same for all:
``from_frame``: from the frame of usage with its texts, in the order of coming, to amounts and free units by usage_id.
Everybody finds out what the texts say and brings records into the order of subscriber and time. What lines are entitled
to is given: to the engine as its table (``entitlements_s`` is what that costs apart), to rivals as constants.
``sorted``: from what each likes best of the same records in that order, what texts say being known as numbers, to
amounts and free units: rows for Python, a frame, a table of DuckDB, columns.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from time import process_time
from typing import Any

import polars as pl

from ossbss.bss.product.shipped import find_catalogue
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.cycles import Period
from ossbss.bss.revenue.rating import batch
from ossbss.bss.revenue.rating.entitlements import PURCHASES_SCHEMA, entitlements
from ossbss.bss.revenue.rating.memory import NOTHING_YET
from ossbss.bss.revenue.rating.prepare import prepare, state_of
from ossbss.contract.units import DAY_MS
from tests.benchmarks.harness import PACKAGES, Result, interleaved
from tests.benchmarks.rating_rivals import dataset, decimal_loop, duckdb_sql, polars_frames
from tests.benchmarks.rating_rivals.tariff import FOUND

RECORDS, SUBSCRIBERS = 5_000_000, 100_000
DECIMAL_SHARE = 20
BOUNDARIES = ("from_frame", "sorted")
Rivals = dict[str, Callable[[], Callable[[], object]]]


@dataclass(frozen=True, eq=False)
class Case:
    """``few``: of whole lines, for the loop; ``right``: FOUND by usage_id, by the kernel for this tariff."""

    usage: pl.DataFrame
    few: pl.DataFrame
    accounts: pl.DataFrame
    rules: RuleSet
    right: pl.DataFrame


def entitled_of(accounts: pl.DataFrame, rules: RuleSet) -> pl.DataFrame:
    """What lines have in the two months, and in the third, into which calls may last."""
    span = Period(dataset.STARTS_MS, dataset.ENDS_MS + DAY_MS)
    return entitlements(accounts, pl.DataFrame(schema=PURCHASES_SCHEMA), rules, span)


def case_of(records: int, subscribers: int) -> Case:
    from tests.benchmarks.rating_rivals import hand_kernel

    data = dataset.dataset(records, subscribers)
    lines = data.accounts["subscriber_id"].head(max(subscribers // DECIMAL_SHARE, 1)).implode()
    few = data.usage.filter(pl.col("subscriber_id").is_in(lines))
    rules = RuleSet(find_catalogue("shillings-a"))
    return Case(data.usage, few, data.accounts, rules, hand_kernel.rated(data.usage))


class Checked:
    """Work whose result is looked at after the clock has stopped: before the next is made ready."""

    def __init__(self, right: pl.DataFrame) -> None:
        self.right = right
        self.last: Callable[[], pl.DataFrame] | None = None

    def work(self, rate: Callable[[], Any], frame_of: Callable[[Any], pl.DataFrame]) -> Callable[[], None]:
        self.look()

        def work() -> None:
            found = rate()
            self.last = partial(frame_of, found)

        return work

    def look(self) -> None:
        """AssertionError where it is not right in every record."""
        if self.last is not None:
            found = self.last().select(FOUND).sort("usage_id")
            right = self.right
            if found.height < right.height:  # the loop has but few of them
                right = right.join(found.select("usage_id"), on="usage_id", how="semi")
            assert found.equals(right)
            self.last = None


def from_frame(case: Case, checked: Checked) -> Rivals:
    from tests.benchmarks.rating_rivals import hand_kernel

    entitled, database = entitled_of(case.accounts, case.rules), duckdb_sql.connection()
    works: dict[str, tuple[Callable[[], Any], Callable[[Any], pl.DataFrame]]] = {
        "batch": (lambda: batch.rate(case.usage, entitled, case.rules), lambda found: found[0]),
        "decimal": (lambda: decimal_loop.rated(decimal_loop.rows_of(case.few)), decimal_loop.frame_of),
        "polars": (lambda: polars_frames.rated(case.usage), _same),
        "duckdb": (lambda: duckdb_sql.rated(database, case.usage), _same),
        "hand": (lambda: hand_kernel.rated(case.usage), _same),
    }
    return {name: partial(checked.work, *how) for name, how in works.items()}


def from_sorted(case: Case, checked: Checked) -> Rivals:
    from tests.benchmarks.rating_rivals import hand_kernel

    prepared, database = prepare(case.usage, entitled_of(case.accounts, case.rules), case.rules), duckdb_sql.connection()
    rows, (columns, order) = decimal_loop.rows_of(case.few), hand_kernel.columns_of(case.usage)
    coded = polars_frames.coded(case.usage)
    duckdb_sql.load(database, coded)
    ids = case.usage["usage_id"]

    def engine() -> Any:
        return batch.run(prepared, *state_of(prepared, NOTHING_YET), case.rules)

    def of_engine(found: Any) -> pl.DataFrame:
        named = {"amount_micros": found.amount_micros, "free": found.free}
        return pl.DataFrame({"usage_id": ids.gather(prepared.given.order), **named})

    def of_kernel(found: Any) -> pl.DataFrame:
        return pl.DataFrame({"usage_id": ids.gather(order), "amount_micros": found[0], "free": found[1]})

    works: dict[str, tuple[Callable[[], Any], Callable[[Any], pl.DataFrame]]] = {
        "batch": (engine, of_engine),
        "decimal": (lambda: decimal_loop.rated(rows), decimal_loop.frame_of),
        "polars": (lambda: polars_frames.rated(coded, in_order=True), _same),
        "duckdb": (lambda: duckdb_sql.rated_table(database), _same),
        "hand": (lambda: hand_kernel.rated_columns(columns), of_kernel),
    }
    return {name: partial(checked.work, *how) for name, how in works.items()}


def _same(found: pl.DataFrame) -> pl.DataFrame:
    return found


def measure(repetitions: int, records: int = RECORDS, subscribers: int = SUBSCRIBERS) -> Result:
    case = case_of(records, subscribers)
    counts = {"decimal": case.few.height}
    figures: dict[str, float] = {"records": records, "subscribers": subscribers, "decimal_records": case.few.height}
    ratios = {}
    began = process_time()
    figures["entitlements"] = entitled_of(case.accounts, case.rules).height
    figures["entitlements_s"] = process_time() - began
    for boundary, rivals_of in zip(BOUNDARIES, (from_frame, from_sorted), strict=True):
        checked = Checked(case.right)
        rivals = rivals_of(case, checked)
        for prepare_work in rivals.values():  # compiled, and right, before anything is measured
            prepare_work()()
        seconds = interleaved(rivals, repetitions, process_time)
        checked.look()
        per_s = {name: counts.get(name, records) / taken for name, taken in seconds.items()}
        figures |= {f"{boundary}_{name}_records_per_s": rate for name, rate in per_s.items()}
        ratios |= {f"{boundary}_batch_over_{name}": per_s["batch"] / per_s[name] for name in per_s if name != "batch"}
    versions = {name: version(name) for name in (*PACKAGES, "duckdb", "numba")}
    return Result("rating", figures, ratios, repetitions, versions=versions)
