"""Does the run do what its scenario expects? Each clause with what was found."""

import json
import operator
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from ossbss.contract.units import SECOND_MS
from sim.testbed.scenario_schema import ClauseSpec

_COMPARE = {
    "<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """One clause in words, whether it holds, and what was found."""

    clause: str
    holds: bool
    found: str


def judge(
    clauses: Sequence[ClauseSpec], kpis: Mapping[str, Mapping[str, Any]], journal: pl.DataFrame, first_fault_ms: int
) -> list[Verdict]:
    """Every clause; ``within`` counts from the first event of the timeline."""
    return [_of_kpi(c, kpis) if c.kpi else _of_journal(c, journal, first_fault_ms) for c in clauses]


def _of_kpi(clause: ClauseSpec, kpis: Mapping[str, Mapping[str, Any]]) -> Verdict:
    found = kpis[str(clause.kpi)]
    value = found["value"]
    if clause.equals is not None:
        text = f"{clause.kpi} equals {clause.equals:g}" + (f" ± {clause.tolerance:g}" if clause.tolerance else "")
        holds = value is not None and abs(value - clause.equals) <= clause.tolerance
    else:
        text = f"{clause.kpi} {clause.is_}"
        holds = value is not None and compare(value, str(clause.is_))
    return Verdict(text, holds, str(value) if value is not None else f"undefined: {found['reason']}")


def compare(value: float, condition: str) -> bool:
    """Whether ``value`` meets a condition such as ``<= 120``."""
    found = re.fullmatch(r"\s*(<=|>=|<|>|==|!=)\s*(-?[\d.]+)\s*", condition)
    if found is None:
        raise ValueError(f"{condition!r} is no condition; give for example <= 120")
    return bool(_COMPARE[found[1]](value, float(found[2])))


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
