"""Capacity that operations buy of others: a dormant link is lit after its lead time, and dark when given back."""

import simpy

from ossbss.contract.assurance import CapacityOrder
from sim.world.plant import Plant
from sim.world.truth import Fact, Truth


def light(plant: Plant, truth: Truth, fact: Fact) -> None:
    """The dormant link that the fact is about carries traffic from now on."""
    truth.begin(fact)
    plant.hold([("lit", fact.subject)])


def darken(plant: Plant, truth: Truth, link: str, cause: str, now_ms: int) -> None:
    """It goes dark again; nothing happens where it was dark."""
    if ("lit", link) in plant.held:
        truth.end("capacity", link, cause, now_ms)
        plant.let_go([("lit", link)])


class Capacity:
    """Truth: ``capacity``, its subject the link, its cause the order, from light to darkness."""

    def __init__(self, env: simpy.Environment, plant: Plant, truth: Truth, lead_ms: int) -> None:
        self.env, self.plant, self.truth, self.lead_ms = env, plant, truth, lead_ms
        self.ordered: dict[str, CapacityOrder] = {}
        """link → the order by which it is ours, or will be"""

    def take(self, order: CapacityOrder) -> None:
        """An order for what is no dormant link, or is on order already, changes nothing."""
        if order.given_back:
            self._give_back(order.link_id)
        elif order.link_id in self.plant.network.dormant_links and order.link_id not in self.ordered:
            self.ordered[order.link_id] = order
            self.env.timeout(self.lead_ms).callbacks.append(lambda _: self._light(order))

    def _light(self, order: CapacityOrder) -> None:
        if self.ordered.get(order.link_id) is order:
            body = {"by": order.sender, "lead_ms": self.lead_ms}
            now_ms = int(self.env.now)
            light(self.plant, self.truth, Fact(now_ms, "capacity", order.link_id, order.message_id, body))

    def _give_back(self, link: str) -> None:
        """Before it is lit, the order is cancelled."""
        order = self.ordered.pop(link, None)
        if order is not None:
            darken(self.plant, self.truth, link, order.message_id, int(self.env.now))
