"""A run: a scenario played, with its rivals where it has any, judged, and written into its folder."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from sim.testbed import folder as run_folder
from sim.testbed.expectations import Verdict, judge
from sim.testbed.paired import PairedSeries, play_pairs, seeds_to_play
from sim.testbed.play import Played, Progress, play, view_of
from sim.testbed.resolved import resolved_files
from sim.testbed.scenario import Scenario
from sim.testbed.view import RunView

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Series = Mapping[tuple[str, str], PairedSeries]


@dataclass(frozen=True, eq=False)
class Run:
    """A finished run. ``kpis``: name → value (None where undefined; ``kpi_details`` says why).

    ``series``: (KPI, variant) → the paired runs on many seeds, where they were asked for.
    """

    scenario: Scenario
    view: RunView
    kpi_details: dict[str, dict[str, Any]]
    verdicts: list[Verdict]
    folder: Path
    series: Series

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


def run(
    scenario: Scenario, folder: Path | str | None = None, progress: Progress | None = None, paired: bool = False
) -> Run:
    """Play the scenario and write its run folder (``default_folder`` when none is given).

    Variants that its expectations are held against are played on the same seed, into ``variants`` of that folder;
    ``paired`` also plays the seeds that clauses with ``seeds`` ask for.
    """
    target = Path(folder) if folder else default_folder(scenario)
    run_folder.require_free(target)
    dump, clauses = target.absolute().with_name(f"{target.absolute().name}-broken"), scenario.spec.expect
    names = sorted({clause.rival for clause in clauses if clause.rival and not clause.seeds})
    shares = _Shares(progress or (lambda _: None), 1 + len(names) + (seeds_to_play(clauses) if paired else 0))
    played = play(scenario, dump, shares.next())
    rivals = {name: play(scenario.sibling(name, scenario.seed), dump, shares.next()) for name in names}
    pairs = play_pairs(scenario, lambda one: play(one, dump, shares.next()).kpis) if paired else {}
    verdicts = judge(clauses, played.evidence({name: rival.kpis for name, rival in rivals.items()}, pairs))
    contents = {"": _content(played, verdicts, pairs)}
    contents |= {f"variants/{name}": _content(p, judge(p.scenario.spec.expect, p.evidence()), {})
                 for name, p in rivals.items()}  # fmt: skip
    run_folder.write(target, contents)
    return Run(scenario, played.view, played.kpis, verdicts, target, pairs)


class _Shares:
    """Progress of several plays as one."""

    def __init__(self, progress: Progress, plays: int) -> None:
        self.progress, self.plays, self.begun = progress, plays, 0

    def next(self) -> Progress:
        """The progress of the next play."""
        self.begun += 1
        before = self.begun - 1
        return lambda part: self.progress((before + part) / self.plays)


def _content(played: Played, verdicts: list[Verdict], series: Series) -> run_folder.Content:
    from sim.testbed.report.page import report_html  # noqa: PLC0415 - matplotlib is slow to import

    scenario = played.scenario
    judged = {"verdicts": [asdict(v) for v in verdicts], "series": [asdict(s) for s in series.values()]}
    texts = {
        **resolved_files(scenario),
        "kpis.json": json.dumps(played.kpis, indent=2, ensure_ascii=False) + "\n",
        "expect.json": json.dumps(judged, indent=2, ensure_ascii=False) + "\n",
        "report.html": report_html(scenario, played.view, played.kpis, verdicts, list(series.values())),
    }
    about = {"scenario": scenario.name, "variant": scenario.variant, "seed": scenario.seed}
    return run_folder.Content(played.view.tables, texts, about)


def rewrite_report(folder: Path) -> Path:
    """Draw the report of a run folder anew from what it holds; the path of the page."""
    from sim.testbed.report.page import report_html  # noqa: PLC0415 - matplotlib is slow to import

    about, tables = run_folder.read_manifest(folder), run_folder.read_tables(folder)
    scenario = replace(Scenario.load(folder / "scenario.yaml"), variant=about["variant"])
    kpis, judged = (run_folder.read_json(folder, name) for name in ("kpis.json", "expect.json"))
    verdicts = [Verdict(**verdict) for verdict in judged["verdicts"]]
    series = [PairedSeries(**one) for one in judged["series"]]
    page = folder / "report.html"
    page.write_text(report_html(scenario, view_of(scenario, tables), kpis, verdicts, series), encoding="utf-8")
    return page
