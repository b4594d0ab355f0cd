"""The journal: append-only record of what the systems said and did; tables are folds over it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from ossbss.contract.ports import Entry

JOURNAL_SCHEMA: dict[str, type[pl.DataType]] = {
    "position": pl.Int64,
    "at_ms": pl.Int64,
    "occurred_ms": pl.Int64,
    "source": pl.String,
    "kind": pl.String,
    "subject": pl.String,
    "body": pl.String,
}


@dataclass
class Journal:
    """Entries in the order in which they were made; ``at_ms`` is the simulated instant of the step."""

    rows: list[tuple[int, Entry]] = field(default_factory=list)

    def add(self, at_ms: int, entries: Iterable[Entry]) -> None:
        self.rows += [(at_ms, entry) for entry in entries]

    def table(self) -> pl.DataFrame:
        """JOURNAL_SCHEMA columns; ``body`` is JSON with sorted keys."""
        columns = {
            "position": list(range(len(self.rows))),
            "at_ms": [at_ms for at_ms, _ in self.rows],
            "occurred_ms": [e.occurred_ms for _, e in self.rows],
            "source": [e.source for _, e in self.rows],
            "kind": [e.kind for _, e in self.rows],
            "subject": [e.subject for _, e in self.rows],
            "body": [json.dumps(e.body, sort_keys=True, default=list) for _, e in self.rows],
        }
        return pl.DataFrame(columns, schema=JOURNAL_SCHEMA)

    def latest(self, noun: str) -> dict[str, dict[str, Any]]:
        """Subject → the last state of each record of this noun ('incident', 'alarm', …), by first mention."""
        last: dict[str, dict[str, Any]] = {}
        for _, entry in self.rows:
            if entry.kind.split(".")[0] == noun:
                last[entry.subject] = dict(entry.body)
        return last
