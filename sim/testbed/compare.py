"""Two runs beside each other: what differs in the scenario, the tables, the KPIs, and account by account."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from ossbss import documents
from sim.testbed.folder import CATALOGUE_FILE, NETWORK_FILE, read_json, read_manifest, read_tables
from sim.testbed.money_kpis import paid_at_once

INTENT = ("intent_id", "subscriber_id", "class", "place_id", "zone", "started_ms", "requested")
"""What somebody wanted, whatever came of it."""


@dataclass(frozen=True)
class Change:
    """A dotted key of the resolved scenario; None where it is absent."""

    key: str
    a: Any
    b: Any


@dataclass(frozen=True)
class Difference:
    """A KPI of both runs; ``difference`` is B − A, None with a ``reason`` where either is undefined."""

    unit: str
    a: int | float | None
    b: int | float | None
    difference: int | float | None
    reason: str = ""

    @property
    def differs(self) -> bool:
        return self.a != self.b


@dataclass(frozen=True)
class Paired:
    """The same intents under both runs: whose luck was another. Money in micro-units, B − A."""

    intents: int
    other_outcome: int
    other_served: int
    outcomes: Sequence[tuple[str, str, int]]
    """outcome in A, outcome in B, attempts; most first"""
    by_service: Sequence[tuple[str, int]]
    """service, attempts with another outcome; most first"""
    invoiced_micros: int
    pay_more: int
    pay_less: int
    pay_equal: int
    wallets_micros: int
    """what wallets paid for usage and bundles"""
    wallets_more: int
    wallets_less: int
    wallets_equal: int


@dataclass(frozen=True)
class Comparison:
    a: Mapping[str, Any]
    b: Mapping[str, Any]
    currency: str
    scenario: Sequence[Change]
    files: Mapping[str, bool]
    """attachment → whether both have the same"""
    tables: Mapping[str, Mapping[str, Any]]
    """name → equal (by content hash), rows_a, rows_b"""
    kpis: Mapping[str, Difference]
    paired: Paired | None
    not_paired: str = ""


@dataclass(frozen=True, eq=False)
class Side:
    """What a run folder holds, read."""

    folder: Path
    manifest: Mapping[str, Any]
    scenario: Mapping[str, Any]
    kpis: Mapping[str, Mapping[str, Any]]
    tables: Mapping[str, pl.DataFrame]
    files: Mapping[str, str]

    @property
    def currencies(self) -> set[str]:
        """Of bills and of rated usage: where everybody is prepaid there is no bill."""
        return {*self.tables["invoices"]["currency"], *self.tables["rated"]["currency"]}


def read_side(folder: Path) -> Side:
    """A run folder; NotARunFolderError where it holds no run."""
    manifest = read_manifest(folder)
    scenario = documents.read((folder / "scenario.yaml").read_text(encoding="utf-8"), f"{folder}/scenario.yaml").data
    kpis = read_json(folder, "kpis.json")
    kept = [folder / name for name in (CATALOGUE_FILE, NETWORK_FILE)]
    files = {file.name: documents.text_of(file, str(file)) for file in kept if file.is_file()}
    return Side(folder, manifest, scenario, kpis, read_tables(folder), files)


def compare(a: Side, b: Side) -> Comparison:
    """B beside A; every difference is B − A."""
    paired = _paired(a, b)
    return Comparison(
        a=_about(a),
        b=_about(b),
        currency=" or ".join(sorted(a.currencies | b.currencies)),
        scenario=changes(a.scenario, b.scenario),
        files={name: a.files.get(name) == b.files.get(name) for name in sorted({*a.files, *b.files})},
        tables=_tables(a.manifest["tables"], b.manifest["tables"]),
        kpis=differences(a.kpis, b.kpis),
        paired=paired if isinstance(paired, Paired) else None,
        not_paired=paired if isinstance(paired, str) else "",
    )


def _about(side: Side) -> dict[str, Any]:
    return {"folder": str(side.folder), **{name: side.manifest[name] for name in ("scenario", "variant", "seed")}}


# -- scenario, tables, KPIs ----------------------------------------------------------------------------


def changes(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[Change]:
    """The dotted keys whose values differ, in order of A and then of what only B has."""
    old, new = dict(_leaves(a, "")), dict(_leaves(b, ""))
    return [Change(key, old.get(key), new.get(key)) for key in {**old, **new} if old.get(key) != new.get(key)]


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Dotted key → plain value; items of a list by their number."""
    if isinstance(value, Mapping | list) and value:
        items = value.items() if isinstance(value, Mapping) else enumerate(value)
        for key, item in items:
            yield from _leaves(item, f"{path}.{key}" if path else str(key))
    else:
        yield path, value


def _tables(a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        name: {
            "equal": name in a and name in b and a[name]["sha256"] == b[name]["sha256"],
            "rows_a": a[name]["rows"] if name in a else None,
            "rows_b": b[name]["rows"] if name in b else None,
        }
        for name in {**a, **b}
    }


def differences(a: Mapping[str, Mapping[str, Any]], b: Mapping[str, Mapping[str, Any]]) -> dict[str, Difference]:
    """Every KPI that either run has; integers stay integers."""
    absent = {"value": None, "reason": "not among its KPIs"}
    return {name: _difference(a.get(name, absent), b.get(name, absent)) for name in {**a, **b}}


def _difference(a: Mapping[str, Any], b: Mapping[str, Any]) -> Difference:
    unit = str(a.get("unit") or b.get("unit"))
    if a["value"] is not None and b["value"] is not None:
        return Difference(unit, a["value"], b["value"], b["value"] - a["value"])
    reasons = [f"{side}: {kpi['reason']}" for side, kpi in (("A", a), ("B", b)) if kpi["value"] is None]
    return Difference(unit, a["value"], b["value"], None, "; ".join(reasons))


# -- the same people, the same wishes ------------------------------------------------------------------


def _paired(a: Side, b: Side) -> Paired | str:
    """The paired differences, or why there are none."""
    wanted_a, wanted_b = (side.tables["attempts"].select(INTENT).sort("intent_id") for side in (a, b))
    if not wanted_a.equals(wanted_b):
        only_a, only_b = _only(wanted_a, wanted_b), _only(wanted_b, wanted_a)
        return f"the runs have other intents: {only_a:,} only in A, {only_b:,} only in B"
    if len(a.currencies | b.currencies) > 1:
        return "the runs have other currencies"
    both = a.tables["attempts"].join(b.tables["attempts"], on=["intent_id", "attempt"], suffix="_b")
    other = both.filter(pl.col("outcome") != pl.col("outcome_b"))
    bills = _differences(a.tables["invoices"], b.tables["invoices"], "total_micros")
    paid = _differences(paid_at_once(a.tables), paid_at_once(b.tables), "amount_micros")
    return Paired(
        intents=wanted_a.height,
        other_outcome=other.height,
        other_served=both.filter(pl.col("served") != pl.col("served_b")).height,
        outcomes=_counts(other, "outcome", "outcome_b").rows(),
        by_service=_counts(_with_service(other, a.tables["accounts"]), "service_id").rows(),
        invoiced_micros=int(bills.sum()),
        pay_more=int((bills > 0).sum()),
        pay_less=int((bills < 0).sum()),
        pay_equal=int((bills == 0).sum()),
        wallets_micros=int(paid.sum()),
        wallets_more=int((paid > 0).sum()),
        wallets_less=int((paid < 0).sum()),
        wallets_equal=int((paid == 0).sum()),
    )


def _only(here: pl.DataFrame, there: pl.DataFrame) -> int:
    return here.join(there, on=INTENT, how="anti").height


def _counts(rows: pl.DataFrame, *by: str) -> pl.DataFrame:
    counted = rows.group_by(by).agg(pl.len().cast(pl.Int64).alias("attempts"))
    return counted.sort(pl.col("attempts"), *by, descending=[True, *(False for _ in by)])


def _with_service(attempts: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    """The access service of each line, by its latest contract in A."""
    latest = accounts.sort("valid_from_ms").unique("subscriber_id", keep="last", maintain_order=True)
    return attempts.join(latest.select("subscriber_id", "service_id"), on="subscriber_id", how="left")


def _differences(a: pl.DataFrame, b: pl.DataFrame, column: str) -> pl.Series:
    """All its rows in B less all in A, for each account; no row is an amount of nothing."""
    of_a, of_b = (side.group_by("account_id").agg(pl.col(column).sum()) for side in (a, b))
    both = of_a.join(of_b, on="account_id", how="full", suffix="_b", coalesce=True).fill_null(0)
    return both[f"{column}_b"] - both[column]
