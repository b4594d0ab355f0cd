"""The commands that need no simulator, and the exit code of everything that can go wrong.

The installed ``ossbss`` mounts these beside those of the simulator; ``python -m ossbss.cli`` has them alone.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import NoReturn

from ossbss.commands import check_catalogue, diagnose, normalise, price, rate
from ossbss.errors import BAD_INPUT, BROKEN_INVARIANT, DONE, INTERRUPTED, BadInputError, BrokenInvariantError

COMMANDS: Mapping[str, ModuleType] = {
    "normalise": normalise,
    "diagnose": diagnose,
    "check-catalogue": check_catalogue,
    "price": price,
    "rate": rate,
}
"""A command is a module with HELP, ``options(parser)`` and ``main(chosen) → exit code``."""


class _Parser(argparse.ArgumentParser):
    """Bad arguments exit 2, as all bad input does."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{self.prog}: {message}\n{self.format_usage()}")


def parser(commands: Mapping[str, ModuleType], about: str) -> argparse.ArgumentParser:
    """All of these commands and their options."""
    top = _Parser(prog="ossbss", description=about)
    subparsers = top.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    for name, command in commands.items():
        command.options(subparsers.add_parser(name, help=command.HELP, description=command.HELP))
    return top


def run(commands: Mapping[str, ModuleType], about: str, arguments: Sequence[str] | None) -> int:
    """Run one of these commands and return its exit code."""
    chosen = parser(commands, about).parse_args(arguments)
    try:
        return int(commands[chosen.command].main(chosen))
    except (BadInputError, OSError) as error:
        if isinstance(error, BrokenPipeError):
            sys.stderr.close()
            return DONE
        return _told(str(error), BAD_INPUT)
    except BrokenInvariantError as error:
        return _told(f"broken invariant: {error}", BROKEN_INVARIANT)
    except KeyboardInterrupt:
        return _told("interrupted; nothing was written", INTERRUPTED)


def main(arguments: Sequence[str] | None = None) -> int:
    """The commands that need no simulator, alone."""
    return run(COMMANDS, "A telecom operator's software, without the simulator.", arguments)


def _told(text: str, code: int) -> int:
    print(text, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
