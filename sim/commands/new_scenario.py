"""``ossbss new-scenario``: a file to start from."""

import argparse
import shlex
from importlib.resources import files
from pathlib import Path

from ossbss.errors import DONE, BadInputError

HELP = "write a scenario to start from, with every key explained"
_NAME = "my-scenario"


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="the file to write; it must not be there yet")


def main(chosen: argparse.Namespace) -> int:
    path = Path(chosen.file)
    text = files("sim.testbed").joinpath("templates", "scenario.yaml").read_text(encoding="utf-8")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text.replace(f"name: {_NAME} ", f"name: {_name(path)} ", 1))
    except FileExistsError:
        raise BadInputError(f"{path} is there already and is left alone; name another file") from None
    except FileNotFoundError:
        raise BadInputError(f"there is no folder {path.parent}; make it first, or name another") from None
    print(path)
    print(f"ossbss run {shlex.quote(str(path))}")
    return DONE


def _name(path: Path) -> str:
    """The file's name as a scenario may be called: small letters, digits and hyphens."""
    letters = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in path.stem.lower())
    return "-".join(letters.split()) or _NAME
