"""Does the run do what its scenario expects? Each clause with what was found."""

import json
import operator
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from ossbss.contract.units import SECOND_MS
from sim.testbed.expect_schema import ClauseSpec
from sim.testbed.kpis import difference_text, value_text
from sim.testbed.paired import Kpis, PairedSeries
from sim.testbed.scenario_words import CONDITION_PATTERN

_COMPARE = {
    "<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip


_RELATE = {"below": operator.lt, "above": operator.gt, "at_most": operator.le, "at_least": operator.ge}


@dataclass(frozen=True)
class Verdict:
    """One clause in words, whether it holds, and what was found."""

    clause: str
    holds: bool
    found: str


@dataclass(frozen=True)
class Evidence:
    """What clauses are judged by. ``rivals``: variant → its KPIs; ``series``: (KPI, variant) → runs on many seeds."""

    kpis: Kpis
    journal: pl.DataFrame
    first_fault_ms: int
    currency: str
    rivals: Mapping[str, Kpis]
    series: Mapping[tuple[str, str], PairedSeries]


def judge(clauses: Sequence[ClauseSpec], seen: Evidence) -> list[Verdict]:
    """Every clause there is evidence for; ``within`` counts from the first fault."""
    return [verdict for clause in clauses if (verdict := _judged(clause, seen))]


def _judged(clause: ClauseSpec, seen: Evidence) -> Verdict | None:
    if clause.journal:
        return _of_journal(clause, seen.journal, seen.first_fault_ms)
    if clause.rival is None:
        return _of_kpi(clause, seen)
    if clause.seeds:
        series = seen.series.get((str(clause.kpi), clause.rival))
        return _of_series(clause, series, seen.currency) if series else None
    return _of_rival(clause, seen) if clause.rival in seen.rivals else None


def _of_rival(clause: ClauseSpec, seen: Evidence) -> Verdict:
    name = str(clause.kpi)
    ours, theirs = seen.kpis[name], seen.rivals[str(clause.rival)][name]
    defined = ours["value"] is not None and theirs["value"] is not None
    holds = defined and bool(_RELATE[str(clause.relation)](ours["value"], theirs["value"]))
    found = f"{value_text(ours, seen.currency)}; {clause.rival} {value_text(theirs, seen.currency)}"
    return Verdict(f"{name} {_words(clause)} {clause.rival}", holds, found)


def _of_series(clause: ClauseSpec, series: PairedSeries, currency: str) -> Verdict:
    """at_most, at_least: the mean difference; below, above: the whole interval lies on that side of zero."""
    text = f"{clause.kpi} {_words(clause)} {clause.rival}, over {len(series.seeds)} seeds"
    if series.undefined:
        return Verdict(text, False, series.undefined)
    relation, low, high = str(clause.relation), *series.interval_95
    decides = {"below": high, "above": low}.get(relation, series.mean)
    texts = [difference_text(x, series.unit, currency) for x in (series.mean, low, high)]
    found = f"mean difference {texts[0]}, 95 % interval {texts[1]} to {texts[2]}"
    return Verdict(text, bool(_RELATE[relation](decides, 0)), found)


def _words(clause: ClauseSpec) -> str:
    return str(clause.relation).replace("_", " ")


def _of_kpi(clause: ClauseSpec, seen: Evidence) -> Verdict:
    found = seen.kpis[str(clause.kpi)]
    value = found["value"]
    if clause.equals is not None:
        text = f"{clause.kpi} equals {clause.equals:g}" + (f" ± {clause.tolerance:g}" if clause.tolerance else "")
        holds = value is not None and abs(value - clause.equals) <= clause.tolerance
    else:
        text = f"{clause.kpi} {clause.is_}"
        holds = value is not None and compare(value, str(clause.is_))
    return Verdict(text, holds, value_text(found, seen.currency))


def compare(value: float, condition: str) -> bool:
    """Whether ``value`` meets a condition such as ``<= 120``."""
    found = re.fullmatch(CONDITION_PATTERN, condition)
    if found is None:
        raise ValueError(f"{condition!r} is no condition; give for example <= 120")
    relation = found[1]
    return bool(_COMPARE[relation](value, float(condition.replace(relation, "", 1))))


def _of_journal(clause: ClauseSpec, journal: pl.DataFrame, first_fault_ms: int) -> Verdict:
    rows = journal.filter(pl.col("kind") == clause.journal)
    if clause.within:
        rows = rows.filter(pl.col("at_ms") <= first_fault_ms + clause.within)
    count = sum(_matches(row, clause.where) for row in rows.iter_rows(named=True))
    wanted = clause.count if clause.count is not None else ">= 1"
    holds = count == wanted if isinstance(wanted, int) else compare(count, wanted)
    where = f" where {clause.where}" if clause.where else ""
    within = f" within {clause.within // SECOND_MS} s" if clause.within else ""
    return Verdict(f"journal {clause.journal}{where}{within}: {wanted}", holds, str(count))


def _matches(row: Mapping[str, Any], where: Mapping[str, Any]) -> bool:
    """``where`` names fields of the entry's body, or columns of the journal."""
    body = json.loads(row["body"])
    return all(body.get(key, row.get(key)) == value for key, value in where.items())
