"""Files of usage on disk: which are they, in which order, in which layout, and how is each read?"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from ossbss.bss.revenue.mediation.readers import asterisk, csv_mapped, freeswitch, parquet, tmf635
from ossbss.bss.revenue.mediation.readers.mapping import CsvMapping
from ossbss.bss.revenue.mediation.records import Read
from ossbss.errors import BadInputError
from ossbss.mistakes import DocumentError, Mistake, nearest

FORMATS = ("csv", "asterisk", "freeswitch", "parquet", "tmf635")
_BY_ENDING = {".csv": "csv", ".parquet": "parquet", ".json": "tmf635", ".jsonl": "tmf635", ".ndjson": "tmf635"}
_REJECTS = ".rejects.csv"
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class UsageFile:
    """``file_id``: its name, in a folder with the folders on the way to it."""

    path: Path
    file_id: str
    layout: str


@dataclass(frozen=True)
class Reading:
    """What must be known of the elements that wrote the files."""

    element_id: str
    time_zone: str
    by_account_code: bool = False
    mapping: CsvMapping | None = None

    def look(self, file: UsageFile) -> None:
        """CdrFileError where its beginning, or what a Parquet file tells of itself, shows that it cannot be read."""
        if file.layout == "parquet":
            parquet.look(file.path, file.file_id)
        else:
            next(iter(self.parts(file, file.file_id)), None)

    def parts(self, file: UsageFile, file_id: str) -> Iterator[Read]:
        """The file piece by piece; CdrFileError where it is of another layout."""
        at = (file.path, self.element_id, file_id)
        if file.layout == "parquet":
            return parquet.parts(*at)
        if file.layout == "tmf635":
            return tmf635.parts(*at)
        if file.layout == "asterisk":
            return asterisk.parts(*at, self.time_zone, "accountcode" if self.by_account_code else "src")
        if file.layout == "freeswitch":
            served: freeswitch.Served = "accountcode" if self.by_account_code else "caller_id_number"
            return freeswitch.parts(*at, self.time_zone, served)
        if self.mapping is None:
            raise BadInputError(f"{file.path}: CSV needs a mapping → --mapping FILE, or --format asterisk")
        return csv_mapped.parts(*at, self.mapping)


def usage_files(named: Sequence[str], layout: str | None) -> list[UsageFile]:
    """As they are named, those of a folder in the order of their names; DocumentError with every mistake."""
    found: dict[Path, UsageFile] = {}
    mistakes: list[Mistake] = []
    for name in named:
        top = Path(name)
        paths = sorted(_within(top)) if top.is_dir() else [top]
        if not paths:
            mistakes.append(Mistake(name, None, "this folder holds no file"))
        for path in paths:
            file_id = _text(path.relative_to(top).as_posix() if top.is_dir() else path.name)
            known = layout or _BY_ENDING.get(path.suffix.lower())
            if wrong := _mistake(path, known):
                mistakes.append(wrong)
            elif known is not None:
                found.setdefault(path.resolve(), UsageFile(path, file_id, known))
    files = list(found.values())
    mistakes += _of_one_name(files)
    if mistakes:
        raise DocumentError("--usage", mistakes)
    return files


def _within(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden and not path.name.endswith(_REJECTS):
            yield path


def _mistake(path: Path, layout: str | None) -> Mistake | None:
    if not path.is_file():
        near = nearest(path.name, [p.name for p in path.parent.glob("*")][:1_000])
        return Mistake(_text(str(path)), None, "there is no such file", near or "check its name and folder")
    if layout is None:
        problem = f"the ending {path.suffix!r} does not tell the layout; allowed: {', '.join(FORMATS)}"
        return Mistake(_text(str(path)), None, problem, "name it with --format")
    return None


def _of_one_name(files: Sequence[UsageFile]) -> Iterator[Mistake]:
    first: dict[str, UsageFile] = {}
    for file in files:
        other = first.setdefault(file.file_id, file)
        if other is not file:
            problem = f"two files are called {file.file_id}: {_text(str(other.path))} too"
            yield Mistake(_text(str(file.path)), None, problem, "name the folder above them, or give them other names")


def _text(name: str) -> str:
    """A name with octets that are no UTF-8 is shown without them."""
    return os.fsencode(name).decode("utf-8", "replace")


def digest(path: Path, first: int | None = None) -> str:
    """SHA-256 of the file, or of its first octets."""
    found, left = sha256(), first
    with path.open("rb") as stream:
        while octets := stream.read(_CHUNK if left is None else min(_CHUNK, left)):
            found.update(octets)
            left = None if left is None else left - len(octets)
    return found.hexdigest()
