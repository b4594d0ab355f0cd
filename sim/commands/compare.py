"""``ossbss compare``: two runs beside each other."""

import argparse
import json
from pathlib import Path

from ossbss.errors import DONE

HELP = "put two runs beside each other: scenario, tables, KPIs, and the same people's outcomes and bills"


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("a", metavar="A", help="a run folder")
    parser.add_argument("b", metavar="B", help="another; every difference is B − A")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of the tables")


def main(chosen: argparse.Namespace) -> int:
    from sim.testbed.compare import compare, read_side

    found = compare(read_side(Path(chosen.a)), read_side(Path(chosen.b)))
    if chosen.json:
        from dataclasses import asdict

        print(json.dumps(asdict(found), ensure_ascii=False, default=float))
    else:
        from sim.testbed.report.answers import print_comparison

        print_comparison(found)
    return DONE
