"""What failed? From the alarm list to a case for diagnosis (``cause``), and from its answer to causes."""

from collections.abc import Iterable, Mapping, Set

from ossbss.contract.units import HOUR_MS, SECOND_MS
from ossbss.oss.fault.cause.answer import Answer
from ossbss.oss.fault.cause.beliefs import Beliefs, CandidateKind
from ossbss.oss.fault.cause.evidence import AlarmRecord
from ossbss.oss.fault.cause.port import Case
from ossbss.oss.fault.records import Cause, Incident, ListedAlarm
from ossbss.oss.fault.symptoms import Identity
from ossbss.oss.policy import OperationsPolicy

_SETTLED_S = 90.0
"""Within so long a line or service that fails is told by its ends, detection and convergence included (assumption)."""


_ODDS: Mapping[CandidateKind, float] = {
    "link": 0.002, "duct": 0.001, "card": 0.001, "node": 0.001, "site": 0.0005, "power": 0.0003, "manager": 0.0005,
    "mains": 0.001,
}  # fmt: skip
"""Chance that one of a kind has failed when there are alarms: as the reference methods of the diagnosis benchmark have
it; of managers and mains an assumption."""


def beliefs_of(policy: OperationsPolicy) -> Beliefs:
    """What an operator believes of its own network: alarms are rarely false, managers and mains fail as all else does,
    contact is lost when polls have stayed without answer, and failures may lie hours apart."""
    polls_s = (policy.missed_polls + 2) * policy.poll_period_ms / SECOND_MS
    return Beliefs(
        odds=_ODDS,
        delay_s={**Beliefs().delay_s, "signal": (0.0, _SETTLED_S), "card": (0.0, _SETTLED_S), "contact": (0.0, polls_s),
                 "manager": (0.0, polls_s), "service": (0.0, _SETTLED_S), "power": (0.0, _SETTLED_S)},
        discards=False,
        false_alarms=(0.02, 1.0),
        apart_s=None,
    )  # fmt: skip


def case_behind(
    present: frozenset[Identity],
    of: Incident | None,
    incidents: Iterable[Incident],
    alarms: Mapping[Identity, ListedAlarm],
    active: Set[Identity],
    now_ms: int,
) -> Case:
    """These alarms, beside what is believed to be behind those of the other open incidents.

    ``of``: the incident that is thought over again; its alarms have stood for long then, and are believed. The case
    begins an hour before the first alarm.
    """
    others = [i for i in incidents if i.root_cause_resource and (of is None or i.incident_id != of.incident_id)]
    around = active & present.union(*(i.alarms for i in others)) | present
    ruled_out = frozenset(of.ruled_out if of else ())
    known = frozenset(i.root_cause_resource for i in others if i.root_cause_resource) - ruled_out
    listed = sorted((alarms[i].raised for i in around), key=lambda alarm: (alarm.occurred_ms, alarm.identity))
    records = [AlarmRecord(alarm.identity, alarm.occurred_ms) for alarm in listed]
    begins_ms = min((alarm.occurred_ms for alarm in listed), default=now_ms) - HOUR_MS
    certain = present if of else frozenset[Identity]()
    return Case(records, (), (begins_ms, now_ms), known, ruled_out, certain)


def causes_of(answer: Answer, present: frozenset[Identity]) -> tuple[Cause, ...]:
    """Causes that explain some of these alarms; an alarm that two of them explain goes to the surer one."""
    left, found = present, []
    for named in answer.failed:
        explains = named.explains & left
        if explains:
            left -= explains
            sure = (named.probability, named.margin, named.rivals)
            found.append(Cause(named.resource, named.alternatives, explains, named.absent, *sure))
    return tuple(found)
