"""What failed? From the alarm list to a case for diagnosis (``cause``), and from its answer to causes."""

from collections.abc import Iterable, Mapping, Sequence, Set

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
    "mains": 0.001, "routing": 0.0004, "lossy": 0.0003, "cell": 0.0005,
}  # fmt: skip
"""Chance that one of a kind has failed when there are alarms: as the reference methods of the diagnosis benchmark have
it; of managers and mains an assumption, and of what no port tells of, which is taken to be rarer than links, ducts,
cards and nodes that fail."""
_CALLS_S = (0.0, 1_800.0)
"""Least, and mean beyond it, from failure to complaint: whoever meets it tries again first (assumption)."""
_WRONG_ENDS = 0.001
"""An access service ends at its cell's node and a core: drift moves paths sooner than ends (assumption)."""
_FALSE_CALLS_PER_S = 0.02 / 3_600
"""Of a service that works: one complaint in two days (assumption)."""


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
        wrong_ends=_WRONG_ENDS,
        complaint_s=_CALLS_S,
        false_reports_per_s=_FALSE_CALLS_PER_S,
    )  # fmt: skip


def case_behind(
    present: frozenset[Identity],
    of: Incident | None,
    incidents: Iterable[Incident],
    alarms: Mapping[Identity, ListedAlarm],
    active: Set[Identity],
    now_ms: int,
    reports: Sequence[tuple[str, int]] = (),
    working: frozenset[str] = frozenset(),
) -> Case:
    """These alarms and complaints, beside what is believed to be behind those of the other open incidents.

    ``of``: the incident that is thought over again; its alarms have stood for long then, and are believed. The case
    begins an hour before the first alarm or complaint. ``reports``: (service, when somebody complained of it); those
    of the last hour count, and all since the first of the alarms. ``working``: services whose probe passes.
    """
    others = [i for i in incidents if i.root_cause_resource and (of is None or i.incident_id != of.incident_id)]
    around = active & present.union(*(i.alarms for i in others)) | present
    ruled_out = frozenset(of.ruled_out if of else ())
    known = frozenset(i.root_cause_resource for i in others if i.root_cause_resource) - ruled_out
    listed = sorted((alarms[i].raised for i in around), key=lambda alarm: (alarm.occurred_ms, alarm.identity))
    records = [AlarmRecord(alarm.identity, alarm.occurred_ms) for alarm in listed]
    first_ms = min((alarm.occurred_ms for alarm in listed), default=now_ms)
    recent = [(service, at_ms) for service, at_ms in reports if min(first_ms, now_ms - HOUR_MS) <= at_ms <= now_ms]
    begins_ms = min([first_ms, *(at_ms for _, at_ms in recent)]) - HOUR_MS
    certain = present if of else frozenset[Identity]()
    kinds = {i.root_cause_resource: i.kind for i in others if i.root_cause_resource and i.kind}
    return Case(records, recent, (begins_ms, now_ms), known, ruled_out, certain, working, kinds)


def causes_of(answer: Answer, present: frozenset[Identity]) -> tuple[Cause, ...]:
    """Causes that explain some of these alarms, or complaints; an alarm, or the complaints of a service, that two of
    them explain go to the surer one."""
    left, found, answered = present, list[Cause](), frozenset[str]()
    for named in answer.failed:
        explains, complaints = named.explains & left, named.complaints - answered
        if explains or complaints:
            left, answered = left - explains, answered | complaints
            sure = (named.probability, named.margin, named.rivals, named.kind)
            found.append(Cause(named.resource, named.alternatives, explains, named.absent, *sure, complaints))
    return tuple(found)
