"""From what operations know to what they believe is behind it: the case is put, diagnosed, and its doubts are noted."""

from collections.abc import Mapping, Set

from ossbss.contract.desk import Desk
from ossbss.oss.fault.alarm_list import WatchedAlarms
from ossbss.oss.fault.casebook import Casebook
from ossbss.oss.fault.cause.port import RootCauseFinder
from ossbss.oss.fault.complaints import Report, open_complaints, working_all_the_same
from ossbss.oss.fault.drift_notice import doubt
from ossbss.oss.fault.records import Cause, Incident
from ossbss.oss.fault.root_cause import case_behind, causes_of
from ossbss.oss.fault.symptoms import Identity
from ossbss.oss.fault.testing import Trials


class Reasoning:
    """Keeps the complaints and what was doubted; reads alarms and incidents where they are kept."""

    def __init__(self, finder: RootCauseFinder, watch: WatchedAlarms, cases: Casebook, desk: Desk) -> None:
        self.finder, self.watch, self.cases, self.desk = finder, watch, cases, desk
        self.complaints: list[Report] = []
        self.doubted: set[tuple[str, ...]] = set()

    def causes(
        self, present: frozenset[Identity], of: Incident | None, now_ms: int, working: frozenset[str] = frozenset()
    ) -> tuple[Cause, ...]:
        """What explains these alarms and complaints, beside what is believed to be behind the other incidents'.

        ``of``: the incident that is thought over again. ``working``: services whose probe passes.
        """
        cases, watch = self.cases, self.watch
        reports = open_complaints(self.complaints, cases.incidents.values(), cases.problems.values())
        case = case_behind(present, of, cases.open_incidents(), watch.alarms, watch.active, now_ms, reports, working)
        answer = self.finder.diagnose(case)
        if found := doubt(answer, present if of else frozenset(), self.doubted):
            self.doubted.add(found.resources)
            self.desk.note("root_cause", "inventory.doubted", found.subject, now_ms, found)
        return causes_of(answer, present)

    def behind_complaints(self, reported: Set[str], trials: Mapping[str, Trials], now_ms: int) -> tuple[Cause, ...]:
        """What explains complaints of services that work by all accounts."""
        working = working_all_the_same(reported, trials, self.cases.open_incidents(), now_ms)
        return self.causes(frozenset(), None, now_ms, working) if working else ()

    def began_ms(self, cause: Cause | None, alarms: frozenset[Identity]) -> int:
        """When the first of these alarms was raised; without any, when the first complaint was made."""
        told_of = cause.complaints if cause else frozenset[str]()
        raised_ms = [self.watch.alarms[identity].raised.occurred_ms for identity in alarms]
        return min(raised_ms or [at_ms for service, at_ms in self.complaints if service in told_of])
