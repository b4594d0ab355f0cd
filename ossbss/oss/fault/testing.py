"""What has been tried, and what is to be tried next? Probes tell what no alarm does: what still fails, what works."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace

from ossbss.contract.assurance import Alarm, EventType
from ossbss.oss.fault.records import ListedAlarm
from ossbss.oss.fault.symptoms import STATION
from ossbss.oss.inventory import Inventory, Service
from ossbss.oss.policy import OperationsPolicy


@dataclass(frozen=True)
class Trials:
    """What probes of one target have told. ``passing_since_ms``: the first pass of those in a row up to now."""

    asked_ms: int | None = None
    heard_ms: int | None = None
    passing_since_ms: int | None = None
    passed_ms: int | None = None
    """the latest pass"""
    failed_ms: int | None = None
    """the latest failure"""

    def asked(self, now_ms: int) -> "Trials":
        return replace(self, asked_ms=now_ms)

    def heard(self, passed: bool, now_ms: int) -> "Trials":
        """After an answer; a probe that could not be made tells nothing and is not heard."""
        if not passed:
            return replace(self, heard_ms=now_ms, passing_since_ms=None, failed_ms=now_ms)
        since_ms = now_ms if self.passing_since_ms is None else self.passing_since_ms
        return replace(self, heard_ms=now_ms, passing_since_ms=since_ms, passed_ms=now_ms)

    def passed_since(self, quiet_ms: int) -> bool:
        """Whether it passed at ``quiet_ms`` or later, and has not failed since."""
        return self.passing_since_ms is not None and self.heard_ms is not None and self.heard_ms >= quiet_ms

    def passing_after_ms(self, known_ms: int) -> int | None:
        """Since when it passes, for sure: an older pass says nothing of what was heard at ``known_ms``."""
        if self.passing_since_ms is None or self.passing_since_ms > known_ms:
            return self.passing_since_ms
        return self.passed_ms if self.passed_ms is not None and self.passed_ms > known_ms else None

    def may_ask(self, now_ms: int, policy: OperationsPolicy) -> bool:
        """No sooner than ``policy.probe_period_ms`` after the last time."""
        return self.asked_ms is None or now_ms >= self.asked_ms + policy.probe_period_ms


UNTRIED = Trials()


def proofs_of(inventory: Inventory, alarmed_object: str) -> frozenset[str]:
    """What can be probed to see that an object is well: itself, or the links of a card. Empty: nothing can."""
    if alarmed_object in inventory.services or alarmed_object in inventory.links:
        return frozenset((alarmed_object,))
    if alarmed_object in inventory.card_slots:
        return frozenset(link.link_id for link in inventory.links.values() if alarmed_object in link.cards)
    return frozenset((alarmed_object,)) if alarmed_object in inventory.site_of_node else frozenset()


def doubted(
    alarms: Iterable[ListedAlarm], inventory: Inventory, trials: Mapping[str, Trials], now_ms: int,
    policy: OperationsPolicy,
) -> frozenset[str]:  # fmt: skip
    """Targets to probe because an alarm has been active for long: its clear may have been lost."""
    wanted: set[str] = set()
    for listed in alarms:
        if listed.raised.source != STATION and now_ms >= listed.raised.known_ms + policy.doubt_after_ms:
            for target in proofs_of(inventory, listed.raised.alarmed_object):
                tried = trials.get(target, UNTRIED)
                last_ms = tried.asked_ms if tried.asked_ms is not None else 0
                if tried.passing_since_ms is not None or now_ms >= last_ms + policy.doubt_after_ms:
                    wanted.add(target)
    return frozenset(wanted)


def evidence(service: Service, worked_ms: int, now_ms: int) -> list[Alarm]:
    """What its ends would have said of a service whose probe fails, had anything been heard: food for diagnosis.

    ``worked_ms``: when it was last known to work; it failed somewhere between then and now.
    """
    kind: EventType = "qualityOfServiceAlarm"
    unsure_ms, text = now_ms - worked_ms, "its probe fails"
    return [
        Alarm(name, kind, cause, "critical", end, now_ms, unsure_ms, now_ms, text)
        for name, cause, end in service.alarms_of_outage
    ]


def lost_clears(
    alarms: Iterable[ListedAlarm], inventory: Inventory, trials: Mapping[str, Trials], now_ms: int,
    policy: OperationsPolicy,
) -> list[Alarm]:  # fmt: skip
    """A clear for each alarm whose object has passed its probes for longer than a late message takes.

    It ended between the last failed probe (or the raise) and the first that passed: that is the uncertainty.
    """
    found = []
    for listed in alarms:
        tried = [trials.get(target, UNTRIED) for target in proofs_of(inventory, listed.raised.alarmed_object)]
        since = [at_ms for t in tried if (at_ms := t.passing_after_ms(listed.raised.known_ms)) is not None]
        if listed.raised.source == STATION or not tried or len(since) < len(tried):
            continue
        works_ms, again = max(since), any(t.passing_since_ms not in since for t in tried)
        waits_ms = listed.raised.known_ms + policy.doubt_after_ms if again else works_ms
        if works_ms > listed.raised.known_ms and now_ms >= waits_ms + policy.lost_clear_after_ms:
            broken_ms = max(listed.raised.occurred_ms, *((t.failed_ms or 0) for t in tried))
            found.append(replace(listed.raised, perceived_severity="cleared", occurred_ms=works_ms, known_ms=now_ms,
                                 occurred_uncertainty_ms=works_ms - broken_ms, text="its probes pass"))  # fmt: skip
    return found


def next_ms(wanted: Iterable[str], trials: Mapping[str, Trials], policy: OperationsPolicy) -> int | None:
    """When the first of these may be asked again, all of them asked before."""
    asked = (trials[target].asked_ms for target in wanted)
    return min((at_ms + policy.probe_period_ms for at_ms in asked if at_ms is not None), default=None)


def quiet_since_ms(alarms: Iterable[ListedAlarm], known_ms: int) -> int:
    """When the last of these alarms was heard to be over; ``known_ms`` where none was."""
    return max((a.clear_known_ms for a in alarms if a.clear_known_ms is not None), default=known_ms)


def unproven(targets: Set[str], trials: Mapping[str, Trials], since_ms: int) -> frozenset[str]:
    """Targets that have not passed since."""
    return frozenset(t for t in targets if not trials.get(t, UNTRIED).passed_since(since_ms))
