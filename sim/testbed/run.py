"""Play a scenario: compose, let time pass, close the books, score, write the folder."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from ossbss.contract.units import HOUR_MS
from ossbss.errors import BrokenInvariantError
from sim.testbed import folder as run_folder
from sim.testbed.compose import Composed, compose
from sim.testbed.expectations import Verdict, judge
from sim.testbed.kpis import evaluate
from sim.testbed.scenario import Scenario
from sim.testbed.tables import beliefs, ordered
from sim.testbed.view import RunView

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Progress = Callable[[float], None]
"""Called with the part of the simulated time that has passed, 0 to 1."""


@dataclass(frozen=True, eq=False)
class Run:
    """A finished run. ``kpis``: name → value (None where undefined; ``kpi_details`` says why)."""

    scenario: Scenario
    view: RunView
    kpi_details: dict[str, dict[str, Any]]
    verdicts: list[Verdict]
    folder: Path

    @property
    def kpis(self) -> dict[str, Any]:
        return {name: kpi["value"] for name, kpi in self.kpi_details.items()}

    @property
    def passed(self) -> bool:
        return all(verdict.holds for verdict in self.verdicts)

    def table(self, name: str) -> pl.DataFrame:
        """A table by name; KeyError with the names there are."""
        if name not in self.view.tables:
            raise KeyError(f"no table {name!r}; there are {', '.join(self.view.tables)}")
        return self.view.tables[name]

    def plot(self) -> "Figure":
        """The twin timeline: OSS above, BSS below."""
        from sim.testbed.report.timeline import twin_timeline  # noqa: PLC0415 - matplotlib is slow to import

        return twin_timeline(self.view)


def default_folder(scenario: Scenario) -> Path:
    """``runs/NAME[-VARIANT]-seed-N`` in the current folder."""
    variant = f"-{scenario.variant}" if scenario.variant else ""
    return Path("runs") / f"{scenario.name}{variant}-seed-{scenario.seed}"


def run(scenario: Scenario, folder: Path | str | None = None, progress: Progress | None = None) -> Run:
    """Play the scenario and write its run folder (``default_folder`` when none is given)."""
    target = Path(folder) if folder else default_folder(scenario)
    run_folder.require_free(target)
    composed = compose(scenario)
    try:
        _let_time_pass(composed, scenario, progress or (lambda _: None))
        view = _view(composed, scenario)
        kpis = evaluate(view)
    except Exception as error:
        dump = _dump(composed, target.with_name(f"{target.name}-broken"))
        where = f"scenario {scenario.name}, seed {scenario.seed}; the journal so far is in {dump}"
        raise BrokenInvariantError(f"{type(error).__name__}: {error} ({where})") from error
    played = Run(scenario, view, kpis, _verdicts(scenario, view, kpis), target)
    _write(played)
    return played


def _verdicts(scenario: Scenario, view: RunView, kpis: Mapping[str, Mapping[str, Any]]) -> list[Verdict]:
    first_ms = min(view.truth("fault")["at_ms"].to_list(), default=scenario.spec.starts_ms)
    return judge(scenario.spec.expect, kpis, view.tables["journal"], first_ms)


def _let_time_pass(composed: Composed, scenario: Scenario, progress: Progress) -> None:
    """Hour by hour to the end, the end included; then the running cycle is closed if the scenario says so."""
    starts_ms, ends_ms = scenario.spec.starts_ms, scenario.spec.ends_ms
    composed.exchange.start()
    for now_ms in [*range(starts_ms + HOUR_MS, ends_ms, HOUR_MS), ends_ms]:
        composed.env.run(until=now_ms + 1)
        progress((now_ms - starts_ms) / (ends_ms - starts_ms))
    if scenario.spec.business.close_cycle_at_end:
        composed.journal.add(ends_ms, composed.bss.close_cycle_early(ends_ms).entries)


def _view(composed: Composed, scenario: Scenario) -> RunView:
    tables = {
        "journal": composed.journal.table(),
        "truth": composed.world.truth.table(),
        "attempts": composed.world.traffic.table(),
        **composed.oss.tables(),
        **composed.bss.tables(),
        **beliefs(composed.journal),
    }
    return view_of(scenario, ordered(tables))


def view_of(scenario: Scenario, tables: Mapping[str, pl.DataFrame]) -> RunView:
    """The tables of a run of this scenario, ready to be scored or drawn."""
    spec = scenario.spec
    return RunView(tables, scenario.catalogue, scenario.network, spec.starts_ms, spec.ends_ms)


def _write(played: Run) -> None:
    from sim.testbed.report.page import report_html  # noqa: PLC0415 - matplotlib is slow to import

    scenario = played.scenario
    texts = {
        "scenario.yaml": scenario.resolved_yaml,
        "kpis.json": json.dumps(played.kpi_details, indent=2, ensure_ascii=False) + "\n",
        "report.html": report_html(scenario, played.view, played.kpi_details, played.verdicts),
        **scenario.attachments,
    }
    about = {"scenario": scenario.name, "variant": scenario.variant, "seed": scenario.seed}
    run_folder.write(played.folder, played.view.tables, texts, about)


def _dump(composed: Composed, folder: Path) -> Path:
    """The journal so far, for whoever looks into a broken invariant."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "journal.parquet"
    composed.journal.table().write_parquet(file)
    return file


def rewrite_report(folder: Path) -> Path:
    """Draw the report of a run folder anew from its tables; the path of the page."""
    from sim.testbed.report.page import report_html  # noqa: PLC0415 - matplotlib is slow to import

    about, tables = run_folder.read_manifest(folder), run_folder.read_tables(folder)
    scenario = replace(Scenario.load(folder / "scenario.yaml"), variant=about["variant"])
    view = view_of(scenario, tables)
    kpis = json.loads((folder / "kpis.json").read_text(encoding="utf-8"))
    page = folder / "report.html"
    page.write_text(report_html(scenario, view, kpis, _verdicts(scenario, view, kpis)), encoding="utf-8")
    return page
