"""The round of polls: which element manager is asked when, and what its silence or its reply means."""

from ossbss.contract.assurance import Alarm, PollReply, PollRequest
from ossbss.contract.desk import Desk
from ossbss.oss.fault.contact import ManagerWatch, overdue, replied, requested
from ossbss.oss.inventory import Inventory
from ossbss.oss.policy import OperationsPolicy


class Polling:
    """Polls every element manager each ``policy.poll_period_ms`` about the elements that the inventory gives it."""

    def __init__(self, inventory: Inventory, policy: OperationsPolicy, starts_ms: int, desk: Desk) -> None:
        self.policy, self.desk = policy, desk
        self.next_ms = starts_ms + policy.poll_period_ms
        of: dict[str, set[str]] = {}
        for node, manager in inventory.manager_of_node.items():
            of.setdefault(manager, set()).add(node)
        self.watches = {m: ManagerWatch(m, frozenset(of[m]), starts_ms, starts_ms) for m in sorted(of)}

    def overdue(self, now_ms: int) -> list[Alarm]:
        """Managers that have let too many polls pass, looked at when the next is due."""
        alarms: list[Alarm] = []
        for manager, watch in self.watches.items() if now_ms >= self.next_ms else ():
            self.watches[manager], found = overdue(watch, now_ms, self.policy)
            alarms += found
        return alarms

    def heard(self, reply: PollReply, now_ms: int) -> list[Alarm]:
        """What a reply tells of a manager and its elements; nothing where the inventory has no such manager."""
        if reply.manager_id not in self.watches:
            return []
        self.watches[reply.manager_id], alarms = replied(self.watches[reply.manager_id], reply, now_ms, self.policy)
        return alarms

    def poll(self, now_ms: int) -> None:
        """Ask them all when their time has come."""
        if now_ms < self.next_ms:
            return
        self.next_ms = now_ms + self.policy.poll_period_ms
        for manager, watch in self.watches.items():
            request = PollRequest(**self.desk.head(now_ms), manager_id=manager)
            self.watches[manager] = requested(watch, request.message_id, now_ms)
            self.desk.send(request)
