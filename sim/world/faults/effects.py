"""What a fault does to the state of the network, over time: one function for each kind, plain data out."""

from collections.abc import Callable, Iterator, Mapping

from sim.world.faults import configuration, degradation, flapping
from sim.world.faults.steps import Step
from sim.world.network.state import Network
from sim.world.plan import Fault

_AT_ONCE = ("cut_link", "cut_duct", "cut_cable", "fail_node", "fail_card", "lose_site", "planned_work")
Effect = Callable[[Network, Fault], Iterator[Step]]


def _outright(network: Network, fault: Fault) -> Iterator[Step]:
    """The target is gone at once, as a whole, until it is mended."""
    yield Step(0, True, ((network.kind_of(fault.target), fault.target),))


EFFECTS: Mapping[str, Effect] = {
    **dict.fromkeys(_AT_ONCE, _outright),
    "flap_link": flapping.flap,
    "sleep_cell": degradation.sleep,
    "degrade_link": degradation.lose_packets,
    "bad_change": configuration.misconfigure,
}
"""Kind → effect. ``cut_power`` is not here: a site's power has a state of its own (``sim.world.power_supply``)."""
