"""``ossbss tariff-test``: the usage of a run, and the bundles that wallets bought in it, under other price lists."""

import argparse
import json
from pathlib import Path

from ossbss.errors import DONE

HELP = "bill the usage of a run, or let wallets pay it, under other price lists: revenue, winners and losers"


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", help="a run folder")
    parser.add_argument("--candidate", action="extend", nargs="+", required=True, dest="candidates",
                        metavar="CATALOGUE", help="price lists to try, files or shipped names")  # fmt: skip
    parser.add_argument("--baseline", metavar="CATALOGUE", help="what to compare with (default: the run's own list)")
    parser.add_argument("--out", metavar="DIR", help="write the result, bills by account and a picture here")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line of standard output")


def main(chosen: argparse.Namespace) -> int:
    from sim.testbed.tariff_folder import require_free, write
    from sim.testbed.tariff_test import summary, tariff_test

    out = Path(chosen.out).absolute() if chosen.out else None
    if out:
        require_free(out)
    test = tariff_test(Path(chosen.run), chosen.candidates, chosen.baseline)
    if out:
        write(out, test)
    told = summary(test)
    if chosen.json:
        print(json.dumps(told, ensure_ascii=False))
    else:
        _show(told)
    return DONE


def _show(told: dict[str, object]) -> None:
    from rich.console import Console

    from sim.testbed.report.tariff_table import show

    show(told, Console())
