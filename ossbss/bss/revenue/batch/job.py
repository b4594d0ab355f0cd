"""Many CDR files in one go: which are new, which were finished before, and each of the new ones through the run."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from ossbss.bss.revenue.batch.files import Reading, UsageFile, digest
from ossbss.bss.revenue.batch.run import BatchRun, Came, Frames
from ossbss.bss.revenue.batch.store import BatchStore, Entry, part_name
from ossbss.bss.revenue.mediation.records import whole
from ossbss.bss.revenue.mediation.rejects import write_rejects
from ossbss.errors import BadInputError
from ossbss.mistakes import Mistake

FINISHED, RECYCLED, CLOSED = "finished", "recycled", "closed"
"""States of parts: a file, suspended records that were tried again, sessions that were closed."""
_SECOND_MS = 1_000


@dataclass(frozen=True)
class Todo:
    """A file that is not finished. ``file_id``: under which its records are known; None: its own name."""

    file: UsageFile
    sha256: str
    file_id: str | None = None


@dataclass(frozen=True)
class Planned:
    """``finished``: files that need nothing."""

    todo: list[Todo]
    finished: list[UsageFile]
    mistakes: list[Mistake]


def planned(files: Iterable[UsageFile], element_id: str, entries: Sequence[Entry], *, mended: bool) -> Planned:
    """``mended``: a file whose name was finished with other content is that one with lines mended."""
    found = Planned([], [], [])
    for file in files:
        own = [e for e in entries if (e["element_id"], e["name"]) == (element_id, file.file_id)]
        sha256 = digest(file.path)
        if any(entry["sha256"] == sha256 for entry in own):
            found.finished.append(file)
        elif not own:
            found.todo.append(Todo(file, sha256))
        elif own[-1]["file_id"] == file.file_id and (mended or _has_grown(file.path, own[-1])):
            found.todo.append(Todo(file, sha256, file.file_id))
        else:
            problem = f"a file {file.file_id} with other content is finished already"
            mend = "another name; --mended if lines of it were mended"
            found.mistakes.append(Mistake(str(file.path), None, problem, mend))
    return found


def _has_grown(path: Path, entry: Entry) -> bool:
    """Lines were added at its end, as elements write them."""
    octets: int = entry["octets"]
    return path.stat().st_size > octets and digest(path, octets) == str(entry["sha256"])


def unreadable(todo: Iterable[Todo], reading: Reading) -> Iterator[str]:
    """What is wrong with files as a whole, as far as their beginning tells."""
    for each in todo:
        try:
            reading.look(each.file)
        except BadInputError as error:
            yield str(error)


def other_settings(entries: Sequence[Entry], settings: Mapping[str, Any]) -> list[str]:
    """Names of the settings that were others when the newest part was made."""
    made: Mapping[str, Any] = entries[-1]["settings"] if entries else settings
    return [name for name in settings if made.get(name) != settings[name]]


def restored(run: BatchRun, store: BatchStore) -> BatchRun:
    """The run as it was after the last finished file."""
    records = sum(entry["records"] for entry in store.files)
    posted = sum(entry["postings"] for entry in store.files)
    run.restore(store.restored(), records, posted)
    return run


def work(
    todo: Iterable[Todo],
    run: BatchRun,
    store: BatchStore,
    reading: Reading,
    settings: Mapping[str, Any],
    received_ms: int | None,
) -> Iterator[Entry]:
    """Finish one file after another; gives the ledger's entry of each. ``received_ms``: None: when it was written."""
    for each in todo:
        file = each.file
        at_ms = int(file.path.stat().st_mtime * _SECOND_MS) if received_ms is None else received_ms
        file_id = each.file_id or _of_a_copy(each, reading.element_id, store.files) or file.file_id
        octets = file.path.stat().st_size
        read = whole(reading.parts(file, file_id))
        frames = run.take(read, at_ms, part_name(len(store.files) + 1))
        entry = {
            "state": FINISHED,
            "name": file.file_id,
            "file_id": file_id,
            "element_id": reading.element_id,
            "layout_of_file": file.layout,
            "sha256": each.sha256,
            "octets": octets,
            "received_ms": at_ms,
            "first_id": sum(done["records"] for done in store.files) + 1,
            "records": read.counts["records"],
            "postings": frames["postings"].height,
            "settings": dict(settings),
        }
        store.finish(entry, frames, partial(_rejects, read.unrated, Path(file.file_id).name))
        yield store.files[-1]


def recycle(run: BatchRun, store: BatchStore, settings: Mapping[str, Any], received_ms: int | None) -> None:
    """Try again what is suspended, where it has not been tried by these settings; a part of its own."""
    if other_settings(store.files, settings):
        came = [Came(entry["first_id"], entry["received_ms"]) for entry in store.files if entry["records"]]
        at_ms = _newest_ms(store.files) if received_ms is None else received_ms
        frames = run.recycle(*store.suspended(), came, at_ms, part_name(len(store.files) + 1))
        _finish_own(RECYCLED, store, frames, settings, at_ms)


def close(run: BatchRun, store: BatchStore, settings: Mapping[str, Any], received_ms: int | None) -> None:
    """Rate the sessions that wait with the parts they have, where some do; a part of its own."""
    if run.waits:
        at_ms = _newest_ms(store.files) if received_ms is None else received_ms
        frames = run.close(at_ms, part_name(len(store.files) + 1))
        _finish_own(CLOSED, store, frames, settings, at_ms)


def _newest_ms(entries: Sequence[Entry]) -> int:
    return max(int(entry["received_ms"]) for entry in entries)


def _finish_own(state: str, store: BatchStore, frames: Frames, settings: Mapping[str, Any], at_ms: int) -> None:
    """A part that no file has brought: it has no records of its own."""
    entry = {
        "state": state,
        "name": None,
        "element_id": None,
        "sha256": None,
        "received_ms": at_ms,
        "first_id": sum(done["records"] for done in store.files) + 1,
        "records": 0,
        "postings": frames["postings"].height,
        "settings": dict(settings),
    }
    store.finish(entry, frames, lambda _: None)


def _rejects(unrated: pl.DataFrame, name: str, folder: Path) -> None:
    write_rejects(unrated, folder / name)


def _of_a_copy(each: Todo, element_id: str, entries: Sequence[Entry]) -> str | None:
    """A file with the same records under another name is read as the first: then every record is known again."""
    same = (e for e in entries if e["records"] and (e["element_id"], e["sha256"]) == (element_id, each.sha256))
    return next((str(entry["file_id"]) for entry in same), None)
