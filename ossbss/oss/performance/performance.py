"""Counters of a period are gathered until they must have come, and then judged: what they cross is an alarm.

A period of which no file came, and a value that its element doubts, say nothing: nothing is raised and nothing over.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ossbss.contract.assurance import Alarm, Severity
from ossbss.contract.units import HOUR_MS, MINUTE_MS
from ossbss.oss.elements.notification import Measurement
from ossbss.oss.fault.symptoms import STATION, Identity, idle_cell, path_loss, port_errors
from ossbss.oss.inventory import Inventory
from ossbss.oss.performance import idle, thresholds
from ossbss.oss.performance.thresholds import Standing
from ossbss.oss.policy import OperationsPolicy

GRANULARITIES_MS = frozenset((5 * MINUTE_MS, 15 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS, 24 * HOUR_MS))
"""Of TS 32.401; periods of another length are left out."""
Period = tuple[int, int]
"""(ends_ms, begins_ms)"""
Place = tuple[str, str]
"""(link, cell or service; element that counted)"""
Gathered = dict[Place, dict[str, int]]


@dataclass(frozen=True)
class _Judgement:
    """One period that is judged now."""

    begins_ms: int
    ends_ms: int
    now_ms: int

    def alarm(self, identity: Identity, severity: Severity, since_ms: int, text: str) -> Alarm:
        """It came about, or ended, between ``since_ms`` and the end of the period."""
        thing, cause, source = identity
        return Alarm(thing, "qualityOfServiceAlarm", cause, severity, source, self.ends_ms, self.ends_ms - since_ms,
                     self.now_ms, text)  # fmt: skip


class Performance:
    """``loss_of`` tells what is known of a service's packets; the rest comes out as alarms of ``judge``."""

    def __init__(self, inventory: Inventory, policy: OperationsPolicy) -> None:
        self.inventory, self.policy = inventory, policy
        self.gathered: dict[Period, Gathered] = {}
        self.due_ms: dict[Period, int] = {}
        """period → when it is judged"""
        self.judged_ms: Counter[int] = Counter()
        """granularity → until when all is judged; what comes later for an earlier time is left out"""
        self.standings: dict[Identity, dict[Place, Standing]] = {}
        """alarm → how each of those that count for it stands"""
        self.histories: dict[str, idle.History] = {}
        self.measured: dict[str, tuple[int, int]] = {}
        """service → (lost, sent) packets, both directions together, of the period that was judged last"""

    def loss_of(self, service_id: str) -> tuple[int, int] | None:
        """(lost, sent) test packets of a service in the last period, while it was available; None: nothing known."""
        return self.measured.get(service_id)

    def take(self, measurements: Sequence[Measurement], now_ms: int) -> None:
        """Keep what is to be judged: counts of a period that is over, that its element stands by."""
        for each in measurements:
            if each.counter not in thresholds.WATCHED or each.suspect or each.value is None or each.value < 0:
                continue
            length_ms, ends_ms = each.granularity_ms, each.begins_ms + each.granularity_ms
            early = ends_ms > now_ms + self.policy.performance_wait_ms
            if length_ms not in GRANULARITIES_MS or early or ends_ms <= self.judged_ms[length_ms]:
                continue
            period = (ends_ms, each.begins_ms)
            self.due_ms.setdefault(period, now_ms + self.policy.performance_wait_ms)
            counts = self.gathered.setdefault(period, {}).setdefault((each.measured_object, each.element), {})
            counts[each.counter] = int(each.value)

    @property
    def next_ms(self) -> int | None:
        """When the next period is to be judged; None: none has come."""
        return min(self.due_ms.values(), default=None)

    def judge(self, now_ms: int) -> list[Alarm]:
        """Alarms, raised or cleared, of the periods that are due, the earlier first."""
        alarms: list[Alarm] = []
        for period in sorted(p for p, due_ms in self.due_ms.items() if due_ms <= now_ms):
            del self.due_ms[period]
            ends_ms, begins_ms = period
            gathered = self.gathered.pop(period)
            if ends_ms > self.judged_ms[ends_ms - begins_ms]:
                self.judged_ms[ends_ms - begins_ms] = ends_ms
                alarms += self._judge(gathered, _Judgement(begins_ms, ends_ms, now_ms))
        return alarms

    def _judge(self, gathered: Gathered, period: _Judgement) -> list[Alarm]:
        self.measured, links, services = {}, self.inventory.links, self.inventory.services
        of: dict[Identity, dict[Place, tuple[int, int]]] = {}
        for place, counts in sorted(gathered.items()):
            thing, element = place
            if thing in services and (found := thresholds.loss(counts)):
                before = self.measured.get(thing, (0, 0))
                self.measured[thing] = (before[0] + found[0], before[1] + found[1])
                of.setdefault(path_loss(thing), {})[place] = found
            elif thing in links and (found := thresholds.errors(counts)):
                of.setdefault(port_errors(thing, element), {})[place] = found
        alarms = (self._stand(identity, found, period) for identity, found in of.items())
        return [*(alarm for alarm in alarms if alarm), *self._cells(gathered, period)]

    def _stand(self, identity: Identity, found: dict[Place, tuple[int, int]], period: _Judgement) -> Alarm | None:
        """Any of its places over raises the alarm, all of them fine end it. One that is not the station's own is raised
        anew in every such period: it is unknown once its element was out of reach, and is known so again."""
        own = identity[2] == STATION
        raise_milli = self.policy.path_loss_raise_milli if own else self.policy.port_errors_raise_milli
        before = self.standings.get(identity, {})
        after, text = dict(before), ""
        for place, (part, whole) in found.items():
            verdict = thresholds.verdict(part, whole, raise_milli, self.policy.least_packets)
            after[place] = thresholds.judged(before.get(place, Standing()), verdict, period.begins_ms, period.ends_ms)
            if verdict == "over":
                text = f"{part} of {whole} packets {'lost' if own else 'damaged'}"
        self.standings[identity] = after
        was, is_over = (any(standing.over for standing in standings.values()) for standings in (before, after))
        if is_over and text and not (was and own):
            fine = (standing.fine_ms for standing in after.values() if standing.over and standing.fine_ms is not None)
            return period.alarm(identity, "minor", min(fine, default=period.begins_ms), text)
        if was and not is_over:
            over_ms = max(standing.over_ms for standing in after.values() if standing.over_ms is not None)
            return period.alarm(identity, "cleared", over_ms, "")
        return None

    # -- cells -----------------------------------------------------------------------------------------

    def _cells(self, gathered: Gathered, period: _Judgement) -> Iterator[Alarm]:
        carried = {cell: n for cell, n in self._connections(gathered) if self._was_served(cell, gathered)}
        everything, hour = sum(carried.values()), idle.hour_of(period.begins_ms)
        for cell, own in sorted(carried.items()):
            before = self.histories.get(cell, idle.History())
            seen = idle.Seen(hour, own, everything - own)
            after = idle.judged(before, seen, period.begins_ms, self.policy.idle_connections)
            self.histories[cell] = after
            if after.idle and not before.idle:
                text = f"no connection where {after.missed:.0f} were to be expected"
                yield period.alarm(idle_cell(cell), "major", after.quiet_ms or period.begins_ms, text)
            elif before.idle and not after.idle:
                yield period.alarm(idle_cell(cell), "cleared", period.begins_ms, "")

    def _connections(self, gathered: Gathered) -> Iterator[tuple[str, int]]:
        for (thing, _), counts in gathered.items():
            if thing in self.inventory.cells and thresholds.CONNECTIONS in counts:
                yield thing, counts[thresholds.CONNECTIONS]

    def _was_served(self, cell: str, gathered: Gathered) -> bool:
        """Whether its service was available all the time, as far as anybody says: else its silence says nothing new."""
        place = (self.inventory.service_of_cell.get(cell, ""), self.inventory.cells[cell].node)
        return not gathered.get(place, {}).get(thresholds.UNAVAILABLE)
