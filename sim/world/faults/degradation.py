"""Failures that no element notices: only those who use the network, and counters, could tell."""

from collections.abc import Iterator

from sim.world.faults.steps import Step
from sim.world.network.state import Network
from sim.world.plan import Fault


def sleep(network: Network, fault: Fault) -> Iterator[Step]:  # noqa: ARG001 - the same on every network
    """The cell's radio carries nothing; its router and the way to the core work, so that every probe passes."""
    yield Step(0, True, (("sleeping", fault.target),))


def lose_packets(network: Network, fault: Fault) -> Iterator[Step]:  # noqa: ARG001 - the same on every network
    """The link stays up and loses a share of the packets."""
    yield Step(0, True, (("lossy", (fault.target, fault.terms.loss_milli)),))
