"""``ossbss normalise``: what vendors' messages say, as alarms in one vocabulary."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from ossbss.commands.times import instant_ms
from ossbss.errors import DONE, BadInputError
from ossbss.mistakes import nearest
from ossbss.oss.elements.dialects import DIALECTS, SYSLOG
from ossbss.oss.elements.normalise import Kind, Record, iso, records

HELP = "read vendors' messages: alarms as JSON lines, rejects beside them"
FILES: dict[Kind, str] = {
    "alarm": "alarms.jsonl", "fact": "facts.jsonl", "measurement": "measurements.jsonl", "rejected": "rejected.jsonl"
}  # fmt: skip
"""What lies in the folder of ``--out``, sorted as the messages were."""
PLURAL: dict[Kind, str] = {"alarm": "alarms", "fact": "facts", "measurement": "measurements", "rejected": "rejected"}
NAMES = (SYSLOG, *DIALECTS)
_SECOND_MS = 1_000


@dataclass
class Counts:
    """What came of a file."""

    messages: int = 0
    kinds: Counter[Kind] = field(default_factory=Counter)
    dialects: Counter[str] = field(default_factory=Counter)


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="messages as they were received")
    known = f"{SYSLOG} (any of its dialects, message by message) or one of {', '.join(DIALECTS)}"
    parser.add_argument("--dialect", metavar="NAME", required=True, help=known)
    received = "when they arrived, ISO 8601 with offset: tells the year of stamps without one (default: when FILE was "
    parser.add_argument("--received", metavar="TIME", help=received + "last written)")
    element = "who speaks where a message does not say (default: FILE's name without its ending)"
    parser.add_argument("--element", metavar="NAME", help=element)
    parser.add_argument("--all", action="store_true", help="facts and measurements too, not only alarms")
    parser.add_argument("--out", metavar="DIR", help=f"write {', '.join(FILES.values())} there")
    parser.add_argument("--json", action="store_true", help="the summary as one JSON object, last on standard output")


def main(chosen: argparse.Namespace) -> int:
    if chosen.dialect not in NAMES:
        mend = nearest(chosen.dialect, NAMES)
        raise BadInputError(f"--dialect: no dialect {chosen.dialect!r}; there are {', '.join(NAMES)}"
                            + (f" → {mend}" if mend else ""))  # fmt: skip
    file, out = Path(chosen.file), Path(chosen.out) if chosen.out else None
    received_ms = _received_ms(chosen.received, file)
    if out:
        _require_free(out)
    with _opened(file) as stream:
        found = records(stream, chosen.dialect, received_ms, chosen.element or file.stem)
        counts = _into_folder(found, out) if out else _onto_streams(found, chosen.all)
    _tell(counts, received_ms, chosen)
    return DONE


def _received_ms(written: str | None, file: Path) -> int:
    if written is None:
        return int(_stat_s(file) * _SECOND_MS)
    return instant_ms("--received", written)


def _stat_s(file: Path) -> float:
    with _opened(file):
        return file.stat().st_mtime


@contextmanager
def _opened(file: Path) -> Iterator[IO[bytes]]:
    if file.is_dir():
        raise BadInputError(f"{file} is a folder → name one file in it")
    if not file.exists():
        mend = nearest(file.name, [path.name for path in file.parent.glob("*")][:1_000])
        raise BadInputError(f"there is no file {file} → {mend or 'check its name and folder'}")
    with file.open("rb") as stream:
        yield stream


def _require_free(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise BadInputError(f"--out: {out} is a file → name a folder")
    others = sorted({path.name for path in out.glob("*")} - set(FILES.values())) if out.exists() else []
    if others:
        raise BadInputError(f"--out: {out} holds something else ({others[0]}) → name a new or an empty folder")


def _into_folder(found: Iterable[tuple[Kind, Record]], out: Path) -> Counts:
    """Under other names until everything is written, so that a half is never taken for the whole."""
    out.mkdir(parents=True, exist_ok=True)
    drafts = {kind: out / f".{name}.part" for kind, name in FILES.items()}
    try:
        with ExitStack() as stack:
            files = {kind: stack.enter_context(path.open("w", encoding="utf-8")) for kind, path in drafts.items()}
            counts = _spread(found, dict(files))
        for kind, path in drafts.items():
            path.replace(out / FILES[kind])
    finally:
        for path in drafts.values():
            path.unlink(missing_ok=True)
    return counts


def _onto_streams(found: Iterable[tuple[Kind, Record]], everything: bool) -> Counts:
    files: dict[Kind, IO[str]] = {"alarm": sys.stdout, "rejected": sys.stderr}
    if everything:
        files |= {"fact": sys.stdout, "measurement": sys.stdout}
    return _spread(found, files)


def _spread(found: Iterable[tuple[Kind, Record]], files: dict[Kind, IO[str]]) -> Counts:
    counts = Counts()
    for kind, record in found:
        counts.kinds[kind] += 1
        counts.dialects[record["dialect"]] += 1
        counts.messages = record["message"]
        if kind in files:
            print(json.dumps(record, ensure_ascii=False), file=files[kind])
    return counts


def _tell(counts: Counts, received_ms: int, chosen: argparse.Namespace) -> None:
    told = {PLURAL[kind]: counts.kinds[kind] for kind in FILES}
    if chosen.json:
        about = {"file": chosen.file, "dialect": chosen.dialect, "received": iso(received_ms), "out": chosen.out}
        dialects = dict(sorted(counts.dialects.items()))
        summary = {**about, "messages": counts.messages, **told, "records_by_dialect": dialects}
        print(json.dumps(summary, ensure_ascii=False))
    said = ", ".join(f"{n} {name}" for name, n in told.items() if n or name in ("alarms", "rejected"))
    print(f"{chosen.file}: {counts.messages} messages, {said}; received {iso(received_ms)}", file=sys.stderr)
