"""The run folder: written whole or not at all, and read back."""

import json
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from ossbss.errors import BadInputError
from sim.testbed.tables import content_hash

MANIFEST = "manifest.json"
CATALOGUE_FILE, NETWORK_FILE = "catalogue.yaml", "network.json"
"""The price list of the run and, where the scenario's network is a file, that: both beside scenario.yaml."""


class NotARunFolderError(BadInputError):
    """The folder holds no run."""


def require_free(folder: Path, mark: str = MANIFEST, what: str = "run") -> None:
    """NotARunFolderError where writing there would replace anything but an earlier one, known by the file ``mark``."""
    if folder.exists() and not folder.is_dir():
        raise NotARunFolderError(f"{folder} is a file; name a folder with --out")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / mark).is_file():
        raise NotARunFolderError(f"{folder} is not empty and holds no {what}; name another with --out")


@contextmanager
def written_whole(folder: Path) -> Iterator[Path]:
    """An empty draft beside the folder, which takes its place at the end; after a failure nothing has changed."""
    draft = folder.with_name(f".{folder.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        yield draft
        shutil.rmtree(folder, ignore_errors=True)
        draft.replace(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@dataclass(frozen=True, eq=False)
class Content:
    """What one run folder holds: tables, texts by file name, and what the manifest says of the run."""

    tables: Mapping[str, pl.DataFrame]
    texts: Mapping[str, str]
    about: Mapping[str, Any]


def write(folder: Path, contents: Mapping[str, Content]) -> None:
    """Each content in its place below the folder ("" is the folder itself).

    Everything is written beside the folder and moved into place at the end; an earlier run there is replaced.
    """
    require_free(folder)
    with written_whole(folder) as draft:
        for place, content in contents.items():
            _fill(draft / place, content)


def _fill(folder: Path, content: Content) -> None:
    """Tables as Parquet, texts as they are, and a manifest with rows and content hash of each table."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in content.tables.items():
        frame.write_parquet(folder / f"{name}.parquet")
    for name, text in content.texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    hashes = {name: {"rows": frame.height, "sha256": content_hash(frame)} for name, frame in content.tables.items()}
    manifest = {**content.about, "versions": _versions(), "tables": hashes}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def read_tables(folder: Path, without: Collection[str] = ()) -> dict[str, pl.DataFrame]:
    """Every table the manifest names but those left out."""
    names = [name for name in read_manifest(folder)["tables"] if name not in without]
    return {name: pl.read_parquet(folder / f"{name}.parquet") for name in names}


def read_manifest(folder: Path) -> dict[str, Any]:
    """NotARunFolderError where the folder holds no run."""
    try:
        found: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise NotARunFolderError(f"{folder} holds no run: no readable {MANIFEST} in it") from None
    return found


def _versions() -> dict[str, str]:
    return {name: version(name) for name in ("ossbss", "simpy", "numpy", "polars", "topohub")}
