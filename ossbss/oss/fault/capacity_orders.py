"""Capacity bought while a repair takes its time: what joins again whom a failure has cut off, given back afterwards."""

from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass, replace
from functools import cached_property

from ossbss.contract.assurance import CapacityOrder
from ossbss.contract.desk import Desk
from ossbss.contract.units import MINUTE_MS
from ossbss.oss.elements.orders import command, order
from ossbss.oss.fault.casebook import Casebook
from ossbss.oss.fault.impact import Impact
from ossbss.oss.fault.records import Incident
from ossbss.oss.fault.runbooks import BUY_CAPACITY
from ossbss.oss.fault.wiring import Wiring, wire
from ossbss.oss.inventory import HIGHEST_METRIC, Inventory
from ossbss.oss.policy import OperationsPolicy

DRAIN_MS = MINUTE_MS
"""From the new weight of a link until no traffic is on it (assumption: convergence takes seconds)."""


def reconnecting(wiring: Wiring, failed: Collection[str], services: Iterable[str]) -> str | None:
    """The dormant link that joins again the ends of most of these services, the first by name; None: none does.

    ``failed``: resources that are believed to have failed. A service on a fixed path stays on it, and is not counted.
    """
    inventory, (dead, lit) = wiring.inventory, wiring.effect(failed)
    parts = wiring.parts(lit)
    part = {node: int(parts[no]) for node, no in wiring.node_no.items() if not dead[no]}
    broken = frozenset[str]().union(*(inventory.down_links(one) for one in failed))
    apart = [tuple(part.get(end) for end in inventory.services[s].ends) for s in services
             if inventory.services[s].protection == "restoration"]  # fmt: skip
    best: tuple[int, str] | None = None
    for link in sorted(name for name in inventory.links if inventory.links[name].dormant and name not in broken):
        joins = {part.get(end) for end in inventory.links[link].ends}
        gain = sum(len(set(ends)) == 2 and set(ends) == joins and None not in joins for ends in apart)
        if gain and (best is None or gain > best[0]):
            best = gain, link
    return best[1] if best else None


@dataclass(frozen=True)
class Bought:
    """An order about an incident. ``due_ms``: when it is approved, or when it is given back; None: neither is near."""

    action_id: str
    link_id: str
    services: frozenset[str]
    due_ms: int | None


class CapacityOrders:
    """One order an incident at most: approved, sent, proved by the services that it brings back, given back."""

    def __init__(self, inventory: Inventory, policy: OperationsPolicy, cases: Casebook, desk: Desk) -> None:
        self.inventory, self.policy, self.cases, self.desk = inventory, policy, cases, desk
        self.of: dict[str, Bought] = {}
        self.can_buy = any(link.dormant for link in inventory.links.values())

    def go_on(self, impacts: Mapping[str, Impact], now_ms: int) -> None:
        """Order where an outage lasts whose repair is under way; give back where it is over.

        ``impacts``: incident → whom it harms.
        """
        if not self.can_buy or not self.policy.remote_repair:
            return
        for incident in self.cases.open_incidents():
            impact = impacts.get(incident.incident_id)
            if incident.state == "dispatched" and impact and incident.incident_id not in self.of:
                self._consider(incident, self.cases.open_problem_of.keys() & impact.down, now_ms)
        for incident_id, bought in list(self.of.items()):
            self._follow(self.cases.incidents[incident_id], bought, now_ms)

    @cached_property
    def _wiring(self) -> Wiring:
        return wire(self.inventory)

    @property
    def next_ms(self) -> int | None:
        """When the next order is approved, or given back."""
        return min((bought.due_ms for bought in self.of.values() if bought.due_ms is not None), default=None)

    def _consider(self, incident: Incident, down: Set[str], now_ms: int) -> None:
        link = reconnecting(self._wiring, self.cases.believed_causes(), down) if down else None
        if link is None or any(bought.link_id == link for bought in self.of.values()):
            return
        action_id = self.cases.act(incident, BUY_CAPACITY.kind, "awaiting_approval", now_ms, target=link)
        self.of[incident.incident_id] = Bought(action_id, link, frozenset(down), now_ms + self.policy.approval_ms)

    def _follow(self, incident: Incident, bought: Bought, now_ms: int) -> None:
        action, over = self.cases.actions[bought.action_id], incident.state == "closed"
        if action.state == "awaiting_approval" and over:
            self._fail(bought, "not needed any more", now_ms)
            del self.of[incident.incident_id]
        elif action.state == "awaiting_approval" and bought.due_ms is not None and now_ms >= bought.due_ms:
            self.of[incident.incident_id] = replace(bought, due_ms=None)
            self.cases.keep_action(replace(action, state="verifying"))
            self._send(bought.link_id, now_ms, given_back=False)
        elif action.state == "verifying" and not over and bought.services.isdisjoint(self.cases.open_problem_of):
            self.cases.keep_action(replace(action, state="succeeded", ended_ms=now_ms))
        elif over:
            self._give_back(incident, bought, now_ms)

    def _give_back(self, incident: Incident, bought: Bought, now_ms: int) -> None:
        """The repair is proved: traffic is led off the link before it goes dark."""
        if bought.due_ms is None:
            if self.cases.actions[bought.action_id].state == "verifying":
                self._fail(bought, "the repair was sooner", now_ms)
            self._weigh(bought.link_id, HIGHEST_METRIC, now_ms)
            self.of[incident.incident_id] = replace(bought, due_ms=now_ms + DRAIN_MS)
        elif now_ms >= bought.due_ms:
            del self.of[incident.incident_id]
            self._send(bought.link_id, now_ms, given_back=True)
            self._weigh(bought.link_id, self.inventory.links[bought.link_id].metric, now_ms)
            self.cases.act(incident, "undo", "succeeded", now_ms, now_ms, target=bought.link_id)

    def _fail(self, bought: Bought, reason: str, now_ms: int) -> None:
        action = self.cases.actions[bought.action_id]
        self.cases.keep_action(replace(action, state="failed", ended_ms=now_ms, reason=reason))

    def _weigh(self, link: str, metric: int, now_ms: int) -> None:
        """Set the weight of a link at both its ends; one whose vendor has no words for it keeps its own."""
        for node in self.inventory.links[link].ends:
            try:
                act = order("set_metric", node, self.inventory, link, metric=metric, confirm_min=None)
                self.desk.send(command(act, node, self.inventory, self.desk.head(now_ms)))
            except ValueError:
                continue

    def _send(self, link: str, now_ms: int, given_back: bool) -> None:
        self.desk.send(CapacityOrder(**self.desk.head(now_ms), link_id=link, given_back=given_back))
