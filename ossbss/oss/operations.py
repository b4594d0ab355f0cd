"""The OSS as one system: keeps its state and the order of the hops, nothing else.

elements → surveillance → correlation → root cause → tests → service impact → remediation → dispatch → collection
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from ossbss.contract import assurance as words
from ossbss.contract.charging import UsageFile
from ossbss.contract.desk import Desk
from ossbss.contract.fulfilment import ServicePriority
from ossbss.contract.ports import Message, Outbox
from ossbss.oss.collection import Collection
from ossbss.oss.elements import adapters
from ossbss.oss.elements.element_intake import ElementIntake
from ossbss.oss.fault import remediation, testing
from ossbss.oss.fault.alarm_list import WatchedAlarms
from ossbss.oss.fault.capacity_orders import CapacityOrders
from ossbss.oss.fault.casebook import Casebook
from ossbss.oss.fault.cause.diagnosis import Diagnostician
from ossbss.oss.fault.cause.port import RootCauseFinder
from ossbss.oss.fault.examination import Examination
from ossbss.oss.fault.impact import Impacts
from ossbss.oss.fault.polling import Polling
from ossbss.oss.fault.probing import Probing
from ossbss.oss.fault.problem_list import ProblemList
from ossbss.oss.fault.reasoning import Reasoning
from ossbss.oss.fault.records import Incident, ListedAlarm
from ossbss.oss.fault.remedies import Remedies
from ossbss.oss.fault.root_cause import beliefs_of
from ossbss.oss.fault.symptoms import STATION, counters_tell
from ossbss.oss.fault.triage import Triage
from ossbss.oss.inventory import read_inventory
from ossbss.oss.maintenance import planned_work
from ossbss.oss.maintenance.crew_desk import CrewDesk
from ossbss.oss.performance.performance import Performance
from ossbss.oss.policy import OperationsPolicy


class Operations:
    """Fault management, crews and usage collection behind one door (the ``System`` port)."""

    name = "oss"

    def __init__(
        self,
        document: Mapping[str, Any],
        policy: OperationsPolicy,
        starts_ms: int,
        finder: RootCauseFinder | None = None,
    ) -> None:
        self.inventory = inventory = read_inventory(document)
        self.policy = policy
        self.desk = desk = Desk(self.name)
        model = Diagnostician(inventory, beliefs_of(policy), STATION, suspect_all=False)
        self.symptoms = model.symptoms
        self.priorities: dict[str, ServicePriority] = {}
        self.cases = cases = Casebook(desk)
        self.collection = Collection(desk)
        self.intake = ElementIntake(inventory.names, desk)
        self.performance = Performance(inventory, policy)
        self.polling = Polling(inventory, policy, starts_ms, desk)
        self.watch = WatchedAlarms(inventory, policy, desk)
        self.probing = Probing(inventory, policy, desk)
        self.reasoning = Reasoning(finder or model, self.watch, cases, desk)
        self.triage = Triage(inventory, policy, self.reasoning, model.symptoms, self.watch, self.probing, cases)
        self.examination = Examination(inventory, policy, cases, desk)
        self.impacts = Impacts(inventory, policy, desk)
        self.problems = ProblemList(inventory, policy, starts_ms, cases, self.watch, self.probing, self.impacts, desk)
        network, alarms = model.footprints.model, self.watch.alarms
        self.remedies = Remedies(inventory, policy, network, cases, alarms, self._announce, desk)
        self.capacity = CapacityOrders(inventory, policy, cases, desk)
        self.crews = CrewDesk(inventory, policy, cases, desk)

    def step(self, now_ms: int, inbox: Sequence[Message]) -> Outbox:
        """One instant: take what came, think, act."""
        self.desk.clear()
        self._listen(now_ms, inbox)
        self.collection.take(now_ms, [m for m in inbox if isinstance(m, UsageFile)])
        self.triage.correlate(now_ms)
        self.triage.reconsider(now_ms)
        self._examine(now_ms)
        self.problems.open(now_ms)
        self.problems.resolve(now_ms)
        self._close_incidents(now_ms)
        self.impacts.assess(self.cases, self.problems.outages, self.probing.trials, self.watch.active, self.priorities,
                            now_ms)  # fmt: skip
        self.remedies.go_on(now_ms)
        self._dispatch(now_ms)
        self.capacity.go_on(self.impacts.of, now_ms)
        self.probing.ask(self._to_probe(now_ms), now_ms)
        self.watch.ask(now_ms)
        self.polling.poll(now_ms)
        return self.desk.out

    @property
    def next_wakeup_ms(self) -> int | None:
        parts = (self.polling, self.triage, self.examination, self.problems, self.remedies, self.capacity, self.crews,
                 self.probing, self.watch, self.performance)  # fmt: skip
        return min(part.next_ms for part in parts if part.next_ms is not None)

    def tables(self) -> Mapping[str, pl.DataFrame]:
        """``usage``: what collection received, in order of arrival."""
        return {"usage": self.collection.table()}

    # -- what comes in ---------------------------------------------------------------------------------

    def _listen(self, now_ms: int, inbox: Sequence[Message]) -> None:
        self.watch.tick(now_ms)
        notifications = self._read([m for m in inbox if isinstance(m, words.VendorMessage)], now_ms)
        for message in inbox:
            match message:
                case words.AlarmList():
                    self.watch.told(message, adapters.read_list(message, now_ms, self.inventory.names), now_ms)
                case words.AlarmAction():
                    self.watch.act(message, now_ms)
                case words.PollReply():
                    notifications += self.polling.heard(message, now_ms)
                case words.TestResult() | words.CommandResult():
                    notifications += self._hear_answer(message, now_ms)
                case words.CrewReport():
                    if again := self.crews.reports(message):
                        self.triage.again(again, now_ms)
                case words.CustomerReport():
                    self.reasoning.complaints.append((message.service_id, message.occurred_ms))
                    self.probing.complained(message, now_ms)
                case words.PlannedWork():
                    self._plan(message, now_ms)
                    self.desk.note("maintenance", "planned_work.announced", message.message_id, now_ms, message)
                case ServicePriority():
                    self.priorities[message.service_id] = message
        own = (*self.polling.overdue(now_ms), *self.performance.judge(now_ms))
        self.watch.take([*notifications, *own], now_ms)
        doubtful = sorted((a for a in self._provable() if a.active), key=lambda a: a.raised.identity)
        trials = self.probing.trials
        self.watch.take(testing.lost_clears(doubtful, self.inventory, trials, now_ms, self.policy), now_ms)
        self.problems.listed(self.watch.changed())

    def _read(self, messages: Sequence[words.VendorMessage], now_ms: int) -> list[words.Alarm]:
        read = self.intake.read(messages, now_ms)
        notifications: list[words.Alarm] = []
        for said, reading in read:
            notifications += self.watch.heard(said.element_id, reading, now_ms)
            self.performance.take(reading.measurements, now_ms)
        self.watch.resynchronise(self.intake.to_resynchronise(now_ms))
        return notifications

    def _provable(self) -> list[ListedAlarm]:
        """Alarms before the operator of which a probe could tell that they are over."""
        return [self.watch.alarms[i] for i in self.watch.active if not counters_tell(i)]

    def _hear_answer(self, said: words.TestResult | words.CommandResult, now_ms: int) -> Sequence[words.Alarm]:
        """An answer belongs to who asked; a probe tells everybody how its target is."""
        if not self.examination.heard(said, now_ms):
            self.remedies.heard(said, now_ms)
        if isinstance(said, words.TestResult) and said.method == "probe":
            worked_ms = self.problems.worked_ms(said.target)
            return self.probing.heard(said, worked_ms, now_ms)
        return ()

    def _plan(self, work: words.PlannedWork, now_ms: int) -> None:
        self.watch.plan(planned_work.window_of(work, self.inventory, self.symptoms), now_ms)

    def _announce(self, resource: str, starts_ms: int, ends_ms: int) -> None:
        """What operations take out of service themselves is expected, as planned work is."""
        head = self.desk.head(starts_ms)
        self._plan(words.PlannedWork(**head, resource_id=resource, starts_ms=starts_ms, ends_ms=ends_ms), starts_ms)

    # -- thinking --------------------------------------------------------------------------------------

    def _examine(self, now_ms: int) -> None:
        """Test what is believed; what tests refute is diagnosed again at once."""
        while refuted := self.examination.go_on(self.cases.open_incidents(), self._idle_links, now_ms):
            for incident in refuted:
                self.triage.again(incident, now_ms)

    # -- acting ----------------------------------------------------------------------------------------

    def _idle_links(self) -> frozenset[str]:
        """Links that carry nothing, by the word of their own ends."""
        return frozenset(name for name, cause, _ in self.watch.active
                         if cause == "lossOfSignal" and not self.probing.tried(name).passed_since(0))  # fmt: skip

    def _close_incidents(self, now_ms: int) -> None:
        for incident in self.cases.open_incidents():
            if remediation.may_close(incident, self.watch.active, self._unproven(incident)):
                self.cases.close(incident, now_ms)

    def _dispatch(self, now_ms: int) -> None:
        """Crews go where the cause is sure enough, and nothing from afar will mend it (any more)."""
        diagnosed = [i for i in self.cases.open_incidents() if i.state == "diagnosed"]
        settled = [i for i in diagnosed if self.examination.settled(i)]
        for_crews = [i for i in settled if not self.remedies.begin(i, self.examination.believed(i.incident_id), now_ms)]
        examined = [i for i in diagnosed if not self.examination.settled(i)]
        self.crews.dispatch(for_crews, examined, self.priorities, self.impacts.of, now_ms)

    def _to_probe(self, now_ms: int) -> frozenset[str]:
        """Wherever the alarms say it is over, or a customer says it is not."""
        over = [i for i in self.cases.open_incidents() if self.watch.active.isdisjoint(i.alarms)]
        said = self.problems.over | self.probing.reported | self.impacts.unverified
        wanted = said.union(*(self._unproven(incident) for incident in over))
        return wanted | testing.doubted(self._provable(), self.inventory, self.probing.trials, now_ms, self.policy)

    def _unproven(self, incident: Incident) -> frozenset[str]:
        """What of an incident has not passed a probe since its last alarm was over."""
        quiet_ms = testing.quiet_since_ms((self.watch.alarms[i] for i in incident.alarms), incident.known_ms)
        return self.probing.unproven(remediation.probe_targets(self.inventory, incident), quiet_ms)
