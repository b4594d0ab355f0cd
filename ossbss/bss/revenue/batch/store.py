"""What a batch of CDR files leaves on disk, so that a process that dies at any moment loses and doubles nothing.

```
DIR/parts/000001/…   tables and state of the first file, file.json: the ledger's entry of it
DIR/rated.parquet/000001.parquet …   what was rated with it, which stays as it is: the same file under another name
DIR/unrated.parquet, manifest.json   made of the parts, and made again where a process died on the way
```

A part is written under another name, brought to the disk, and renamed: the rename is what makes its file finished.
"""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from ossbss.bss.revenue.batch import disk
from ossbss.bss.revenue.batch.run import TABLES, Frames
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
_PARTS, _MANIFEST, _ENTRY, _LOCK, UNRATED = "parts", "manifest.json", "file.json", ".lock", "unrated.parquet"
_OURS = {_PARTS, _MANIFEST, _LOCK, *(f"{name}.parquet" for name in PUBLISHED)}
Entry = dict[str, Any]


class BatchStore:
    """The folder of one batch. ``files``: the ledger's entries of the finished ones, in their order."""

    def __init__(self, folder: Path) -> None:
        """BadInputError where the folder is something else, or is damaged."""
        self.folder, self.manifest = folder, folder / _MANIFEST
        self.files: list[Entry] = []
        if folder.exists() and not folder.is_dir():
            raise BadInputError(f"--out: {folder} is a file → name a folder")
        others = sorted({path.name for path in folder.glob("*")} - _OURS) if folder.exists() else []
        if others := [name for name in others if not name.endswith(disk.DRAFT)]:
            raise BadInputError(f"--out: {folder} holds something else ({others[0]}) → name a new or an empty folder")
        numbers = sorted(path.name for path in (folder / _PARTS).glob("*") if path.name.isdecimal())
        if numbers != [part_name(number) for number in range(1, len(numbers) + 1)]:
            raise BadInputError(f"--out: parts of {folder} are missing; there are {numbers[:20]} → restore them")
        self.files = [disk.json_of(folder / _PARTS / name / _ENTRY) for name in numbers]
        if any(entry["layout"] != LAYOUT for entry in self.files):
            raise BadInputError(f"--out: {folder} was made by another version of ossbss → name a new folder")
        if len(self.told()) > len(numbers):
            raise BadInputError(f"--out: parts of {folder} are missing: its manifest knows more → restore them")

    @property
    def numbers(self) -> range:
        """Of the parts."""
        return range(1, len(self.files) + 1)

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
            for draft in (*self.folder.glob(f"*{disk.DRAFT}"), *self.folder.glob(f"*/*{disk.DRAFT}")):
                shutil.rmtree(draft) if draft.is_dir() else draft.unlink()
            yield

    def restored(self) -> Iterator[Frames]:
        """The state after each finished file."""
        for number in self.numbers:
            yield {name: self.read(number, name) for name in STATE}

    def suspended(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """What mediation (JUDGED_SCHEMA) and rating (TAKEN_SCHEMA) have put aside and not tried again since."""
        unpriced = self.newest("unpriced")
        stopped = self.newest("unrated").filter(pl.col("state") == "suspended")
        return stopped.join(unpriced, on="usage_id", how="anti", maintain_order="left"), unpriced

    def finish(self, entry: Mapping[str, Any], frames: Frames, beside: Callable[[Path], object]) -> None:
        """One more file is finished. ``beside`` writes for people what it wants into the part's folder."""
        name = part_name(len(self.files) + 1)
        draft, part = self.folder / _PARTS / f"{name}{disk.DRAFT}", self.folder / _PARTS / name
        draft.mkdir()
        for table, frame in frames.items():
            if frame.height or table in LASTING:
                frame.write_parquet(draft / f"{table}.parquet", compression="lz4")
        beside(draft)
        whole = {"layout": LAYOUT, "number": len(self.files) + 1, **entry}
        (draft / _ENTRY).write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
        for path in (*draft.iterdir(), draft):
            disk.to_disk(path)
        draft.rename(part)
        disk.to_disk(part.parent)
        self.files.append(whole)

    def newest(self, name: str) -> pl.DataFrame:
        """A table of all parts, without what a later part has tried again."""
        again, found = pl.DataFrame(schema=TABLES["again"]), [pl.DataFrame(schema=TABLES[name])]
        for number in reversed(self.numbers):
            own = self.read(number, name)
            if again.height:
                own = own.join(again, on="usage_id", how="anti", maintain_order="left")
            found.append(own)
            again = pl.concat([again, self.read(number, "again")])
        return pl.concat(found[::-1])

    def read(self, number: int, name: str) -> pl.DataFrame:
        path = self.part(number) / f"{name}.parquet"
        return pl.read_parquet(path) if path.is_file() else pl.DataFrame(schema=TABLES[name])

    def part(self, number: int) -> Path:
        return self.folder / _PARTS / part_name(number)

    def published(self, name: str, number: int) -> Path:
        """Where people find a lasting table of a part."""
        return self.folder / f"{name}.parquet" / f"{part_name(number)}.parquet"

    def told(self) -> list[Entry]:
        """Files of the manifest."""
        return list(disk.json_of(self.manifest)["files"]) if self.manifest.is_file() else []


def part_name(number: int) -> str:
    """The name of the part of a file, which is also the run_id of what it rated."""
    return f"{number:06}"
