"""``python -m tests.benchmarks [NAME …] [--json]``: every benchmark of this folder, or those named."""

import argparse
import json
import pkgutil
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks.harness import REPETITIONS, Result

NOT_BENCHMARKS = ("harness", "hops", "rating_rivals", "__main__")


def names() -> list[str]:
    """A benchmark is a module of this folder with ``measure(repetitions) → Result``."""
    found = [module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)])]
    return sorted(name for name in found if name not in NOT_BENCHMARKS and not name.startswith("test_"))


def measure_of(name: str) -> Callable[[int], Result]:
    return import_module(f"tests.benchmarks.{name}").measure


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", metavar="NAME", nargs="*", help=f"one of {', '.join(names())}")
    parser.add_argument("--json", action="store_true", help="one JSON object a benchmark, on the last lines")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.names) - set(names()):
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(names())}")
    results = [measure_of(name)(REPETITIONS) for name in chosen.names or names()]
    for result in results:
        if chosen.json:
            print(json.dumps(result.as_json()))
        else:
            Console().print(table(result))
    return 0


def table(result: Result) -> Table:
    about = result.machine
    title = f"{result.name}: medians of {result.repetitions}, Python {about['python']}, {about['processors']} processors"
    shown = Table("figure", title=title, title_justify="left")
    shown.add_column("value", justify="right")
    for name, value in {**result.figures, **result.ratios}.items():
        shown.add_row(name, f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}")
    return shown


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
