"""Probes on their way, and what they have told of each target; a service whose probe fails alarms in any case."""

from collections.abc import Iterable, Set

from ossbss.contract.assurance import Alarm, CustomerReport, TestResult
from ossbss.contract.desk import Desk
from ossbss.oss.fault import testing
from ossbss.oss.fault.asking import ask
from ossbss.oss.fault.test_catalogue import ActiveTest
from ossbss.oss.fault.testing import UNTRIED, Trials
from ossbss.oss.inventory import Inventory
from ossbss.oss.policy import OperationsPolicy


class Probing:
    """``trials``: target → what its probes have told; ``reported``: services of which customers complain and that have
    not been tried since."""

    def __init__(self, inventory: Inventory, policy: OperationsPolicy, desk: Desk) -> None:
        self.inventory, self.policy, self.desk = inventory, policy, desk
        self.trials: dict[str, Trials] = {}
        self.reported: set[str] = set()
        self.next_ms: int | None = None

    def tried(self, target: str) -> Trials:
        return self.trials.get(target, UNTRIED)

    def complained(self, report: CustomerReport, now_ms: int) -> None:
        """A customer says that a service does not work."""
        self.reported.add(report.service_id)
        self.desk.note("care_evidence", "customer_report.received", report.service_id, now_ms, report)

    def heard(self, result: TestResult, worked_ms: int, now_ms: int) -> list[Alarm]:
        """Take the result of a probe; the alarms that nobody raised of a service that fails as customers say.

        ``worked_ms``: when the target was last known to work.
        """
        if result.passed is None:
            return []
        self.trials[result.target] = self.tried(result.target).heard(result.passed, now_ms)
        if result.target in self.reported and not result.passed:
            return testing.evidence(self.inventory.services[result.target], worked_ms, now_ms)
        return []

    def ask(self, wanted: Iterable[str], now_ms: int) -> None:
        """Probe these, none sooner than a period after the last time."""
        targets = sorted(wanted)
        for target in targets:
            if self.tried(target).may_ask(now_ms, self.policy):
                self.trials[target] = self.tried(target).asked(now_ms)
                ask(ActiveTest("probe", target), self.inventory, self.desk, now_ms)
        self.next_ms = testing.next_ms(targets, self.trials, self.policy)

    def unproven(self, targets: Set[str], since_ms: int) -> frozenset[str]:
        """Those of these that have not passed since."""
        return testing.unproven(targets, self.trials, since_ms)
