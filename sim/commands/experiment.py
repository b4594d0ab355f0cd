"""``ossbss experiment``: many runs of one plan, measured against the truth and written down."""

import argparse
import json
from pathlib import Path
from typing import Any

from ossbss.errors import DONE

HELP = "play many random faults and measure the OSS against the truth; or try the probabilities of its diagnosis"
EACH = {"diagnosis": 4, "calibration": 21}


def options(parser: argparse.ArgumentParser) -> None:
    each = "weeks on each network (4), or windows of each kind on each network and mode (21)"
    parser.add_argument("experiment", choices=tuple(EACH), help="what is tried")
    parser.add_argument("--each", type=_positive, metavar="N", help=each)
    parser.add_argument("--seed", type=int, default=1, help="of all that is drawn (default: 1)")
    parser.add_argument("--write", metavar="FILE", help="write what was found as a page")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line of standard output")
    parser.add_argument("--quiet", action="store_true", help="no progress, no page")


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of 1 or more")
    return int(text)


def main(chosen: argparse.Namespace) -> int:
    from sim.testbed.report.terminal import progress

    each = chosen.each or EACH[chosen.experiment]
    command = f"ossbss experiment {chosen.experiment} --each {each} --seed {chosen.seed}"
    with progress(chosen.experiment, chosen.quiet) as tick:
        tried = _diagnosis if chosen.experiment == "diagnosis" else _calibration
        page, values = tried(each, chosen.seed, command, tick or (lambda _: None))
    if chosen.write:
        Path(chosen.write).write_text(page, encoding="utf-8")
    elif not chosen.quiet and not chosen.json:
        print(page)
    if chosen.json:
        print(json.dumps(values))
    return DONE


def _diagnosis(each: int, seed: int, command: str, tick: Any) -> tuple[str, dict[str, Any]]:
    from dataclasses import asdict

    from sim.testbed.experiment.fault_weeks import NETWORKS
    from sim.testbed.experiment.page import diagnosis_page
    from sim.testbed.experiment.play_weeks import play_weeks

    found = play_weeks(tuple(NETWORKS), each, seed, tick)
    values = {"with_tests": asdict(found[True]), "without_tests": asdict(found[False])}
    return diagnosis_page(command, tuple(NETWORKS), found), {"networks": list(NETWORKS), **values}


def _calibration(each: int, seed: int, command: str, tick: Any) -> tuple[str, dict[str, Any]]:
    from dataclasses import asdict
    from itertools import count

    from sim.testbed.experiment.page import calibration_page
    from sim.testbed.windows.trial import MODES, REGIMES, TRIED_ON, calibration_error, outcomes, reliability

    done, total = count(1), each * len(TRIED_ON) * len(MODES) * len(REGIMES)
    found = list(outcomes(TRIED_ON, each, seed, lambda: tick(next(done) / total)))
    bins = reliability(found)
    values = {"windows": len(found), "exact": sum(o.exact for o in found) / len(found),
              "calibration_error": calibration_error(bins), "bins": [asdict(b) for b in bins]}  # fmt: skip
    return calibration_page(command, TRIED_ON, found), values
