"""From the alarm list to incidents: groups of alarms that waited get a cause, or join one; causes are thought over."""

from collections.abc import Iterable

from ossbss.contract.assurance import Alarm
from ossbss.contract.units import MINUTE_MS
from ossbss.oss.fault import correlation, remediation
from ossbss.oss.fault.alarm_list import WatchedAlarms
from ossbss.oss.fault.casebook import Casebook
from ossbss.oss.fault.probing import Probing
from ossbss.oss.fault.reasoning import Reasoning
from ossbss.oss.fault.records import Cause, Incident
from ossbss.oss.fault.symptom_model import SymptomModel
from ossbss.oss.fault.symptoms import Identity, counters_tell
from ossbss.oss.inventory import Inventory
from ossbss.oss.policy import OperationsPolicy

TWO_PERIODS_MS = 35 * MINUTE_MS
"""Two granularity periods of a quarter (TS 32.401), and until their files are judged."""


class Triage:
    """Keeps when groups are due, and when incidents that alarms outlive are looked at again."""

    def __init__(
        self, inventory: Inventory, policy: OperationsPolicy, reasoning: Reasoning, symptoms: SymptomModel,
        watch: WatchedAlarms, probing: Probing, cases: Casebook,
    ) -> None:  # fmt: skip
        self.inventory, self.policy, self.reasoning, self.symptoms = inventory, policy, reasoning, symptoms
        self.watch, self.probing, self.cases = watch, probing, cases
        self.next_ms: int | None = None
        self.look_again_ms: dict[str, int] = {}

    # -- what waits ------------------------------------------------------------------------------------

    def correlate(self, now_ms: int) -> None:
        """Groups of alarms that have been waited for; what an open incident explains joins it."""
        if self.watch.pending and self.next_ms is None:
            self.next_ms = now_ms + self.policy.correlation_window_ms
        if self.next_ms is None or now_ms < self.next_ms:
            return
        waiting = {i: heard_ms for i, heard_ms in self.watch.pending.items() if i in self.watch.active}
        groups = self._groups(waiting)
        due = [correlation.due_ms([waiting[a.identity] for a in group], self.policy) for group in groups]
        self.next_ms = min((at_ms for at_ms in due if at_ms > now_ms), default=None)
        ready = {a.identity for group, at_ms in zip(groups, due, strict=True) if at_ms <= now_ms for a in group}
        self.watch.pending = {i: heard_ms for i, heard_ms in waiting.items() if i not in ready}
        for group in self._groups(sorted(self._join(ready, now_ms))):
            for part in self.watch.apart(group):
                if left := self._join({a.identity for a in part}, now_ms):
                    self._diagnose(left, now_ms)

    def _join(self, alarms: set[Identity], now_ms: int) -> frozenset[Identity]:
        """Open incidents take what their cause explains; the rest is left."""
        for incident in correlation.joined(self.cases.incidents.values(), alarms, self.symptoms):
            self.cases.keep(incident, now_ms)
            alarms = alarms.difference(incident.alarms)
        return frozenset(alarms)

    def _groups(self, alarms: Iterable[Identity]) -> list[tuple[Alarm, ...]]:
        raised = [self.watch.alarms[identity].raised for identity in alarms]
        return correlation.correlate(raised, self.symptoms.causes_of(alarm.identity for alarm in raised))

    # -- causes ----------------------------------------------------------------------------------------

    def _diagnose(self, present: frozenset[Identity], now_ms: int) -> None:
        causes = self.reasoning.causes(present, None, now_ms)
        for cause in causes:
            self._open(cause, cause.explains, now_ms)
        unexplained = present.difference(*(cause.explains for cause in causes))
        if unexplained:
            self._open(None, unexplained, now_ms)

    def reconsider(self, now_ms: int) -> None:
        """Incidents that are repaired or unexplained, and whose alarms stay; complaints of what works all the same."""
        for cause in self.reasoning.behind_complaints(self.probing.reported, self.probing.trials, now_ms):
            self._open(cause, cause.explains, now_ms)
        open_ = [i for i in self.cases.open_incidents() if i.state in ("repaired", "undiagnosed")]
        self.look_again_ms = {i.incident_id: self.look_again_ms.get(i.incident_id, now_ms + self._settle_ms(i))
                              for i in open_}  # fmt: skip
        for incident in open_:
            if now_ms >= self.look_again_ms[incident.incident_id]:
                if self._outlived(incident, now_ms):
                    self.again(remediation.reopened(incident), now_ms)
                del self.look_again_ms[incident.incident_id]  # what cannot be known yet is given its time anew

    def again(self, incident: Incident, now_ms: int) -> None:
        """Think over an incident that is open for diagnosis; what other causes explain becomes theirs."""
        first, others = correlation.shared(
            incident, self.reasoning.causes(self._standing(incident), incident, now_ms)
        )
        if first != self.cases.incidents[incident.incident_id]:
            self.cases.keep(first)
        for cause in others:
            self._open(cause, cause.explains, now_ms)

    def _settle_ms(self, incident: Incident) -> int:
        """How long its alarms may take to end after a repair: those that counters tell of, the next two files."""
        by_counters = any(map(counters_tell, incident.alarms))
        return max(self.policy.settle_ms, TWO_PERIODS_MS) if by_counters else self.policy.settle_ms

    def _outlived(self, incident: Incident, now_ms: int) -> bool:
        """Whether alarms stand that nothing believed explains: what is mended may be held down by something else, that
        is not mended yet, or has just been."""
        others = (i for i in self.cases.open_incidents() if i.state in ("diagnosed", "dispatched", "repaired"))
        waits = (i for i in others if self.look_again_ms.get(i.incident_id, now_ms + 1) > now_ms)
        elsewhere = (self.symptoms.get(i.root_cause_resource or "", frozenset()) for i in waits)
        explained = frozenset[Identity]().union(*elsewhere) if incident.state == "repaired" else frozenset()
        return not self._standing(incident) <= explained

    def _standing(self, incident: Incident) -> frozenset[Identity]:
        """Its alarms that go on for sure; of an element out of reach nobody knows, and its silence explains nothing."""
        mine = self.watch.active.intersection(incident.alarms)
        return frozenset(i for i in mine if self.watch.alarms[i].unknown_since_ms is None)

    def _open(self, cause: Cause | None, alarms: frozenset[Identity], now_ms: int) -> None:
        incident = self.cases.open_incident(cause, alarms, self.reasoning.began_ms(cause, alarms), now_ms)
        if cause:  # first line of the runbook: has the network found its own way round?
            down = remediation.probe_targets(self.inventory, incident).intersection(self.inventory.services)
            self.cases.act(incident, "reroute", "failed" if down else "succeeded", incident.occurred_ms, now_ms)
