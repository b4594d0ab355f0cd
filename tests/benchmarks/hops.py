"""Which hop of the OSS spent the time of a profiled run? A function's own time is its file's; a library's its callers'."""

import cProfile
import pstats
from collections import Counter
from collections.abc import Mapping
from typing import Any

HOPS = {
    "oss/elements/": "reading", "fault/surveillance": "surveillance", "fault/alarm_list": "surveillance",
    "fault/clock_skew": "surveillance", "fault/records": "surveillance", "fault/reachability": "surveillance",
    "fault/contact": "surveillance", "fault/polling": "surveillance", "fault/correlation": "correlation",
    "fault/symptom_model": "correlation", "fault/cause/": "diagnosis", "fault/root_cause": "diagnosis",
    "fault/service_impact": "impact", "fault/testing": "testing", "fault/remediation": "dispatch",
    "oss/maintenance/": "dispatch", "fault/casebook": "dispatch", "oss/operations": "operations",
}  # fmt: skip
"""part of a path → hop"""
_DEEPEST = 12
"""calls of libraries among themselves that are followed"""
Function = tuple[str, int, str]


def shares(profile: cProfile.Profile) -> dict[str, float]:
    """Hop → its share of the processor time; ``other``: what none of them called."""
    stats: Mapping[Function, Any] = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    spent: Counter[str] = Counter()
    for function, (_, _, own_s, _, _) in stats.items():
        _give(function, own_s, stats, spent, _DEEPEST)
    total = sum(spent.values())
    return {hop: seconds / total for hop, seconds in spent.most_common()}


def _give(
    function: Function, seconds: float, stats: Mapping[Function, Any], spent: Counter[str], deepest: int
) -> None:
    """To the function's hop; else to its callers by how long they had it work for them."""
    hop = next((hop for part, hop in HOPS.items() if part in function[0]), "")
    callers = {caller: figures[3] for caller, figures in stats[function][4].items() if caller != function}
    total = sum(callers.values())
    if hop or not deepest or total <= 0:
        spent[hop or "other"] += seconds
        return
    for caller, cumulated_s in callers.items():
        if cumulated_s / total > 0.001:
            _give(caller, seconds * cumulated_s / total, stats, spent, deepest - 1)
