"""``ossbss trace``: follow one thing through every hop of a run."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ossbss.errors import DONE

if TYPE_CHECKING:
    from sim.testbed.trace.step import Records, Trail

HELP = "follow an incident, a usage record or an account through every hop of a run"


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", help="a run folder")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--incident", metavar="ID", help="from its alarms to the credits that came of it")
    what.add_argument("--usage", metavar="ID", help="from the element's file to the line of the invoice")
    what.add_argument("--account", metavar="ID", help="its contract, usage, trouble, invoices and books")
    parser.add_argument("--truth", action="store_true", help="add what really happened, which only a game master sees")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of the table")


def main(chosen: argparse.Namespace) -> int:
    from sim.testbed.report.answers import print_steps
    from sim.testbed.trace.step import read_records

    run = read_records(Path(chosen.run), chosen.truth)
    trail = _trail(run, chosen)
    if chosen.json:
        print(json.dumps(_plain(run, trail), ensure_ascii=False))
    else:
        print(f"{run.about['scenario']}, seed {run.about['seed']}; local time, {run.zone.key}", file=sys.stderr)
        print_steps(trail, run.zone)
    return DONE


def _trail(run: "Records", chosen: argparse.Namespace) -> "Trail":
    from sim.testbed.trace.account import trace_account
    from sim.testbed.trace.incident import trace_incident
    from sim.testbed.trace.usage import trace_usage

    if chosen.incident is not None:
        return trace_incident(run, chosen.incident)
    return trace_account(run, chosen.account) if chosen.usage is None else trace_usage(run, chosen.usage)


def _plain(run: "Records", trail: "Trail") -> dict[str, Any]:
    steps = [{**vars(step), "delay_ms": step.delay_ms} for step in trail.steps]
    about = {name: run.about[name] for name in ("scenario", "variant", "seed")}
    return {**about, "time_zone": run.zone.key, "subject": trail.subject, "headline": trail.headline, "steps": steps}
