"""The ``ossbss`` command: its subcommands, and the exit code of everything that can go wrong."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import NoReturn

from ossbss.commands import diagnose
from ossbss.errors import BAD_INPUT, BROKEN_INVARIANT, DONE, INTERRUPTED, BadInputError, BrokenInvariantError
from sim.commands import check, compare, new_scenario, report, run, scenarios, tariff_test, trace

COMMANDS: Mapping[str, ModuleType] = {
    "run": run,
    "check": check,
    "scenarios": scenarios,
    "new-scenario": new_scenario,
    "report": report,
    "trace": trace,
    "compare": compare,
    "tariff-test": tariff_test,
    "diagnose": diagnose,
}


class _Parser(argparse.ArgumentParser):
    """Bad arguments exit 2, as all bad input does."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{self.prog}: {message}\n{self.format_usage()}")


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = _Parser(prog="ossbss", description="A flight simulator for a telecom operator.")
    subparsers = top.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    for name, command in COMMANDS.items():
        command.options(subparsers.add_parser(name, help=command.HELP, description=command.HELP))
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    chosen = parser().parse_args(arguments)
    try:
        return int(COMMANDS[chosen.command].main(chosen))
    except (BadInputError, OSError) as error:
        if isinstance(error, BrokenPipeError):
            sys.stderr.close()
            return DONE
        return _told(str(error), BAD_INPUT)
    except BrokenInvariantError as error:
        return _told(f"broken invariant: {error}", BROKEN_INVARIANT)
    except KeyboardInterrupt:
        return _told("interrupted; nothing was written", INTERRUPTED)


def _told(text: str, code: int) -> int:
    print(text, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
