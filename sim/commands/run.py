"""``ossbss run``: play a scenario."""

import argparse
import json
from typing import Any

from ossbss.errors import DONE, EXPECTATION_FAILED
from sim.commands.overrides import add_choice_of_scenario, chosen_scenario

HELP = "play a scenario; exit 1 when it does not do what it expects"


def options(parser: argparse.ArgumentParser) -> None:
    add_choice_of_scenario(parser)
    parser.add_argument("--paired", action="store_true", help="also judge clauses with seeds: many pairs of runs")
    parser.add_argument("--out", metavar="DIR", help="the run folder (default: runs/NAME-seed-N)")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line of standard output")
    parser.add_argument("--quiet", action="store_true", help="no progress, no table")


def main(chosen: argparse.Namespace) -> int:
    from sim.testbed.report.terminal import progress, show
    from sim.testbed.run import run

    scenario = chosen_scenario(chosen)
    with progress(scenario.name, chosen.quiet) as tick:
        played = run(scenario, chosen.out, tick, chosen.paired)
    if not chosen.quiet:
        show(played)
    if chosen.json:
        print(json.dumps(_summary(played), ensure_ascii=False))
    return DONE if played.passed else EXPECTATION_FAILED


def _summary(played: Any) -> dict[str, Any]:
    verdicts = [vars(verdict) for verdict in played.verdicts]
    return {"scenario": played.scenario.name, "variant": played.scenario.variant, "seed": played.scenario.seed,
            "folder": str(played.folder), "passed": played.passed, "expect": verdicts, "kpis": played.kpis}  # fmt: skip
