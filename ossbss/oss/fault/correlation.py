"""Which alarms belong together? Alarms that one failure could have raised form one group."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import networkx as nx

from ossbss.contract.assurance import Alarm
from ossbss.oss.fault.records import Cause, Incident
from ossbss.oss.fault.symptoms import Identity
from ossbss.oss.policy import OperationsPolicy

Node = tuple[str, Identity | str]
"""A vertex of the alarm–cause graph: its kind and its name."""


def correlate(alarms: Sequence[Alarm], causes_of: Mapping[Identity, frozenset[str]]) -> list[tuple[Alarm, ...]]:
    """Groups of alarms joined, directly or through others, by a possible common cause.

    ``causes_of``: for each alarm identity, the resources whose failure raises it. An alarm that no single
    failure explains stands alone.
    """
    joined: nx.Graph[Node] = nx.Graph()
    by_identity = {alarm.identity: alarm for alarm in alarms}
    for identity in by_identity:
        joined.add_node(("alarm", identity))
        joined.add_edges_from((("alarm", identity), ("cause", cause)) for cause in causes_of.get(identity, ()))
    groups = (_alarms_of(island, by_identity) for island in nx.connected_components(joined))
    return sorted((g for g in groups if g), key=lambda g: (g[0].occurred_ms, g[0].identity))


def due_ms(heard_ms: Sequence[int], policy: OperationsPolicy) -> int:
    """When a group is ready: a window after its oldest alarm, and quiet since its youngest; two windows at most."""
    oldest_ms, youngest_ms = min(heard_ms), max(heard_ms)
    latest_ms = oldest_ms + 2 * policy.correlation_window_ms
    return max(oldest_ms + policy.correlation_window_ms, min(youngest_ms + policy.correlation_quiet_ms, latest_ms))


def joined(
    incidents: Iterable[Incident], active: Iterable[Identity], footprints: Mapping[str, frozenset[Identity]]
) -> list[Incident]:
    """Open incidents with the new alarms that their believed cause explains; each alarm joins the first."""
    left, changed = set(active), []
    for incident in incidents:
        expected = footprints.get(incident.root_cause_resource or "", frozenset())
        joining = expected & left if incident.state != "closed" else frozenset()
        if joining:
            left -= joining
            changed.append(replace(incident, alarms=tuple(sorted({*incident.alarms, *joining}))))
    return changed


def shared(incident: Incident, causes: Sequence[Cause]) -> tuple[Incident, tuple[Cause, ...]]:
    """The incident after another diagnosis: it keeps the first cause and what no other explains.

    Where nothing is left that could explain it, what was ruled out is thought possible again.
    """
    if not causes:
        return replace(incident, ruled_out=()), ()
    first, *others = causes
    elsewhere = frozenset[Identity]().union(*(cause.explains for cause in others))
    own = tuple(alarm for alarm in incident.alarms if alarm not in elsewhere)
    diagnosed = replace(incident, state="diagnosed", root_cause_resource=first.resource,
                        equivalents=first.equivalents, alarms=own, probability=first.probability,
                        margin=first.margin, suspects=first.suspects, mode=None, kind=first.kind,
                        complaints=tuple(sorted({*incident.complaints, *first.complaints})))  # fmt: skip
    return diagnosed, tuple(others)


def _alarms_of(island: Iterable[Node], by_identity: Mapping[Identity, Alarm]) -> tuple[Alarm, ...]:
    members = (name for kind, name in island if kind == "alarm")
    found = [by_identity[name] for name in members if isinstance(name, tuple)]
    return tuple(sorted(found, key=lambda a: (a.occurred_ms, a.identity)))
