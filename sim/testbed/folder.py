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
_MARK = ".ossbss.json"
"""What was written into a folder, and as what: nothing else may be replaced."""
CATALOGUE_FILE, NETWORK_FILE, OUTAGE_FILE = "catalogue.yaml", "network.json", "outages.csv"
"""The price list of the run and, where the scenario names files, its network and its recorded outages: all beside
scenario.yaml."""


class NotARunFolderError(BadInputError):
    """The folder holds no run."""


def require_free(folder: Path, what: str = "run") -> None:
    """NotARunFolderError where writing there would replace anything but an earlier ``what`` of this program."""
    if folder.exists() and not folder.is_dir():
        raise NotARunFolderError(f"{folder} is a file; name a folder with --out")
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    try:
        mark = json.loads((folder / _MARK).read_text(encoding="utf-8"))
        known = {*mark["files"], _MARK} if mark["what"] == what else set()
    except (OSError, ValueError, KeyError, TypeError):
        known = set()
    if not known:
        raise NotARunFolderError(f"{folder} is not empty and holds no {what}; name another with --out")
    if strangers := sorted(set(_files(folder)) - known):
        told = ", ".join(strangers[:3]) + (" …" if len(strangers) > 3 else "")
        raise NotARunFolderError(f"{folder} also holds {told}: that would be lost; move it, or name another with --out")


def _files(folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()]


@contextmanager
def written_whole(folder: Path, what: str = "run") -> Iterator[Path]:
    """An empty draft beside the folder, which takes its place at the end; after a failure nothing has changed."""
    require_free(folder, what)
    folder = folder.absolute()
    draft = folder.with_name(f".{folder.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        yield draft
        mark = {"what": what, "files": sorted(_files(draft))}
        (draft / _MARK).write_text(json.dumps(mark, indent=1) + "\n", encoding="utf-8")
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
    told = read_manifest(folder)["tables"]
    return {name: _table(folder, name, told[name]["rows"]) for name in told if name not in without}


def _table(folder: Path, name: str, rows: int) -> pl.DataFrame:
    try:
        frame = pl.read_parquet(folder / f"{name}.parquet")
    except (OSError, pl.exceptions.PolarsError):
        raise NotARunFolderError(f"{folder}: table {name} cannot be read; run the scenario anew") from None
    if frame.height != rows:
        raise NotARunFolderError(f"{folder}: table {name} has {frame.height} rows, not {rows}; run the scenario anew")
    return frame


def read_manifest(folder: Path) -> dict[str, Any]:
    """NotARunFolderError where the folder holds no run."""
    found = read_json(folder, MANIFEST)
    if not {"scenario", "seed", "tables"} <= found.keys():
        raise NotARunFolderError(f"{folder} holds no run: its {MANIFEST} is not one of a run")
    return found


def read_json(folder: Path, name: str) -> dict[str, Any]:
    """The object in a file of a run folder; NotARunFolderError where there is none."""
    try:
        found = json.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise NotARunFolderError(f"{folder} holds no run: no readable {name} in it") from None
    if not isinstance(found, dict) or not found:
        raise NotARunFolderError(f"{folder} holds no run: {name} is empty or no JSON object")
    return found


def _versions() -> dict[str, str]:
    return {name: version(name) for name in ("ossbss", "simpy", "numpy", "polars", "topohub")}
