"""The steps of a trail, the records they are read from, and the error for an id that is not there."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from ossbss.bss.product.catalogue import Catalogue, load_catalogue
from ossbss.documents import nearest
from ossbss.errors import BadInputError
from sim.testbed.folder import CATALOGUE_FILE, read_manifest, read_tables

TRUE_TABLES = ("truth", "attempts")
"""What only the world knows: not even read unless a game master asks."""
_FEW = 10
"""So many ids are named one by one."""


@dataclass(frozen=True)
class Step:
    """One hop: when it happened, when this system knew, and what, in words and as plain values.

    ``several``: it sums up many things, from the first that happened to the last that became known.
    """

    occurred_ms: int
    known_ms: int
    source: str
    text: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    several: bool = False

    @property
    def delay_ms(self) -> int | None:
        return None if self.several else self.known_ms - self.occurred_ms


@dataclass(frozen=True)
class Trail:
    """What was followed, in one line, and hop by hop."""

    subject: str
    headline: str
    steps: Sequence[Step]


@dataclass(frozen=True, eq=False)
class Records:
    """The tables of a finished run, and what was for sale."""

    folder: Path
    about: Mapping[str, Any]
    tables: Mapping[str, pl.DataFrame]
    catalogue: Catalogue

    @property
    def zone(self) -> ZoneInfo:
        """Local time of the run's catalogue."""
        return self.catalogue.zone

    def where(self, table: str, **wanted: Any) -> pl.DataFrame:
        """The rows whose columns have these values."""
        return self.tables[table].filter(*(pl.col(name) == value for name, value in wanted.items()))

    def entries(self, kinds: Collection[str], subjects: Collection[str]) -> Iterator[dict[str, Any]]:
        """Entries of the journal of these kinds about these subjects, in order; ``body`` as plain values."""
        about = pl.col("kind").is_in(list(kinds)) & pl.col("subject").is_in(list(subjects))
        for row in self.tables["journal"].filter(about).iter_rows(named=True):
            yield {**row, "body": json.loads(row["body"])}


def read_records(folder: Path, with_truth: bool = False) -> Records:
    """The records of a run folder; NotARunFolderError where it holds no run."""
    about = read_manifest(folder)
    tables = read_tables(folder, without=() if with_truth else TRUE_TABLES)
    return Records(folder, about, tables, load_catalogue(folder / CATALOGUE_FILE))


def unknown(
    run: Records, noun: str, found: str, known: Sequence[str], span: tuple[int, str, str] | None = None
) -> BadInputError:
    """The error for an id that the run does not have: which there are, and the nearest spelling among ``known``.

    ``span``: number, first and last of all ids, where ``known`` holds only those worth a comparison.
    """
    near = nearest(found, list(known))
    told = _allowed(noun, known, span)
    return BadInputError(f"{run.folder}: no {noun} {found!r}; {told}" + (f" → {near}" if near else ""))


def _allowed(noun: str, known: Sequence[str], span: tuple[int, str, str] | None) -> str:
    if not known:
        return f"this run has no {noun}"
    count, first, last = span or (len(known), known[0], known[-1])
    return f"there are {count:,}, from {first} to {last}" if count > _FEW else f"there are {', '.join(known)}"
