"""Incidents under examination: tests are chosen one by one, sent, and what they show sharpens the suspicion."""

from collections import Counter
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass, replace
from math import log

from ossbss.contract.assurance import CommandResult, TestResult
from ossbss.contract.desk import Desk
from ossbss.contract.units import HOUR_MS
from ossbss.oss.fault.asking import ask, outcome_of
from ossbss.oss.fault.casebook import Casebook
from ossbss.oss.fault.hypothesis import NOTHING_WRONG, Hypothesis
from ossbss.oss.fault.records import Incident, TestRecord
from ossbss.oss.fault.remediation import reopened
from ossbss.oss.fault.suspicion import Suspect, Suspicion, suspicion
from ossbss.oss.fault.test_catalogue import UNKNOWN, ActiveTest, Outcome
from ossbss.oss.fault.test_selection import choose
from ossbss.oss.inventory import Inventory
from ossbss.oss.policy import OperationsPolicy

STAYS_TRUE_MS = HOUR_MS
"""What a test has shown counts for so long, when its incident is thought over again (assumption)."""
IdleLinks = Callable[[], Set[str]]
"""Links that carry nothing now."""
MOST_ROUNDS = 3
"""When tests have refuted what was believed of an incident so often, somebody goes and looks (assumption)."""


@dataclass(frozen=True, eq=False)
class Examined:
    """How far an incident has been examined. ``of``: the suspects that it is about; ``asked``: the message that waits
    for its answer; ``settled``: no test is worth asking."""

    of: tuple[Suspect, ...]
    suspicion: Suspicion
    begun_ms: int
    findings: tuple[tuple[ActiveTest, Outcome, int], ...] = ()
    """(test, what it showed, when)"""
    asked: str | None = None
    settled: bool = False


class Examination:
    """Keeps what is suspected of each incident and which tests are on their way; notes every test and its outcome."""

    def __init__(self, inventory: Inventory, policy: OperationsPolicy, cases: Casebook, desk: Desk) -> None:
        self.inventory, self.policy, self.cases, self.desk = inventory, policy, cases, desk
        self.of: dict[str, Examined] = {}
        self.rounds: Counter[str] = Counter()
        """incident → how often tests have refuted its cause"""
        self.tests: dict[str, TestRecord] = {}
        """message → the test that it asked for"""

    # -- questions -------------------------------------------------------------------------------------

    def go_on(self, incidents: Iterable[Incident], idle_links: IdleLinks, now_ms: int) -> list[Incident]:
        """Ask the next question of every incident with a believed cause, one at a time.

        ``idle_links``: looked up when there is something to ask. Gives back incidents of which tests have refuted the
        cause, to be diagnosed again.
        """
        waiting = [examined.asked for examined in self.of.values() if examined.asked]
        for asked in waiting:
            if now_ms >= self._due_ms(asked):
                self._told(asked, UNKNOWN, now_ms)
        diagnosed = [incident for incident in incidents if incident.state == "diagnosed"]
        for incident in diagnosed:
            examined = self._begun(incident, now_ms)
            if not examined.settled and now_ms >= examined.begun_ms + self.policy.examine_within_ms:
                self._settle(incident.incident_id, examined, now_ms)
            elif not examined.settled and not examined.asked:
                self._ask(incident.incident_id, examined, idle_links, now_ms)
        now = (self.cases.incidents[incident.incident_id] for incident in diagnosed)
        return [incident for incident in now if incident.state == "undiagnosed"]

    def _begun(self, incident: Incident, now_ms: int) -> Examined:
        """The examination as it stands; begun again where other things are suspected, with what is known still."""
        examined = self.of.get(incident.incident_id)
        if examined is None or examined.of != incident.suspects:
            findings = [f for f in examined.findings if f[2] >= now_ms - STAYS_TRUE_MS] if examined else []
            doubts = suspicion(incident.suspects, self.inventory)
            for test, outcome, _ in findings:
                doubts = doubts.after(test, outcome)
            asked = examined.asked if examined else None
            settled = not self.policy.active_tests or self.rounds[incident.incident_id] >= MOST_ROUNDS
            examined = Examined(incident.suspects, doubts, now_ms, tuple(findings), asked, settled)
            self.of[incident.incident_id] = examined
        return examined

    def _ask(self, incident_id: str, examined: Examined, idle_links: IdleLinks, now_ms: int) -> None:
        made, idle = {test for test, _, _ in examined.findings}, idle_links()
        while len(made) < self.policy.most_tests:
            choice = choose(examined.suspicion, self.inventory, made, idle)
            if choice is None:
                break
            message_id = ask(choice.test, self.inventory, self.desk, now_ms)
            made.add(choice.test)
            if message_id is not None:
                test, bits_milli = choice.test, round(choice.bits * 1000)
                self._keep(TestRecord(message_id, incident_id, test.method, test.target, test.from_node,
                                      test.terms.cost_milli, bits_milli, now_ms), "ordered", now_ms)  # fmt: skip
                self.of[incident_id] = replace(examined, asked=message_id)
                return
        self._settle(incident_id, examined, now_ms)

    # -- answers ---------------------------------------------------------------------------------------

    def heard(self, said: TestResult | CommandResult, now_ms: int) -> bool:
        """Take an answer; False: nobody here has asked for it."""
        record = self.tests.get(said.request_id)
        if record is None or record.known_ms is not None:
            return record is not None
        began_ms = self.cases.incidents[record.incident_id].occurred_ms
        self._told(said.request_id, outcome_of(record.test, said, self.inventory, began_ms, now_ms), now_ms, said)
        return True

    def _told(
        self, message_id: str, outcome: Outcome, now_ms: int, said: TestResult | CommandResult | None = None
    ) -> None:
        record = self.tests[message_id]
        examined = self.of[record.incident_id]
        after = examined.suspicion.after(record.test, outcome)
        far_km = said.distance_km if isinstance(said, TestResult) else None
        far_m = None if far_km is None else round(far_km * 1000)
        told = replace(record, known_ms=now_ms, outcome=outcome, distance_m=far_m,
                       cause_before=examined.suspicion.top.resource, cause_after=after.top.resource)  # fmt: skip
        self._keep(told, "answered", now_ms)
        found = (*examined.findings, (record.test, outcome, now_ms))
        asked = None if examined.asked == message_id else examined.asked
        self.of[record.incident_id] = replace(examined, suspicion=after, findings=found, asked=asked)

    def _due_ms(self, message_id: str) -> int:
        record = self.tests[message_id]
        return record.occurred_ms + record.test.terms.duration_ms + self.policy.answer_within_ms

    @property
    def next_ms(self) -> int | None:
        """When the first answer is overdue, or an examination has taken too long."""
        due_ms = [self._due_ms(e.asked) for e in self.of.values() if e.asked]
        goes_on = (e for name, e in self.of.items() if self.cases.incidents[name].state == "diagnosed")
        out_of_time_ms = [e.begun_ms + self.policy.examine_within_ms for e in goes_on if not e.settled]
        return min((*due_ms, *out_of_time_ms), default=None)

    def _keep(self, record: TestRecord, word: str, now_ms: int) -> None:
        self.tests[record.test_id] = record
        self.desk.note("testing", f"test.{word}", record.test_id, now_ms, record)

    # -- conclusions -----------------------------------------------------------------------------------

    def settled(self, incident: Incident) -> bool:
        """Whether what is believed of an incident may be acted on."""
        examined = self.of.get(incident.incident_id)
        return examined is not None and examined.settled and examined.of == incident.suspects

    def believed(self, incident_id: str) -> Hypothesis:
        """The likeliest of what may be wrong."""
        return self.of[incident_id].suspicion.top

    def _settle(self, incident_id: str, examined: Examined, now_ms: int) -> None:
        """What the tests say becomes the incident's cause."""
        self.of[incident_id] = replace(examined, settled=True)
        incident = self.cases.incidents[incident_id]
        concluded = _concluded(incident, examined.suspicion) if examined.findings else incident
        if concluded.state == "undiagnosed":
            self.rounds[incident_id] += 1
        if concluded != incident:
            self.cases.keep(concluded, now_ms)


def _concluded(incident: Incident, doubts: Suspicion) -> Incident:
    """The incident with the likeliest cause; open for diagnosis where tests have refuted what was believed."""
    named = {incident.root_cause_resource, *incident.equivalents, *(name for name, _, _ in incident.suspects)}
    gone = sorted(name for name in named if name and doubts.of(name) and doubts.is_refuted(name))
    ruled_out, top = tuple(dict.fromkeys((*incident.ruled_out, *gone))), doubts.top
    if top == NOTHING_WRONG or incident.root_cause_resource in gone:
        return replace(reopened(incident), ruled_out=ruled_out, probability=None, margin=None)
    alike = {incident.root_cause_resource, *incident.equivalents} - {top.resource, None, *gone}
    sure = doubts.of(top.resource)
    second = max((doubts.of(h.resource) for h in doubts.weights if h.resource != top.resource), default=0.0)
    kind = next((kind for name, kind, _ in incident.suspects if name == top.resource), incident.kind)
    return replace(incident, root_cause_resource=top.resource, kind=kind, mode=top.mode, ruled_out=ruled_out,
                   probability=sure,
                   equivalents=tuple(sorted(name for name in alike if name)),
                   margin=log(sure / second) if second else incident.margin)  # fmt: skip
