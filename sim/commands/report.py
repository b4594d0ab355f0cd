"""``ossbss report``: draw a run's report anew."""

import argparse
from pathlib import Path

from ossbss.errors import DONE

HELP = "write a run's report anew and print where it is"


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", help="a run folder")


def main(chosen: argparse.Namespace) -> int:
    from sim.testbed.run import rewrite_report

    print(rewrite_report(Path(chosen.run)))
    return DONE
