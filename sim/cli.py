"""The ``ossbss`` command."""

import argparse
from collections.abc import Sequence


def parser() -> argparse.ArgumentParser:
    """The command line; heavy imports wait until a command needs them."""
    return argparse.ArgumentParser(prog="ossbss", description=__doc__)


def main(argv: Sequence[str] | None = None) -> int:
    parser().parse_args(argv)
    return 0
