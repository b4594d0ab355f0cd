"""``ossbss rate``: files of usage into rated usage, what could not be rated, and postings."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ossbss.errors import DONE, INTERRUPTED, BadInputError

if TYPE_CHECKING:
    import polars as pl

    from ossbss.bss.product.catalogue import Catalogue
    from ossbss.bss.revenue.batch.files import Reading, UsageFile
    from ossbss.bss.revenue.batch.job import Planned
    from ossbss.bss.revenue.batch.run import BatchRun
    from ossbss.bss.revenue.batch.store import BatchStore

HELP = "rate files of usage: rated, unrated and postings as Parquet"
_HOUR_MS = 3_600_000
_HOLD_HOURS = 24
"""How long a session waits for its parts (assumption: elements close a record of a running session each hour)."""
_MOST_HOLD_HOURS = 10_000
Found = TypeVar("Found")


def options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--catalogue", metavar="C", required=True, help="a file, or a shipped name")
    add("--usage", metavar="FILE|FOLDER", nargs="+", default=[], action="extend",
        help="in this order; of a folder all files, in order of their names")  # fmt: skip
    add("--format", choices=("csv", "asterisk", "freeswitch", "parquet", "tmf635"), help="default: by the ending")
    add("--mapping", metavar="FILE", help="what the columns of CSV mean")
    add("--accounts", metavar="A", help="CSV or Parquet; without it every line is its own account on the base offering")
    add("--out", metavar="DIR", required=True, help="a new folder, or one that an earlier batch has made")
    add("--element", metavar="NAME", default="cdr", help="who wrote the files (default: cdr)")
    add("--time-zone", metavar="ZONE", help="of Asterisk's and FreeSWITCH's clocks (default: the catalogue's)")
    add("--by-account-code", action="store_true", help="in their files accountcode names the line, not the number")
    add("--received", metavar="TIME", help="when the files came, ISO 8601 with offset (default: when last written)")
    add("--hold", metavar="HOURS", type=int, default=_HOLD_HOURS,
        help=f"how long a session waits for its parts (default: {_HOLD_HOURS})")  # fmt: skip
    add("--mended", action="store_true", help="files of a name that is finished are the same with lines mended")
    add("--recycle", action="store_true",
        help="first try again what is suspended in DIR: accounts and catalogue may be others than before")  # fmt: skip
    add("--close", action="store_true", help="at the end rate the sessions that wait with the parts they have")
    add("--json", action="store_true", help="the summary as one JSON object, last on standard output")


class Mistakes:
    """All that is wrong, told at once."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def of(self, made: Callable[[], Found]) -> Found | None:
        try:
            return made()
        except (BadInputError, OSError) as error:
            self.texts.append(str(error))
            return None

    def tell(self) -> None:
        if self.texts:
            raise BadInputError("\n".join(dict.fromkeys(self.texts)))


def main(chosen: argparse.Namespace) -> int:
    from ossbss.bss.revenue.batch.job import close, recycle, restored, work
    from ossbss.bss.revenue.batch.published import publish

    run, reading, store, plan, about, received_ms = _prepared(chosen)
    done: list[Any] = []
    with store.alone():
        try:
            restored(run, store)
            if chosen.recycle:
                recycle(run, store, about["settings"], received_ms)
            with _progress(len(plan.todo)) as tell:
                for entry in work(plan.todo, run, store, reading, about["settings"], received_ms):
                    done.append(entry)
                    tell(entry["name"])
            if chosen.close:
                close(run, store, about["settings"], received_ms)
            manifest = publish(store, about)
        except KeyboardInterrupt:
            print(f"interrupted; {len(done)} files are finished; the same command goes on", file=sys.stderr)
            return INTERRUPTED
        except BadInputError as error:
            kept = "; files before it are finished; mended, the same command goes on" if done else ""
            raise BadInputError(f"{error}{kept}") from None
    _tell(manifest, len(done), len(plan.finished), chosen)
    return DONE


def _prepared(
    chosen: argparse.Namespace,
) -> "tuple[BatchRun, Reading, BatchStore, Planned, dict[str, Any], int | None]":
    """Everything checked, nothing written; BadInputError with all mistakes."""
    from ossbss.bss.product.shipped import find_catalogue
    from ossbss.bss.revenue.batch.files import usage_files
    from ossbss.bss.revenue.batch.run import BatchRun
    from ossbss.bss.revenue.batch.store import BatchStore
    from ossbss.commands.times import instant_ms

    wrong = Mistakes()
    catalogue = wrong.of(lambda: find_catalogue(chosen.catalogue))
    accounts = wrong.of(lambda: _accounts(chosen, catalogue))
    reading = wrong.of(lambda: _reading(chosen, catalogue))
    files = wrong.of(lambda: usage_files(chosen.usage, chosen.format))
    store = wrong.of(lambda: BatchStore(Path(chosen.out)))
    received_ms = wrong.of(lambda: instant_ms("--received", chosen.received)) if chosen.received else None
    wrong.of(lambda: _require_apart(chosen))
    if not (chosen.usage or chosen.recycle or chosen.close):
        wrong.texts.append("--usage: nothing to do → name files, or --recycle or --close")
    if not 0 < chosen.hold <= _MOST_HOLD_HOURS:
        wrong.texts.append(f"--hold: {chosen.hold} hours; from 1 to {_MOST_HOLD_HOURS} are allowed")
    plan = wrong.of(lambda: _plan(chosen, files or [], store, reading)) if store and reading else None
    run = wrong.of(lambda: _run(BatchRun, catalogue, accounts, chosen)) if catalogue and accounts is not None else None
    about = wrong.of(lambda: _about(chosen, store, catalogue)) if catalogue and store else None
    wrong.tell()
    made: Any = (run, reading, store, plan, about, received_ms)  # none is None, else it was told
    return made  # type: ignore[no-any-return]


def _require_apart(chosen: argparse.Namespace) -> None:
    out = Path(chosen.out).resolve()
    for name in chosen.usage:
        if Path(name).is_dir() and out.is_relative_to(Path(name).resolve()):
            raise BadInputError(f"--out: {chosen.out} lies in {name}, which is read as usage → name a folder elsewhere")


def _accounts(chosen: argparse.Namespace, catalogue: "Catalogue | None") -> "pl.DataFrame | str | None":
    from zoneinfo import ZoneInfo

    from ossbss.bss.customer.accounts_file import read_accounts

    if chosen.accounts is not None:
        zone = catalogue.zone if catalogue else ZoneInfo("UTC")
        return read_accounts(Path(chosen.accounts), zone, catalogue)
    bases = [offering.id for offering in catalogue.offerings if offering.kind == "base"] if catalogue else [""]
    if len(bases) != 1:
        there = f"there are {', '.join(bases)}" if bases else "there is none"
        raise BadInputError(
            f"--accounts: without it the catalogue must have one base offering; {there} → say who has which"
        )
    return bases[0]


def _reading(chosen: argparse.Namespace, catalogue: "Catalogue | None") -> "Reading":
    from zoneinfo import available_timezones

    from ossbss.bss.revenue.batch.files import Reading
    from ossbss.bss.revenue.mediation.readers.mapping import read_mapping
    from ossbss.documents import text_of
    from ossbss.mistakes import nearest

    zone = chosen.time_zone or (catalogue.time_zone if catalogue else "UTC")
    if zone not in available_timezones():
        mend = nearest(zone, available_timezones()) or "for example Africa/Nairobi"
        raise BadInputError(f"--time-zone: {zone!r} is no time zone of the IANA database → {mend}")
    if chosen.mapping is None:
        return Reading(chosen.element, zone, chosen.by_account_code)
    if chosen.format not in (None, "csv"):
        raise BadInputError(f"--mapping: {chosen.format} needs none → leave it out, or --format csv")
    mapping = read_mapping(text_of(Path(chosen.mapping), chosen.mapping), chosen.mapping)
    return Reading(chosen.element, zone, chosen.by_account_code, mapping)


def _plan(
    chosen: argparse.Namespace, files: "Iterable[UsageFile]", store: "BatchStore", reading: "Reading"
) -> "Planned":
    from ossbss.bss.revenue.batch.job import planned, unreadable
    from ossbss.mistakes import DocumentError

    plan = planned(files, chosen.element, store.files, mended=chosen.mended)
    texts = list(unreadable(plan.todo, reading))
    if plan.mistakes:
        texts.append(str(DocumentError("--usage", plan.mistakes)))
    if texts:
        raise BadInputError("\n".join(dict.fromkeys(texts)))
    return plan


def _run(
    made: "type[BatchRun]", catalogue: "Catalogue", accounts: "pl.DataFrame | str", chosen: argparse.Namespace
) -> "BatchRun":
    try:
        return made(catalogue, accounts, chosen.hold * _HOUR_MS)
    except ValueError as error:
        raise BadInputError(f"{chosen.catalogue}: {error}") from None


def _about(chosen: argparse.Namespace, store: "BatchStore", catalogue: "Catalogue") -> dict[str, Any]:
    """Versions and settings; BadInputError where the folder was made with others."""
    from importlib.metadata import version

    from ossbss.bss.product.shipped import catalogue_file
    from ossbss.bss.revenue.batch.files import digest
    from ossbss.bss.revenue.batch.job import other_settings

    settings = {
        "catalogue": digest(catalogue_file(chosen.catalogue)),
        "accounts": digest(Path(chosen.accounts)) if chosen.accounts else None,
        "mapping": digest(Path(chosen.mapping)) if chosen.mapping else None,
        "hold_hours": chosen.hold,
    }
    others = other_settings(store.files, settings)
    if mendable := [name for name in others if name in ("catalogue", "accounts")] if chosen.recycle else []:
        others = [name for name in others if name not in mendable]
    if others:
        mend = "name a new folder" + ("" if {"mapping", "hold_hours"} & {*others} else ", or --recycle")
        raise BadInputError(f"--out: {chosen.out} was made with another {' and '.join(others)} → {mend}")
    versions = {name: version(name) for name in ("ossbss", "polars", "pyarrow")}
    return {"versions": versions, "currency": catalogue.currency, "settings": settings}


@contextmanager
def _progress(total: int) -> Iterator[Callable[[str], None]]:
    """A bar on a terminal, nothing elsewhere."""
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("rating", total=total)
        yield lambda name: bar.update(task, advance=1, description=escape(name))


def _tell(manifest: dict[str, Any], done: int, skipped: int, chosen: argparse.Namespace) -> None:
    from ossbss.bss.revenue.batch.job import FINISHED

    counts: Counter[str] = Counter()
    for entry in manifest["files"]:
        counts.update(entry["counts"])
    records = sum(entry["records"] for entry in manifest["files"])
    micros = sum(entry["amount_micros"] for entry in manifest["files"])
    of_files = sum(entry["state"] == FINISHED for entry in manifest["files"])
    files = {"files_done": done, "files_skipped": skipped, "files": of_files}
    totals = {"records": records, "counts": dict(sorted(counts.items())), "amount_micros": micros}
    said = ", ".join(f"{number} {state}" for state, number in sorted(counts.items()))
    print(f"{chosen.out}: {done} files rated, {skipped} finished before; all in all {records} records: {said}; "
          f"{micros} micro-units of {manifest['currency']}", file=sys.stderr)  # fmt: skip
    if chosen.json:
        print(json.dumps({"out": chosen.out, **files, **totals, "currency": manifest["currency"]}, ensure_ascii=False))
