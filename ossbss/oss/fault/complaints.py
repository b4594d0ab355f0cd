"""Which complaints are still to be explained, and which of them can only be of cells that sleep?"""

from collections.abc import Iterable, Mapping, Sequence, Set

from ossbss.oss.fault.records import Incident, ServiceProblem
from ossbss.oss.fault.testing import UNTRIED, Trials

Report = tuple[str, int]
"""service, when somebody complained of it"""


def open_complaints(
    reports: Iterable[Report], incidents: Iterable[Incident], problems: Iterable[ServiceProblem]
) -> list[Report]:
    """All but those that an outage explains which is over by now."""
    over: dict[str, list[tuple[int, int]]] = {}
    for problem in problems:
        if problem.resolved_known_ms is not None:
            began_ms = problem.occurred_ms - problem.occurred_uncertainty_ms
            over.setdefault(problem.service_id, []).append((began_ms, problem.resolved_known_ms))
    for incident in incidents:
        if incident.closed_ms is not None:
            for service in about(incident):
                over.setdefault(service, []).append((incident.occurred_ms, incident.closed_ms))
    return [(s, at_ms) for s, at_ms in reports if not any(a <= at_ms <= z for a, z in over.get(s, ()))]


def about(incident: Incident) -> set[str]:
    """What its alarms and complaints are about."""
    return {*(alarmed_object for alarmed_object, _, _ in incident.alarms), *incident.complaints}


def working_all_the_same(
    reported: Set[str], trials: Mapping[str, Trials], incidents: Sequence[Incident], now_ms: int
) -> frozenset[str]:
    """Services that were complained of, have just passed their probe, and that no open incident is about."""
    tried = {s: trials.get(s, UNTRIED) for s in reported}
    passed = {s for s, t in tried.items() if t.heard_ms == now_ms and t.passing_since_ms is not None}
    return frozenset(passed).difference(*(about(incident) for incident in incidents))
