"""What a batch of CDR files leaves on disk, so that a process that dies at any moment loses and doubles nothing.

```
DIR/parts/000001/…   tables and state of the first file, file.json: the ledger's entry of it
DIR/rated.parquet/000001.parquet …   what was rated with it, which stays as it is: the same file under another name
DIR/unrated.parquet, manifest.json   made of the parts, and made again where a process died on the way
```

A part is written under another name, brought to the disk, and renamed: the rename is what makes its file finished.
"""

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from ossbss.bss.revenue.batch.run import TABLES, Frames
from ossbss.bss.revenue.mediation.cdr import in_order
from ossbss.bss.revenue.mediation.partials import WAITS
from ossbss.errors import BadInputError

try:
    import fcntl
except ImportError:  # no locks on this system
    fcntl = None  # type: ignore[assignment]

LAYOUT = 3
"""of what is kept; another one is not read"""
STATE = ("keys", "keys_forgotten", "over", "held", "left", "used")
PUBLISHED = {"rated": "usage_id", "unrated": "usage_id", "postings": "posting_id"}
"""Table → sort key."""
LASTING = ("rated", "postings")
"""Nothing later changes them: they are published as folders with one file of each part."""
_PARTS, _MANIFEST, _ENTRY, _LOCK, _UNRATED = "parts", "manifest.json", "file.json", ".lock", "unrated.parquet"
_OURS = {_PARTS, _MANIFEST, _LOCK, *(f"{name}.parquet" for name in PUBLISHED)}
Entry = dict[str, Any]


class BatchStore:
    """The folder of one batch. ``files``: the ledger's entries of the finished ones, in their order."""

    def __init__(self, folder: Path) -> None:
        """BadInputError where the folder is something else, or is damaged."""
        self.folder = folder
        self.files: list[Entry] = []
        if folder.exists() and not folder.is_dir():
            raise BadInputError(f"--out: {folder} is a file → name a folder")
        others = sorted({path.name for path in folder.glob("*")} - _OURS) if folder.exists() else []
        if others := [name for name in others if not name.endswith(".tmp")]:
            raise BadInputError(f"--out: {folder} holds something else ({others[0]}) → name a new or an empty folder")
        numbers = sorted(path.name for path in (folder / _PARTS).glob("*") if path.name.isdecimal())
        if numbers != [part_name(number) for number in range(1, len(numbers) + 1)]:
            raise BadInputError(f"--out: parts of {folder} are missing; there are {numbers[:20]} → restore them")
        self.files = [_json(folder / _PARTS / name / _ENTRY) for name in numbers]
        if any(entry["layout"] != LAYOUT for entry in self.files):
            raise BadInputError(f"--out: {folder} was made by another version of ossbss → name a new folder")
        if len(self._told()) > len(numbers):
            raise BadInputError(f"--out: parts of {folder} are missing: its manifest knows more → restore them")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else writes here meanwhile; BadInputError where somebody does. What a dead process began is gone."""
        (self.folder / _PARTS).mkdir(parents=True, exist_ok=True)
        with (self.folder / _LOCK).open("a") as lock:
            if fcntl is not None:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    raise BadInputError(f"--out: another process writes in {self.folder} → wait for it") from None
            for draft in (*self.folder.glob("*.tmp"), *self.folder.glob("*/*.tmp")):
                shutil.rmtree(draft) if draft.is_dir() else draft.unlink()
            yield

    def restored(self) -> Iterator[Frames]:
        """The state after each finished file."""
        for number in range(1, len(self.files) + 1):
            yield {name: self._read(number, name) for name in STATE}

    def suspended(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """What mediation (JUDGED_SCHEMA) and rating (TAKEN_SCHEMA) have put aside and not tried again since."""
        unpriced = self._newest("unpriced")
        stopped = self._newest("unrated").filter(pl.col("state") == "suspended")
        return stopped.join(unpriced, on="usage_id", how="anti", maintain_order="left"), unpriced

    def finish(self, entry: Mapping[str, Any], frames: Frames, beside: Callable[[Path], object]) -> None:
        """One more file is finished. ``beside`` writes for people what it wants into the part's folder."""
        name = part_name(len(self.files) + 1)
        draft, part = self.folder / _PARTS / f"{name}.tmp", self.folder / _PARTS / name
        draft.mkdir()
        for table, frame in frames.items():
            if frame.height or table in LASTING:
                frame.write_parquet(draft / f"{table}.parquet", compression="lz4")
        beside(draft)
        whole = {"layout": LAYOUT, "number": len(self.files) + 1, **entry}
        (draft / _ENTRY).write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
        for path in (*draft.iterdir(), draft):
            _to_disk(path)
        draft.rename(part)
        _to_disk(part.parent)
        self.files.append(whole)

    def publish(self, about: Mapping[str, Any]) -> dict[str, Any]:
        """Make the tables and the manifest of all parts, the manifest last; gives the manifest back."""
        path, places = self.folder / _MANIFEST, self._places()
        tables_are = all(place.is_file() for _, place in places) and (self.folder / _UNRATED).is_file()
        if path.is_file() and tables_are and len(self._told()) == len(self.files):
            return _json(path)
        for source, place in places:
            _also_at(place, source)
        self._replace(_UNRATED, self._unrated().write_parquet)
        tables = {name: {"rows": self._rows(name), "sort": key} for name, key in PUBLISHED.items()}
        manifest = {**about, "tables": tables, "files": list(_counted(self.files, self._words()))}
        text = json.dumps(manifest, ensure_ascii=False, indent=1)
        self._replace(_MANIFEST, lambda draft: draft.write_text(text, encoding="utf-8"))
        return manifest

    def _places(self) -> list[tuple[Path, Path]]:
        """The file of each lasting table of each part, and where it is published."""
        numbers = range(1, len(self.files) + 1)
        return [
            (self._path(number, name), self.folder / f"{name}.parquet" / f"{part_name(number)}.parquet")
            for name in LASTING
            for number in numbers
        ]

    def _unrated(self) -> pl.DataFrame:
        """With the parts of sessions that wait."""
        frames = [self._newest("unrated")]
        if self.files:
            words = [pl.lit("suspended").alias("state"), pl.lit(WAITS).alias("reason")]
            held = self._read(len(self.files), "held")
            frames.append(held.with_columns(words).select(*TABLES["unrated"]))
        return in_order(pl.concat(frames), PUBLISHED["unrated"])

    def _rows(self, name: str) -> int:
        lasting = [self._path(number, name) for number in range(1, len(self.files) + 1)]
        paths = lasting if name in LASTING else [self.folder / _UNRATED]
        return sum(pl.scan_parquet(path).select(pl.len()).collect().item() for path in paths)

    def _words(self) -> Iterator[pl.DataFrame]:
        """usage_id, state and amount_micros of all records, part by part."""
        micros = pl.lit(0, dtype=pl.Int64).alias("amount_micros")
        yield pl.read_parquet(self.folder / _UNRATED, columns=["usage_id", "state"]).with_columns(micros)
        for number in range(1, len(self.files) + 1):
            rated = pl.read_parquet(self._path(number, "rated"), columns=["usage_id", "amount_micros"])
            yield rated.select("usage_id", pl.lit("rated").alias("state"), "amount_micros")

    def _newest(self, name: str) -> pl.DataFrame:
        """A table of all parts, without what a later part has tried again."""
        again, found = pl.DataFrame(schema=TABLES["again"]), [pl.DataFrame(schema=TABLES[name])]
        for number in range(len(self.files), 0, -1):
            own = self._read(number, name)
            if again.height:
                own = own.join(again, on="usage_id", how="anti", maintain_order="left")
            found.append(own)
            again = pl.concat([again, self._read(number, "again")])
        return pl.concat(found[::-1])

    def _read(self, number: int, name: str) -> pl.DataFrame:
        path = self._path(number, name)
        return pl.read_parquet(path) if path.is_file() else pl.DataFrame(schema=TABLES[name])

    def _path(self, number: int, name: str) -> Path:
        return self.folder / _PARTS / part_name(number) / f"{name}.parquet"

    def _told(self) -> list[Entry]:
        """Files of the manifest."""
        path = self.folder / _MANIFEST
        return list(_json(path)["files"]) if path.is_file() else []

    def _replace(self, name: str, write: Callable[[Path], object]) -> None:
        draft = self.folder / f"{name}.tmp"
        write(draft)
        _to_disk(draft)
        draft.replace(self.folder / name)
        _to_disk(self.folder)


def _also_at(place: Path, source: Path) -> None:
    """The file under another name too; a copy where the file system knows one name of each only."""
    if place.is_file():
        return
    place.parent.mkdir(exist_ok=True)
    try:
        os.link(source, place)
    except OSError:
        draft = place.with_suffix(".tmp")
        shutil.copyfile(source, draft)
        _to_disk(draft)
        draft.replace(place)
    _to_disk(place.parent)


def part_name(number: int) -> str:
    """The name of the part of a file, which is also the run_id of what it rated."""
    return f"{number:06}"


def _counted(files: list[Entry], words: Iterable[pl.DataFrame]) -> Iterator[Entry]:
    """Each entry with what its records are now: rated, or in a state of the unrated; and their money.

    ``words``: usage_id, state and amount_micros of all records, each once.
    """
    numbers = [entry["number"] for entry in files if entry["records"]]
    firsts = pl.Series([entry["first_id"] for entry in files if entry["records"]], dtype=pl.Int64)
    found: dict[int, Counter[str]] = {number: Counter() for number in numbers}
    money: Counter[int] = Counter()
    for each in words:
        place = (firsts.search_sorted(each["usage_id"], side="right") - 1).alias("place")
        sums = each.with_columns(place).group_by("place", "state").agg(pl.len(), pl.col("amount_micros").sum())
        for at, state, records, micros in sums.sort("place", "state").iter_rows():
            found[numbers[at]][state] += records
            money[numbers[at]] += micros
    for entry in files:
        kept = {name: value for name, value in entry.items() if name not in ("layout", "settings")}
        counts = dict(sorted(found.get(entry["number"], {}).items()))
        yield {**kept, "counts": counts, "amount_micros": money[entry["number"]]}


def _json(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BadInputError(f"--out: {path} is damaged: {error} → restore it, or name a new folder") from None
    return found


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
