"""Capacity that operations buy of others: a dormant link is lit after its lead time, and dark when given back."""

import simpy

from ossbss.contract.assurance import CapacityOrder
from sim.world.plant import Plant
from sim.world.truth import Fact, Truth


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
            self.truth.begin(Fact(int(self.env.now), "capacity", order.link_id, order.message_id, body))
            self.plant.hold([("lit", order.link_id)])

    def _give_back(self, link: str) -> None:
        """Before it is lit, the order is cancelled."""
        order = self.ordered.pop(link, None)
        if order is not None and ("lit", link) in self.plant.held:
            self.plant.let_go([("lit", link)])
            self.truth.end("capacity", link, order.message_id, int(self.env.now))
