"""The German network that the tests of the network share."""

from functools import cache

from sim.world.network import state
from sim.world.network.document import Document
from sim.world.network.state import FailureState, Network
from sim.world.network.topology import NetworkPlan, generate
from sim.world.streams import Streams

EIDER = {"duct-eider": ("flensburg-kiel", "bremerhaven-flensburg", "hamburg-kiel")}
GERMANY = NetworkPlan(
    source="topohub: sndlib/germany50",
    core_sites=("berlin", "frankfurt", "hamburg", "muenchen"),
    station_site="frankfurt",
    management="in_band",
    cells_per_site=(1, 5),
    junos_share_milli=400,
    shared_ducts=EIDER,
    last_gasp_milli=700,
)


def germany(plan: NetworkPlan = GERMANY, seed: int = 3) -> Document:
    """A fresh document of the plan."""
    return generate(plan, Streams(seed))


@cache
def german_network() -> Network:
    """The indexed network of the plan; nobody changes it."""
    return Network(germany())


def failing(network: Network, *resources: str) -> FailureState:
    """The state in which exactly these resources have failed."""
    return state.failing(network, resources)
