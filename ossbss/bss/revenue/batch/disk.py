"""Steps to the disk after which a process may die: either they are done or nothing is."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ossbss.errors import BadInputError

DRAFT = ".tmp"
"""Ending of what is not whole yet."""


def to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replaced(path: Path, write: Callable[[Path], object]) -> None:
    """The file as ``write`` makes it, in place of an older one."""
    draft = path.with_name(f"{path.name}{DRAFT}")
    write(draft)
    to_disk(draft)
    draft.replace(path)
    to_disk(path.parent)


def also_at(place: Path, source: Path) -> None:
    """The file under another name too; a copy where the file system gives each but one."""
    if place.is_file():
        return
    place.parent.mkdir(exist_ok=True)
    try:
        os.link(source, place)
    except OSError:
        replaced(place, lambda draft: shutil.copyfile(source, draft))
    to_disk(place.parent)


def json_of(path: Path) -> dict[str, Any]:
    """BadInputError where it is damaged."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BadInputError(f"--out: {path} is damaged: {error} → restore it, or name a new folder") from None
    return found
