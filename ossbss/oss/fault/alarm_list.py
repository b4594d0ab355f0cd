"""The alarm list: every alarm as it stands, which stand before the operator, and when time alone changes one."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from heapq import heappop, heappush

from ossbss.contract.assurance import Alarm, AlarmAction, AlarmList, AlarmListRequest
from ossbss.contract.desk import Desk
from ossbss.oss.elements.names import Reading
from ossbss.oss.fault import clock_skew, housekeeping, operator_actions, surveillance
from ossbss.oss.fault.reachability import Parents, cut_off, resync
from ossbss.oss.fault.records import ListedAlarm
from ossbss.oss.fault.surveillance import Change
from ossbss.oss.fault.symptoms import STATION, Identity, counters_tell, lost_contact
from ossbss.oss.inventory import Inventory
from ossbss.oss.maintenance.planned_work import Window, resource_of, suppressed_until_ms
from ossbss.oss.policy import OperationsPolicy


class WatchedAlarms:
    """Keeps what the hops of surveillance say of each alarm, and notes it.

    ``alarms``: identity → alarm. ``active``: identities that stand before the operator and go on to correlation: raised
    or flapping, neither suppressed by planned work, nor held, nor shelved. What is unknown stays among them.
    ``pending``: those that wait to be correlated, and since when they stand there.
    """

    def __init__(self, inventory: Inventory, policy: OperationsPolicy, desk: Desk) -> None:
        self.inventory, self.policy, self.desk = inventory, policy, desk
        self.alarms: dict[Identity, ListedAlarm] = {}
        self.active: set[Identity] = set()
        self.pending: dict[Identity, int] = {}
        self.touched: set[Identity] = set()
        """alarms that changed, until somebody asks who"""
        self.windows: list[Window] = []
        self.parents = {node: Parents(frozenset((m,)), "all") for node, m in inventory.manager_of_node.items()}
        self.unreachable: frozenset[str] = frozenset()
        """elements and managers that cannot be heard now: what they do not say is unknown"""
        self.asked_ms: dict[str, int | None] = {}
        """element that has still to tell all its alarms → when it was asked last"""
        self._work_on: dict[str, list[Window]] = {}
        """alarmed object → windows that may explain its alarms"""
        self._lost: set[str] = set()
        self._back_ms: dict[str, int] = {}
        """element that has still to tell all its alarms → since when it is back"""
        self._of_source: dict[str, set[Identity]] = {}
        self._due: list[tuple[int, Identity]] = []
        self._differences: dict[str, deque[int]] = {}
        self._purge_ms: int | None = None

    # -- notifications ---------------------------------------------------------------------------------

    def take(self, notifications: Sequence[Alarm], now_ms: int) -> None:
        """Apply what was heard at one instant."""
        of_contact = False
        for alarm in surveillance.in_order(notifications):
            identity = alarm.identity
            for change in surveillance.survey(self.alarms.get(identity), alarm, self.policy):
                if change.kind in ("raised", "flapping"):
                    self._raise(identity, change, now_ms)
                else:
                    self._keep(identity, change, now_ms)
            of_contact = of_contact or alarm.source == STATION
        if of_contact:
            self._reach(now_ms)

    def _raise(self, identity: Identity, change: Change, now_ms: int) -> None:
        """What planned work explains, or whose element is not to be believed yet, is kept back."""
        listed, words = change.alarm, []
        if identity[0] in self._work_on and (until_ms := self._suppressed_until_ms(listed, now_ms)) is not None:
            listed, words = listed.but(suppressed_until_ms=until_ms), ["suppressed"]
        if self._is_stale(listed.raised):
            listed = listed.but(held_until_ms=now_ms + self.policy.resync_hold_ms)
            words.append("held")
        self._keep(identity, Change(change.kind, listed), now_ms)
        for word in words:
            self._note(word, listed, change.occurred_ms)

    def _keep(self, identity: Identity, change: Change, now_ms: int) -> None:
        """Store it, note it, and have it wait for correlation where it was not before the operator."""
        listed, before = change.alarm, self.alarms.get(identity)
        if before is None:
            self._of_source.setdefault(identity[2], set()).add(identity)
        self.alarms[identity] = listed
        self.touched.add(identity)
        if (due_ms := listed.due_ms) is not None and (before is None or before.due_ms != due_ms):
            heappush(self._due, (due_ms, identity))
        if not listed.presented:
            self.active.discard(identity)
        elif identity not in self.active:
            self.active.add(identity)
            self.pending[identity] = now_ms
        if change.kind != "quiet":
            self._note(change.kind, listed, change.occurred_ms)

    def _note(self, kind: str, listed: ListedAlarm, occurred_ms: int) -> None:
        self.desk.note("surveillance", f"alarm.{kind}", listed.alarm_id, occurred_ms, listed.as_body(kind))

    def changed(self) -> set[Identity]:
        """Alarms that have changed in any way since this was asked last."""
        found, self.touched = self.touched, set()
        return found

    # -- time ------------------------------------------------------------------------------------------

    @property
    def next_ms(self) -> int | None:
        """When time alone changes an alarm next."""
        while self._due and self._due[0][0] != self._due_ms(self._due[0][1]):
            heappop(self._due)  # the alarm has changed since: its new time stands there too
        return self._due[0][0] if self._due else None

    def _due_ms(self, identity: Identity) -> int | None:
        return self.alarms[identity].due_ms if identity in self.alarms else None

    def tick(self, now_ms: int) -> None:
        """What time has done by now."""
        while (at_ms := self.next_ms) is not None and at_ms <= now_ms:
            _, identity = heappop(self._due)
            listed = self.alarms[identity]
            if listed.gone_at_ms is not None and listed.gone_at_ms <= now_ms:
                self.take([_by_comparison(listed, now_ms)], now_ms)
            else:
                self._keep(identity, surveillance.elapsed(listed, now_ms), now_ms)
        self._purge(now_ms)

    def _purge(self, now_ms: int) -> None:
        if self._purge_ms is not None and now_ms < self._purge_ms:
            return
        for identity in housekeeping.purgeable(self.alarms, now_ms, self.policy.alarm_purge_after_ms):
            self.desk.note("surveillance", "alarm_list.purged", self.alarms[identity].alarm_id, now_ms, {})
            del self.alarms[identity]
            self._of_source[identity[2]].discard(identity)
        self._purge_ms = now_ms + self.policy.alarm_purge_after_ms

    # -- planned work ----------------------------------------------------------------------------------

    def plan(self, window: Window, now_ms: int) -> None:
        """Work is announced; where it has begun already, what it explains is no longer presented."""
        self.windows.append(window)
        for name in {*window.out_of_service, *(identity[0] for identity in window.expected)}:
            self._work_on.setdefault(name, []).append(window)
        for identity in sorted(i for i in self.active if window.covers(i)):
            if self.alarms[identity].raised.known_ms < window.starts_ms:
                continue  # what was known before the work began is none of its doing
            if (until_ms := self._suppressed_until_ms(listed := self.alarms[identity], now_ms)) is not None:
                self._keep(identity, Change("suppressed", listed.but(suppressed_until_ms=until_ms)), now_ms)

    def _suppressed_until_ms(self, listed: ListedAlarm, now_ms: int) -> int | None:
        raised = clock_skew.corrected_ms(listed.raised, self.skew_of(listed.raised.source))
        windows = self._work_on[listed.raised.alarmed_object]
        until_ms = suppressed_until_ms(listed.raised.identity, raised, windows, self.policy.settle_ms)
        return until_ms if until_ms is not None and until_ms > now_ms else None

    def work_behind(self, service: str, at_ms: int) -> str | None:
        """The resource whose planned work explains that a service fails then."""
        return resource_of(self.inventory.services[service].alarms_of_outage, self.windows, at_ms)

    # -- operators -------------------------------------------------------------------------------------

    def act(self, action: AlarmAction, now_ms: int) -> None:
        """What an operator does, or why it cannot be done, is noted."""
        answer = operator_actions.act(self.alarms.get(action.identity), action, now_ms)
        about = {"user_id": action.user_id, "action": action.action, "identity": action.identity, "text": action.text}
        if answer.alarm is None:
            subject, refused = "|".join(action.identity), {**about, "reason": answer.refused}
            self.desk.note("surveillance", "operator_action.refused", subject, now_ms, refused)
            return
        self._keep(action.identity, Change(_SAID[action.action], answer.alarm), now_ms)

    # -- contact ---------------------------------------------------------------------------------------

    def _reach(self, now_ms: int) -> None:
        """Who cannot be heard now, by the station's own alarms; who can be heard again has to tell all its alarms."""
        own = self._of_source.get(STATION, set())
        lost = {i[0] for i in own if i == lost_contact(i[0]) and self.alarms[i].active}
        if lost == self._lost:
            return
        self._lost, before = lost, self.unreachable
        self.unreachable = cut_off(lost, self.parents)
        for element in sorted((self.unreachable - before) & self.parents.keys()):
            self.asked_ms.pop(element, None)
            self._doubt(element, now_ms)
        for element in sorted((before - self.unreachable) & self.parents.keys()):
            self.asked_ms[element], self._back_ms[element] = None, now_ms

    def _is_stale(self, alarm: Alarm) -> bool:
        """Whether it may be of the time in which its element was out of reach, and over since."""
        element = alarm.source
        if element not in self.asked_ms:
            return element in self.unreachable
        return clock_skew.corrected_ms(alarm, self.skew_of(element))[0] <= self._back_ms[element]

    def _doubt(self, element: str, now_ms: int) -> None:
        for identity in sorted(self._of_source.get(element, ())):
            listed = self.alarms[identity]
            if listed.active and listed.unknown_since_ms is None:
                self._keep(identity, Change("unknown", listed.but(unknown_since_ms=now_ms)), now_ms)

    def resynchronise(self, elements: Iterable[str]) -> None:
        """Some of what these said was not read: they have to tell all their alarms. What they say by themselves
        meanwhile is believed; who is out of reach is asked when it is back."""
        for element in elements:
            if element in self.parents and element not in self.unreachable and element not in self.asked_ms:
                self.asked_ms[element], self._back_ms[element] = None, _NEVER_AWAY_MS

    def ask(self, now_ms: int) -> None:
        """Ask for the alarms of elements that are back; again after a poll's time where nothing came."""
        of: dict[str, set[str]] = {}
        for element, asked_ms in self.asked_ms.items():
            if asked_ms is None or now_ms >= asked_ms + self.policy.poll_period_ms:
                self.asked_ms[element] = now_ms
                of.setdefault(self.inventory.manager_of_node[element], set()).add(element)
        for manager, elements in sorted(of.items()):
            self.desk.send(AlarmListRequest(**self.desk.head(now_ms), manager_id=manager,
                                            element_ids=frozenset(elements)))  # fmt: skip

    def told(self, message: AlarmList, lines: Iterable[Reading], now_ms: int) -> None:
        """An element's own list, each of its lines read."""
        self._compare(message.element_id, list(lines), message.occurred_ms, now_ms)

    def _compare(self, element: str, read: Sequence[Reading], occurred_ms: int, now_ms: int) -> None:
        """What a list does not name is over once a clear on its way must have arrived; what it names as cleared is over
        as by any clear.

        Where a line of it could not be read nobody knows what it names: then nothing is over because of it.
        """
        over = (alarm for line in read for alarm in line.alarms if alarm.perceived_severity == "cleared")
        self.take([alarm for alarm in over if (known := self.alarms.get(alarm.identity)) and known.active], now_ms)
        self.asked_ms.pop(element, None)
        all_of_it = (self.alarms[identity] for identity in sorted(self._of_source.get(element, ())))
        mine = [listed for listed in all_of_it if not _by_counters(listed)]
        found = resync(mine, element, [alarm for line in read for alarm in line.alarms])
        gone = () if any(line.rejected for line in read) else found.gone
        self.take(found.missing, now_ms)
        for identity in found.confirmed:
            listed = self.alarms[identity].but(held_until_ms=None, unknown_since_ms=None, gone_ms=None, gone_at_ms=None)
            fresh = listed.presented and identity not in self.active
            self._keep(identity, Change("presented" if fresh else "confirmed", listed), now_ms)
        believed_ms = now_ms + self.policy.lost_clear_after_ms
        for identity in gone:
            listed = self.alarms[identity].but(gone_ms=occurred_ms, gone_at_ms=believed_ms)
            self._keep(identity, Change("quiet", listed), now_ms)
        counts = {"missing": len(found.missing), "confirmed": len(found.confirmed), "gone": len(gone)}
        self.desk.note("surveillance", "alarm_list.compared", element, occurred_ms, counts)

    # -- clocks ----------------------------------------------------------------------------------------

    def heard(self, element: str, reading: Reading, now_ms: int) -> Sequence[Alarm]:
        """The notifications to take; a list of all that the element has is compared at once.

        Learn of an element's clock from what came by itself (what was kept back tells nothing), and of its start.
        """
        if element not in self.unreachable and element not in self.asked_ms:
            for alarm in reading.alarms:
                if element not in self._differences:
                    self._differences[element] = deque(maxlen=self.policy.skew_samples)
                self._differences[element].append(alarm.known_ms - alarm.occurred_ms)
        if reading.resynchronise:
            self._doubt(element, now_ms)
            self.asked_ms[element], self._back_ms[element] = None, now_ms
        if not reading.complete:
            return reading.alarms
        self._compare(element, [reading], now_ms, now_ms)
        return ()

    def skew_of(self, element: str) -> clock_skew.Skew | None:
        """How wrong an element's clock is; None where too little was heard of it."""
        return clock_skew.skew(self._differences.get(element, ()), self.policy.least_transport_ms)

    def apart(self, group: Sequence[Alarm]) -> list[tuple[Alarm, ...]]:
        """A group cut where, by event time and arrival together, its alarms cannot be of one time."""
        skews = {source: self.skew_of(source) for source in {alarm.source for alarm in group}}
        return clock_skew.apart(group, skews, self.policy.correlation_window_ms)


_NEVER_AWAY_MS = -(2**62)
_SAID: Mapping[str, str] = {
    "acknowledge": "acknowledged", "unacknowledge": "unacknowledged", "close": "closed", "shelve": "shelved",
    "unshelve": "unshelved", "comment": "commented",
}  # fmt: skip
"""what an operator does → the kind of entry that tells how the alarm stands afterwards"""


def _by_counters(listed: ListedAlarm) -> bool:
    """What the station made of an element's counters is in no list of the element's."""
    return listed.raised.event_type == "qualityOfServiceAlarm" and counters_tell(listed.raised.identity)


def _by_comparison(listed: ListedAlarm, now_ms: int) -> Alarm:
    """The clear that an element's own list stands for: some time between the last raise heard and that list."""
    last, gone_ms = listed.latest or listed.raised, listed.gone_ms or now_ms
    at_ms = max(gone_ms, last.occurred_ms)
    return replace(listed.raised, perceived_severity="cleared", occurred_ms=at_ms, known_ms=now_ms,
                   occurred_uncertainty_ms=at_ms - last.occurred_ms, text="its element does not name it",
                   message_id="", raw=b"")  # fmt: skip
