"""Which scenario a command means: file or name, variant, seed, and single values changed."""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.testbed.scenario import Scenario


def add_choice_of_scenario(parser: argparse.ArgumentParser) -> None:
    """The arguments that ``chosen_scenario`` reads."""
    parser.add_argument("scenario", metavar="SCENARIO", help="a file, or the name of a shipped scenario")
    parser.add_argument("--variant", help="play this variant of the scenario")
    parser.add_argument("--seed", type=int, help="another seed")
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", dest="overrides",
                        help="change one value by its dotted key")  # fmt: skip


def chosen_scenario(chosen: argparse.Namespace) -> "Scenario":
    """The scenario, loaded and checked; DocumentError with every mistake."""
    from sim.testbed.scenario import Scenario

    return Scenario.load(chosen.scenario, chosen.seed, chosen.variant, _overrides(chosen.overrides))


def _overrides(pairs: Sequence[str]) -> dict[str, Any]:
    """``path=value``, the value read as YAML."""
    from ossbss.documents import DocumentError, Mistake, read

    found = {}
    for pair in pairs:
        path, equals, value = pair.partition("=")
        if not equals or not path:
            raise DocumentError("--set", [Mistake(pair, None, "it must be PATH=VALUE, such as lasts=1 day")])
        try:
            found[path] = read(f"value: {value}", "--set").data["value"]
        except DocumentError as error:
            said = [replace(mistake, place=path, line=None, source="--set") for mistake in error.mistakes]
            raise DocumentError("--set", said) from None
    return found
