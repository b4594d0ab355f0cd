"""What a scenario may say about how fast routing reacts."""

from ossbss.contract.quantities import DurationMs
from ossbss.contract.units import SECOND_MS
from ossbss.documents import Strict
from sim.world.network.routing.convergence import RoutingTimers


class RoutingSpec(Strict):
    """How fast a link-state routing protocol follows a change, part by part; each service comes back when the routers
    on its new path have heard, computed and installed it."""

    detection: DurationMs = 10
    """until a living end notices that light is gone, or back (assumption)"""
    hello_dead: DurationMs = 40 * SECOND_MS
    """until neighbours miss a node that failed without loss of power (RFC 2328, C.3: four hellos of 10 s; with BFD,
    RFC 5880, rather 150 ms: three packets, 50 ms apart)"""
    adjacency: DurationMs = SECOND_MS
    """from light to a full adjacency, before a repaired link is flooded (assumption)"""
    flooding_per_hop: DurationMs = 10
    """that news take from router to router (assumption)"""
    spf: DurationMs = 50
    """that a router waits for more news and computes shortest paths (assumption)"""
    fib: DurationMs = 200
    """until the computed paths are in its forwarding table (assumption)"""
    fast_reroute: bool = False
    """whether routers keep loop-free alternates (RFC 5286), taken before routing has converged"""
    fast_reroute_switch: DurationMs = 50
    """from detection to traffic on the alternate (assumption: as fast as ITU-T G.841 wants protection to be)"""
    protection_switch: DurationMs = 0
    """from a failure to traffic on the backup path of a 1+1 service (ITU-T G.841: 50 ms at most); 0 s: no outage"""

    @property
    def timers(self) -> RoutingTimers:
        """As the world takes it."""
        switches = {"fast_reroute": self.fast_reroute}
        return RoutingTimers(**switches, **{f"{name}_ms": value for name, value in self if name not in switches})
