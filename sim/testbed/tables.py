"""The tables of a run: fixed columns, a stated sort key, and a hash over their content."""

import json
from collections.abc import Mapping
from hashlib import sha256
from math import isfinite
from typing import Any

import polars as pl

from sim.testbed.journal import Journal

SORT_KEYS: Mapping[str, tuple[str, ...]] = {
    "journal": ("position",),
    "truth": ("at_ms", "kind", "subject", "cause"),
    "attempts": ("intent_id", "attempt"),
    "counters": ("element_id", "object", "counter", "interval_start_ms"),
    "usage": ("known_ms", "element_id", "sequence"),
    "accounts": ("subscriber_id", "valid_from_ms"),
    "rated": ("usage_id",),
    "unrated": ("usage_id", "state", "reason"),
    "postings": ("posting_id",),
    "invoices": ("invoice_id",),
    "invoice_lines": ("invoice_id", "line"),
    "alarms": ("occurred_ms", "alarm_id"),
    "incidents": ("known_ms", "incident_id"),
    "impacts": ("known_ms", "incident_id"),
    "service_problems": ("known_ms", "problem_id"),
    "actions": ("occurred_ms", "action_id"),
    "tests": ("occurred_ms", "test_id"),
    "tickets": ("opened_ms", "ticket_id"),
    "charges": ("position",),
    "wallets": ("wallet_id",),
}

_TEXT, _INT, _BOOL = pl.String, pl.Int64, pl.Boolean
_BELIEFS: Mapping[str, tuple[str, dict[str, type[pl.DataType]]]] = {
    "alarms": ("alarm", {
        "alarm_id": _TEXT, "alarmed_object": _TEXT, "event_type": _TEXT, "probable_cause": _TEXT, "qualifier": _TEXT,
        "perceived_severity": _TEXT, "source": _TEXT, "occurred_ms": _INT, "occurred_uncertainty_ms": _INT,
        "known_ms": _INT, "text": _TEXT, "repeats": _INT, "cleared_ms": _INT, "clear_known_ms": _INT,
        "clear_uncertainty_ms": _INT, "operator_state": _TEXT, "shelf": _TEXT, "flaps": _INT, "flapping": _BOOL,
        "suppressed": _BOOL, "held": _BOOL, "unknown": _BOOL,
    }),
    "incidents": ("incident", {
        "incident_id": _TEXT, "state": _TEXT, "root_cause_resource": _TEXT, "kind": _TEXT, "mode": _TEXT,
        "equivalents": _TEXT, "alarms": _TEXT, "complaints": _TEXT, "probability_milli": _INT, "margin_milli": _INT,
        "occurred_ms": _INT, "known_ms": _INT, "ruled_out": _TEXT, "crew_id": _TEXT, "closed_ms": _INT,
    }),
    "service_problems": ("service_problem", {
        "problem_id": _TEXT, "service_id": _TEXT, "state": _TEXT, "occurred_ms": _INT,
        "occurred_uncertainty_ms": _INT, "known_ms": _INT, "incident_id": _TEXT, "root_cause_resource": _TEXT,
        "source": _TEXT, "resolved_ms": _INT, "resolved_uncertainty_ms": _INT, "resolved_known_ms": _INT,
    }),
    "actions": ("action", {
        "action_id": _TEXT, "incident_id": _TEXT, "kind": _TEXT, "target": _TEXT, "state": _TEXT,
        "occurred_ms": _INT, "known_ms": _INT, "ended_ms": _INT, "attempt": _INT, "reason": _TEXT,
    }),
    "tests": ("test", {
        "test_id": _TEXT, "incident_id": _TEXT, "method": _TEXT, "target": _TEXT, "from_node": _TEXT,
        "cost_milli": _INT, "bits_milli": _INT, "occurred_ms": _INT, "known_ms": _INT, "outcome": _TEXT,
        "cause_before": _TEXT, "cause_after": _TEXT, "distance_m": _INT,
    }),
}  # fmt: skip
"""Table → noun in the journal, and its columns; lists become JSON texts."""


def beliefs(journal: Journal) -> dict[str, pl.DataFrame]:
    """The OSS's records as the journal last told them: alarms, incidents, service problems, actions, tests."""
    found = {}
    for name, (noun, schema) in _BELIEFS.items():
        rows = [
            [_cell({"alarm_id": subject, **body, **_sureness(body)}.get(column)) for column in schema]
            for subject, body in journal.latest(noun).items()
        ]
        found[name] = pl.DataFrame(rows, schema=schema, orient="row")
    return found


_STATES = ("down", "at_risk", "degraded")


def impacts(journal: pl.DataFrame) -> pl.DataFrame:
    """Every change of what an incident does: incident_id, known_ms, and for each state how many services and lines."""
    told = journal.filter(pl.col("kind") == "impact.assessed").select("subject", "at_ms", "body")
    rows = [
        (incident, at_ms, *(len(body[s]) for s in _STATES), *(body[f"subscribers_{s}"] for s in _STATES))
        for incident, at_ms, body in ((i, t, json.loads(b)) for i, t, b in told.iter_rows())
    ]
    counts = {name: _INT for part in ("services", "subscribers") for name in (f"{part}_{state}" for state in _STATES)}
    return pl.DataFrame(rows, schema={"incident_id": _TEXT, "known_ms": _INT, **counts}, orient="row")


def _sureness(body: Mapping[str, Any]) -> dict[str, int]:
    """Of a diagnosis, in thousandths; where there is no other explanation the margin is left out, being without end."""
    told = {name: body.get(name) for name in ("probability", "margin")}
    known = {name: value for name, value in told.items() if value is not None and isfinite(value)}
    return {f"{name}_milli": round(1000 * value) for name, value in known.items()}


def _cell(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list | tuple) else value


def ordered(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Each table by its sort key, in the order of SORT_KEYS; KeyError for a table without one."""
    return {name: tables[name].sort(SORT_KEYS[name], maintain_order=True) for name in SORT_KEYS if name in tables}


def content_hash(frame: pl.DataFrame) -> str:
    """SHA-256 over column names, types, nulls and values, row order included; not over any file's bytes.

    TypeError for a column of floats: tables hold integers, booleans and text.
    """
    digest = sha256()
    for column in _plain(frame).iter_columns():
        if column.dtype.is_float():
            raise TypeError(f"column {column.name} holds floats, whose last digit no two machines agree on")
        digest.update(f"{column.name}:{column.dtype};".encode())
        digest.update(column.is_null().to_numpy().tobytes())
        if column.dtype == pl.String:
            texts = column.fill_null("")
            digest.update(texts.str.len_bytes().cast(pl.Int64).to_numpy().astype("<i8").tobytes())
            digest.update("".join(texts.to_list()).encode())
        else:
            digest.update(column.cast(pl.Int64).fill_null(0).to_numpy().astype("<i8").tobytes())
    return digest.hexdigest()


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Each part of a column of records as a column of its own, ``column.part``."""
    parts = [
        [pl.col(name).struct.field(part.name).alias(f"{name}.{part.name}") for part in dtype.fields]
        if isinstance(dtype, pl.Struct) else [pl.col(name)]
        for name, dtype in frame.schema.items()
    ]  # fmt: skip
    return frame.select(part for each in parts for part in each)
