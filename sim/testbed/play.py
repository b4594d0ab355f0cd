"""Play one scenario once: compose, let time pass, close the books, score. Nothing is written, but on a broken law."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from ossbss.contract.units import HOUR_MS
from ossbss.errors import BrokenInvariantError
from sim.testbed.compose import Composed, compose
from sim.testbed.expectations import Evidence
from sim.testbed.kpis import evaluate
from sim.testbed.paired import Kpis, PairedSeries
from sim.testbed.scenario import Scenario
from sim.testbed.tables import beliefs, impacts, ordered
from sim.testbed.view import RunView

Progress = Callable[[float], None]
"""Called with the part of the simulated time that has passed, 0 to 1."""


@dataclass(frozen=True, eq=False)
class Played:
    """What came of a scenario. ``kpis``: name → {value, unit, meaning}, and a reason where the value is None."""

    scenario: Scenario
    view: RunView
    kpis: dict[str, dict[str, Any]]

    def evidence(
        self, rivals: Mapping[str, Kpis] | None = None, series: Mapping[tuple[str, str], PairedSeries] | None = None
    ) -> Evidence:
        """What its expectations are judged by."""
        first_ms = min(self.view.truth("fault")["at_ms"].to_list(), default=self.view.starts_ms)
        journal, currency = self.view.tables["journal"], self.scenario.catalogue.currency
        return Evidence(self.kpis, journal, first_ms, currency, rivals or {}, series or {})


def play(scenario: Scenario, dump: Path, progress: Progress) -> Played:
    """BrokenInvariantError names scenario and seed, and the folder ``dump`` into which the journal so far went."""
    composed = compose(scenario)
    try:
        _let_time_pass(composed, scenario, progress)
        view = view_of(scenario, ordered(_tables(composed)))
        return Played(scenario, view, evaluate(view))
    except Exception as error:
        dump.mkdir(parents=True, exist_ok=True)
        file = dump / "journal.parquet"
        composed.journal.table().write_parquet(file)
        where = f"scenario {scenario.name}, seed {scenario.seed}; the journal so far is in {file}"
        raise BrokenInvariantError(f"{type(error).__name__}: {error} ({where})") from error


def _let_time_pass(composed: Composed, scenario: Scenario, progress: Progress) -> None:
    """Hour by hour to the end, the end included; then the running cycle is closed if the scenario says so."""
    starts_ms, ends_ms = scenario.spec.starts_ms, scenario.spec.ends_ms
    composed.exchange.start()
    for now_ms in [*range(starts_ms + HOUR_MS, ends_ms, HOUR_MS), ends_ms]:
        composed.env.run(until=now_ms + 1)
        progress((now_ms - starts_ms) / (ends_ms - starts_ms))
    if scenario.spec.business.close_cycle_at_end:
        composed.journal.add(ends_ms, composed.bss.close_cycle_early(ends_ms).entries)


def _tables(composed: Composed) -> dict[str, pl.DataFrame]:
    journal = composed.journal.table()
    return {
        "journal": journal,
        "truth": composed.world.truth.table(),
        "attempts": composed.world.traffic.table(),
        "counters": composed.world.traffic.counters(),
        **composed.oss.tables(),
        **composed.bss.tables(),
        **beliefs(composed.journal),
        "impacts": impacts(journal),
    }


def view_of(scenario: Scenario, tables: Mapping[str, pl.DataFrame]) -> RunView:
    """The tables of a run of this scenario, ready to be scored or drawn."""
    spec = scenario.spec
    return RunView(tables, scenario.catalogue, scenario.network, spec.starts_ms, spec.ends_ms)
