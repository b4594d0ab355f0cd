"""What really happened. Never leaves ``sim``: only the scorecard joins it with what the systems believe."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

TRUTH_SCHEMA: dict[str, type[pl.DataType]] = {
    "at_ms": pl.Int64,
    "until_ms": pl.Int64,
    "kind": pl.String,
    "subject": pl.String,
    "cause": pl.String,
    "body": pl.String,
}


OUT_OF_WORK = "out_of_work"
"""kind of the facts that tell which items the state of the network held, and how long"""

CHARGING_UNREACHABLE = "charging_unreachable"
"""kind of the facts that tell which core node could not reach the charging ``node``, and how long"""


@dataclass(frozen=True)
class Fact:
    """Something true from ``at_ms`` until before ``until_ms`` (None: to the end of the run)."""

    at_ms: int
    kind: str
    """fault, service_outage, out_of_work (an item of the network's state: ``of`` its kind, ``value``),
    charging_unreachable (of a core node), planned_work, change, disaster, fuel_theft, capacity, what a crew does
    (crew_travel, crew_repair, …), manager_overflow: messages that an element manager had no room for, and what the
    OSS did to the network: command and test, with the services that they interrupted"""
    subject: str
    cause: str
    body: Mapping[str, Any]
    until_ms: int | None = None


@dataclass
class Truth:
    """Facts in the order in which they began."""

    facts: list[Fact] = field(default_factory=list)
    _open: dict[tuple[str, str], int] = field(default_factory=dict)

    def begin(self, fact: Fact) -> None:
        """A fact begins; one of the same kind, subject and cause must not be open."""
        self._open[fact.kind, fact.subject + fact.cause] = len(self.facts)
        self.facts.append(fact)

    def end(self, kind: str, subject: str, cause: str, until_ms: int) -> None:
        """The open fact ends; KeyError where none is open."""
        index = self._open.pop((kind, subject + cause))
        self.facts[index] = replace(self.facts[index], until_ms=until_ms)

    def table(self) -> pl.DataFrame:
        """TRUTH_SCHEMA columns, sorted by time, kind and subject; ``body`` is JSON."""
        rows = [
            (f.at_ms, f.until_ms, f.kind, f.subject, f.cause, json.dumps(dict(f.body), sort_keys=True))
            for f in self.facts
        ]
        frame = pl.DataFrame(rows, schema=TRUTH_SCHEMA, orient="row")
        return frame.sort("at_ms", "kind", "subject", "cause")
