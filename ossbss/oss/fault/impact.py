"""What does each incident do to services, and to how many subscribers? What is believed to have failed, by the model of
redundancy, and what is heard of the services themselves, which knows better.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ossbss.contract.desk import Desk
from ossbss.contract.fulfilment import ServicePriority
from ossbss.oss.elements.names import SITE_CAUSES
from ossbss.oss.fault.casebook import Casebook
from ossbss.oss.fault.records import Incident
from ossbss.oss.fault.redundancy import RedundancyModel, State
from ossbss.oss.fault.service_impact import Outage
from ossbss.oss.fault.symptoms import STATION, Identity, lost_contact
from ossbss.oss.fault.testing import Trials
from ossbss.oss.inventory import Inventory
from ossbss.oss.policy import OperationsPolicy

MILLI = 1_000
DEGRADED = "performanceDegraded"
"""the cause with which the station's own watch of performance alarms about a service that works, but poorly"""


@dataclass(frozen=True)
class Impact:
    """The services that suffer from one incident, each in its worst state, and the lines that hang on them."""

    incident_id: str
    down: tuple[str, ...] = ()
    at_risk: tuple[str, ...] = ()
    degraded: tuple[str, ...] = ()
    subscribers_down: int = 0
    subscribers_at_risk: int = 0
    subscribers_degraded: int = 0
    weight: int = 0
    """how much the repair matters: of each service its priority, thousandths where it is down, else as policy says"""

    @property
    def empty(self) -> bool:
        return not (self.down or self.at_risk or self.degraded)


@dataclass(frozen=True)
class Heard:
    """What services say. ``down``, ``poor``: by their alarms. ``up_ms``: service → when it was last heard to work."""

    down: Collection[str]
    poor: Collection[str]
    up_ms: Mapping[str, int]


def heard(outages: Mapping[str, Outage], trials: Mapping[str, Trials], active: Collection[Identity]) -> Heard:
    """From outages by alarm, probes, and alarms of performance."""
    up_ms = {s: o.ended_ms for s, o in outages.items() if o.ended_ms is not None}
    for target, tried in trials.items():
        if tried.passing_since_ms is not None and tried.passed_ms is not None:
            up_ms[target] = max(tried.passed_ms, up_ms.get(target, tried.passed_ms))
    down = {s for s, o in outages.items() if o.ended_ms is None}
    return Heard(down, {name for name, cause, source in active if (cause, source) == (DEGRADED, STATION)}, up_ms)


def failed_by(incident: Incident, inventory: Inventory) -> frozenset[str]:
    """What the incident's cause is believed to have put out of work; empty where nobody knows the cause.

    A site that has lost its mains lives on its stores: a node that tells of them is not dead before it falls silent.
    """
    cause = incident.root_cause_resource
    if cause is None:
        return frozenset()
    dead, told = inventory.dead_nodes(cause), frozenset(incident.alarms)
    tells = {source for _, probable, source in told if probable in SITE_CAUSES}
    alive = {n for n in dead & tells if told.isdisjoint((lost_contact(n), (n, "powerProblem", n)))}
    return dead - alive if alive else frozenset((cause,))


def suffering(causes: Mapping[str, frozenset[str]], model: RedundancyModel) -> dict[str, set[str]]:
    """Incident → services that suffer from what it has put out of work: that alone, or together with the others."""
    joint = model.suffering(frozenset().union(*causes.values()))
    mine = {incident: set(model.suffering(failed)) & joint.keys() for incident, failed in causes.items()}
    left = joint.keys() - set().union(*mine.values())
    for incident in causes if left else ():
        others = frozenset().union(*(failed for other, failed in causes.items() if other != incident))
        without = model.suffering(others)
        mine[incident] |= {service for service in left if without.get(service) != joint[service]}
    return mine


def impact_of(
    incident: Incident, services: Collection[str], joint: Mapping[str, State], since_ms: Mapping[str, int],
    told: Heard, priorities: Mapping[str, ServicePriority], at_risk_weight_milli: int,
) -> Impact:  # fmt: skip
    """``services``: those that suffer from it by the model; its alarms add those that say so themselves. ``joint``: the
    states by all that is believed to have failed. ``since_ms``: service → since when it is believed to suffer; one that
    was heard to work later is not down."""
    found: dict[State, list[str]] = {"down": [], "at_risk": [], "degraded": [], "working": []}
    for service in sorted({*services, *(n for n, _, _ in incident.alarms if n in told.down or n in told.poor)}):
        state: State = joint.get(service, "working") if service in services else "working"
        if state == "down" and told.up_ms.get(service, -1) >= since_ms[service]:
            state = "working"
        if state == "working" and service in told.poor:
            state = "degraded"
        found["down" if service in told.down else state].append(service)
    known = {state: [priorities[s] for s in of if s in priorities] for state, of in found.items()}
    lines, weights = ({state: sum(getattr(p, name) for p in of) for state, of in known.items()}
                      for name in ("line_count", "weight"))  # fmt: skip
    weight = MILLI * weights["down"] + at_risk_weight_milli * (weights["at_risk"] + weights["degraded"])
    return Impact(incident.incident_id, tuple(found["down"]), tuple(found["at_risk"]), tuple(found["degraded"]),
                  lines["down"], lines["at_risk"], lines["degraded"], weight)  # fmt: skip


class Impacts:
    """The impact of each incident as it stands; every change of one is noted whole, its end as an empty one."""

    def __init__(self, inventory: Inventory, policy: OperationsPolicy, desk: Desk) -> None:
        self.inventory, self.policy, self.desk = inventory, policy, desk
        self.model = RedundancyModel(inventory)
        self.of: dict[str, Impact] = {}
        """incident → its impact, where it has one"""
        self.unverified: frozenset[str] = frozenset()
        """services that are believed to be down and say nothing: to be probed"""
        self._failed: dict[str, tuple[Incident, frozenset[str]]] = {}
        """open incident → what it has put out of work"""

    def assess(
        self, cases: Casebook, outages: Mapping[str, Outage], trials: Mapping[str, Trials],
        active: Collection[Identity], priorities: Mapping[str, ServicePriority], now_ms: int,
    ) -> None:  # fmt: skip
        """At the end of a step: where it noted nothing, nothing new is believed."""
        if not self.desk.out.entries:
            return
        told, open_ = heard(outages, trials, active), {i.incident_id: i for i in cases.open_incidents()}
        self._failed = {name: self._believed(incident) for name, incident in open_.items()}
        causes = {name: failed for name, (_, failed) in self._failed.items()}
        mine, joint = suffering(causes, self.model), self.model.suffering(frozenset().union(*causes.values()))
        since_ms: dict[str, int] = {}
        for name, services in mine.items():
            since_ms |= {s: max(open_[name].occurred_ms, since_ms.get(s, 0)) for s in services}
        found = {
            name: impact_of(incident, mine[name], joint, since_ms, told, priorities, self.policy.at_risk_weight_milli)
            for name, incident in open_.items()
        }
        self._keep({name: impact for name, impact in found.items() if not impact.empty}, now_ms)
        self.unverified = frozenset(s for i in self.of.values() for s in i.down).difference(told.down)

    def blame(self, service: str) -> Incident | None:
        """The latest incident that is believed to have taken this service down."""
        names = (name for name, impact in reversed(self.of.items()) if service in impact.down)
        return next((self._failed[name][0] for name in names), None)

    def _keep(self, found: dict[str, Impact], now_ms: int) -> None:
        over = (Impact(name) for name in self.of if name not in found)
        for impact in (*found.values(), *over):
            if self.of.get(impact.incident_id) != impact:
                self.desk.note("service_impact", "impact.assessed", impact.incident_id, now_ms, impact)
        self.of = found

    def _believed(self, incident: Incident) -> tuple[Incident, frozenset[str]]:
        known = self._failed.get(incident.incident_id)
        return known if known and known[0] is incident else (incident, failed_by(incident, self.inventory))
