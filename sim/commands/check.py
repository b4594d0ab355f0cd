"""``ossbss check``: is this scenario right, without running it?"""

import argparse
import sys

from ossbss.errors import BAD_INPUT, DONE, BadInputError

HELP = "check scenario files without running them"


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scenarios", nargs="+", metavar="SCENARIO")


def main(chosen: argparse.Namespace) -> int:
    from sim.testbed.scenario import Scenario

    code = DONE
    for name in chosen.scenarios:
        try:
            Scenario.load(name)
            print(f"{name}: good")
        except (BadInputError, OSError) as error:
            print(error, file=sys.stderr)
            code = BAD_INPUT
    return code
