"""What fault stories on the town are told by: facts of the truth, alarms, blame."""

import json

import polars as pl

from ossbss.contract.units import HOUR_MS, MINUTE_MS, SECOND_MS

H, M, S = HOUR_MS, MINUTE_MS, SECOND_MS
CONVERGENCE = 3 * S
STAYS_NEAR = {"telemetry": {"late_milli": 0, "doubled_milli": 0}}


def spans(run, kind, subject=None):
    """(begin, end) of the facts of this kind, ms after the start; None while it goes on."""
    facts = run.view.truth(kind)
    facts = facts if subject is None else facts.filter(pl.col("subject") == subject)
    zero = run.view.starts_ms
    return [(a - zero, b if b is None else b - zero) for a, b in facts.select("at_ms", "until_ms").iter_rows()]


def alarms(run):
    """(object, cause, source) → [(raised, cleared), …] in ms after the start, by the elements' clocks."""
    zero, found = run.view.starts_ms, {}
    columns = ["alarmed_object", "probable_cause", "source", "occurred_ms", "cleared_ms", "perceived_severity"]
    for thing, cause, source, at, cleared, severity in run.table("alarms").sort("occurred_ms").select(columns).iter_rows():
        if severity != "cleared":
            found.setdefault((thing, cause, source), []).append((at - zero, cleared if cleared is None else cleared - zero))
    return found


def kinds(run, kind):
    return run.table("journal").filter(pl.col("kind") == kind)


def blamed(run):
    return [{r["root_cause_resource"], *json.loads(r["equivalents"])} for r in run.table("incidents").iter_rows(named=True)]
