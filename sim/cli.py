"""The ``ossbss`` command: the simulator's subcommands beside those that need no simulator."""

import sys
from collections.abc import Mapping, Sequence
from types import ModuleType

from ossbss import cli as operator_cli
from sim.commands import check, compare, experiment, new_scenario, report, run, scenarios, tariff_test, trace

COMMANDS: Mapping[str, ModuleType] = {
    "run": run,
    "check": check,
    "scenarios": scenarios,
    "new-scenario": new_scenario,
    "report": report,
    "trace": trace,
    "compare": compare,
    "tariff-test": tariff_test,
    "experiment": experiment,
    **operator_cli.COMMANDS,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    return operator_cli.run(COMMANDS, "A flight simulator for a telecom operator.", arguments)


if __name__ == "__main__":
    sys.exit(main())
