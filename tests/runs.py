"""Runs of the quick suite draw their report only where a test looks at it; ``make test-all`` draws that of every run."""

from pathlib import Path
from typing import Any
from unittest.mock import patch

from sim import Run, Scenario, run

FIBRE_CUT_FEWER = {"population.subscribers": 600, "network.cells_per_site": [1, 1], "world.performance.files": False}
"""What makes the shipped fibre cut quick without changing what it shows."""

draw_every_report = False
"""set before the first test, by whoever starts them all"""


def played(scenario: Scenario, folder: Path, drawn: bool = False, **how: Any) -> Run:
    """``sim.run``, with a report only if it is wanted."""
    if drawn or draw_every_report:
        return run(scenario, folder, **how)
    with patch("sim.testbed.report.page.report_html", return_value=""):
        return run(scenario, folder, **how)
