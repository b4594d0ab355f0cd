"""What does each incident do to services, and to how many subscribers? What is believed to have failed, by the model of
redundancy, and what is heard of the services themselves, which knows better.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from ossbss.contract.desk import Desk
from ossbss.contract.fulfilment import ServicePriority
from ossbss.contract.units import SECOND_MS
from ossbss.oss.elements.names import SITE_CAUSES
from ossbss.oss.fault.casebook import Casebook
from ossbss.oss.fault.records import Incident
from ossbss.oss.fault.redundancy import RedundancyModel, State
from ossbss.oss.fault.service_impact import Outage
from ossbss.oss.fault.symptoms import DEGRADED, Identity, lost_contact, path_loss
from ossbss.oss.fault.testing import UNTRIED, Trials
from ossbss.oss.inventory import SERVICE_DOWN, Inventory
from ossbss.oss.policy import OperationsPolicy

MILLI = 1_000
_OF_SERVICES = (SERVICE_DOWN, DEGRADED)
_MANY = 20
"""From so many incidents on it is not tried what would be without each of them (assumption: it takes their square)."""
_WAITED_FOR_MS = 10 * SECOND_MS
"""(assumption)"""


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
    """What services say of themselves, as it stands: outages by alarm, probes, active alarms."""

    outages: Mapping[str, Outage]
    trials: Mapping[str, Trials]
    active: Collection[Identity]

    def down(self, service: str) -> bool:
        outage = self.outages.get(service)
        return outage is not None and outage.ended_ms is None

    def poor(self, service: str) -> bool:
        return path_loss(service) in self.active

    def up_since(self, service: str, since_ms: int) -> bool:
        """Whether it was heard to work then or later: by its alarms, or by a probe that none has denied since."""
        outage, tried = self.outages.get(service), self.trials.get(service, UNTRIED)
        passed_ms = tried.passed_ms if tried.passing_since_ms is not None else None
        known = (outage.ended_ms if outage else None, passed_ms)
        return any(at_ms is not None and at_ms >= since_ms for at_ms in known)


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


def suffering(causes: Mapping[str, frozenset[str]], model: RedundancyModel) -> dict[str, dict[str, State]]:
    """Incident → service → its state, as far as this incident has a part in it.

    A state that all failures together bring about is the doing of those that would do it alone, or else of those
    without which it would be another. Others answer for what they do alone; where nobody tips the scale, all do. In a
    disaster, with very many incidents, it is not asked without which one: those that touch the service at all answer,
    or else the latest.
    """
    joint = model.suffering(frozenset().union(*causes.values()))
    alone = {incident: model.suffering(failed) for incident, failed in causes.items()}

    @cache
    def without(incident: str) -> Mapping[str, State]:
        return model.suffering(frozenset().union(*(failed for other, failed in causes.items() if other != incident)))

    found: dict[str, dict[str, State]] = {incident: {} for incident in causes}
    for service, state in joint.items():
        able = [i for i in causes if alone[i].get(service) == state]
        if able:
            doers = able
        elif len(causes) > _MANY:
            doers = [i for i in causes if service in alone[i]] or [list(causes)[-1]]
        else:
            doers = [i for i, failed in causes.items() if failed and without(i).get(service) != state]
        for incident in doers or (i for i, failed in causes.items() if failed):
            found[incident][service] = state
        for incident in causes if doers else ():
            if service in alone[incident] and service not in found[incident]:
                found[incident][service] = alone[incident][service]
    return found


def impact_of(
    incident: Incident, states: Mapping[str, State], since_ms: Mapping[str, int], told: Heard,
    priorities: Mapping[str, ServicePriority], at_risk_weight_milli: int,
) -> Impact:  # fmt: skip
    """``states``: of the services that suffer from it by the model; its alarms add those that say so themselves.
    ``since_ms``: service → since when it is believed to suffer; one that was heard to work later is not down."""
    found: dict[State, list[str]] = {"down": [], "at_risk": [], "degraded": [], "working": []}
    named = {name for name, _, _ in incident.alarms}
    for service in sorted({*states, *(name for name in named if told.down(name) or told.poor(name))}):
        state: State = states.get(service, "working")
        if state == "down" and told.up_since(service, since_ms[service]):
            state = "working"
        if told.down(service) and (service in named or states.get(service) == "down"):
            state = "down"
        elif state == "working" and told.poor(service):
            state = "degraded"
        found[state].append(service)
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
        self._assessed_ms: int | None = None
        self._stale = False

    def assess(
        self, cases: Casebook, outages: Mapping[str, Outage], trials: Mapping[str, Trials],
        active: Collection[Identity], priorities: Mapping[str, ServicePriority], now_ms: int,
    ) -> None:  # fmt: skip
        """At the end of a step, of which the desk has the notes: at once where an incident changed; what services say
        of themselves is waited for a little, so that a storm of it is one change."""
        if not self._due(now_ms):
            return
        told, open_ = Heard(outages, trials, active), {i.incident_id: i for i in cases.open_incidents()}
        self._failed = {name: self._believed(incident) for name, incident in open_.items()}
        causes = {name: failed for name, (_, failed) in self._failed.items()}
        mine = suffering(causes, self.model)
        since_ms: dict[str, int] = {}
        for name, services in mine.items():
            since_ms |= {s: max(open_[name].occurred_ms, since_ms.get(s, 0)) for s in services}
        found = {
            name: impact_of(incident, mine[name], since_ms, told, priorities, self.policy.at_risk_weight_milli)
            for name, incident in open_.items()
        }
        self._keep({name: impact for name, impact in found.items() if not impact.empty}, now_ms)
        self.unverified = frozenset(s for i in self.of.values() for s in i.down if not told.down(s))

    def blame(self, service: str) -> Incident | None:
        """The latest incident that is believed to have taken this service down."""
        names = (name for name, impact in reversed(self.of.items()) if service in impact.down)
        return next((self._failed[name][0] for name in names), None)

    def _due(self, now_ms: int) -> bool:
        notes = self.desk.out.entries
        self._stale |= bool(self.unverified) or any(note.body.get("probable_cause") in _OF_SERVICES for note in notes)
        waited = self._assessed_ms is None or now_ms >= self._assessed_ms + _WAITED_FOR_MS
        if not any(note.kind.startswith("incident.") for note in notes) and not (self._stale and waited):
            return False
        self._assessed_ms, self._stale = now_ms, False
        return True

    def _keep(self, found: dict[str, Impact], now_ms: int) -> None:
        over = (Impact(name) for name in self.of if name not in found)
        for impact in (*found.values(), *over):
            if self.of.get(impact.incident_id) != impact:
                self.desk.note("service_impact", "impact.assessed", impact.incident_id, now_ms, impact)
        self.of = found

    def _believed(self, incident: Incident) -> tuple[Incident, frozenset[str]]:
        known = self._failed.get(incident.incident_id)
        return known if known and known[0] is incident else (incident, failed_by(incident, self.inventory))
