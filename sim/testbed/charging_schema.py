"""Where online charging runs, as a scenario writes it, and whether the network has it there."""

from typing import Literal

from pydantic import Field

from ossbss.documents import Document, Mistake, Strict, listing, nearest
from sim.world.network.state import Network
from sim.world.plan import ChargingPlan

CHARGING_ROLE = "charging"
"""``role`` of a node that charges online (the OCS of 3GPP TS 32.296)"""


class ChargingSpec(Strict):
    """Online charging as a node: what it is asked goes through the network, and it fails like any other."""

    node: str = Field(examples=["ocs-1"])
    """a node of the network file with ``role: charging``; where its links lead to two others, a high igp_metric keeps
    traffic from passing through it"""
    on_unreachable: Literal["fail_open", "fail_closed"] = "fail_closed"
    """what is done with usage while its core node cannot reach it (RFC 8506, 8.14): ``fail_open`` serves it unasked
    (CONTINUE), ``fail_closed`` refuses it (TERMINATE, which holds where nothing else is said)"""

    @property
    def plan(self) -> ChargingPlan:
        """What the world is told."""
        return ChargingPlan(self.node, self.on_unreachable)


def check_charging(document: Document, spec: ChargingSpec | None, network: Network) -> list[Mistake]:
    """What is wrong with the node that charging is said to run on."""
    if spec is None:
        return []
    charging = [node for node, record in network.nodes.items() if record["role"] == CHARGING_ROLE]
    has = f"it has {listing(charging, spec.node)}" if charging else "it has none: give a node of its file this role"
    wanted = f"the network has no node {spec.node!r} with role: {CHARGING_ROLE}; {has}"
    if spec.node not in charging:
        return [document.mistake(("world", "charging", "node"), wanted, nearest(spec.node, charging))]
    if not network.links_at[spec.node]:
        return [document.mistake(("world", "charging", "node"), f"no link leads to {spec.node!r}: nobody can ask it")]
    return []
