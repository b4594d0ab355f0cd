"""What a run says on the terminal: progress while it goes, a short table when it is done. All on standard error."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from sim.testbed.kpis import value_text
from sim.testbed.play import Progress as Tick
from sim.testbed.run import Run

_SHOWN = ("availability", "mttd_s", "mttr_s", "incidents", "root_cause_exact", "revenue_billed", "revenue_prepaid",
          "revenue_leaked", "credits_total", "credit_error", "contacts")  # fmt: skip


@contextmanager
def progress(name: str, quiet: bool) -> Iterator[Tick | None]:
    """A bar of simulated time; nothing when quiet."""
    if quiet:
        yield None
        return
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(name, total=1.0)
        yield lambda part: bar.update(task, completed=part)


def show(run: Run) -> None:
    """The main figures, each expectation, and where the report is."""
    console = Console(stderr=True)
    table = Table(title=run.scenario.spec.title["en"], title_justify="left", show_header=False, box=None)
    for name in _SHOWN:
        kpi = run.kpi_details[name]
        table.add_row(name, value_text(kpi, run.scenario.catalogue.currency), f"[dim]{kpi['meaning']}")
    console.print(table)
    for verdict in run.verdicts:
        mark = "[green]holds[/]" if verdict.holds else "[red]fails[/]"
        console.print(f"{mark}  {verdict.clause} (found {verdict.found})", highlight=False)
    console.print(f"report: {run.folder / 'report.html'}", highlight=False, soft_wrap=True)
