"""What a scenario may say about the world: messages, usage files, crews."""

from pydantic import model_validator

from ossbss.contract.quantities import DurationMs, duration_text
from ossbss.contract.units import HOUR_MS, MINUTE_MS, SECOND_MS
from ossbss.documents import Strict
from sim.testbed.charging_schema import ChargingSpec
from sim.testbed.field_force_schema import FieldForceSpec
from sim.testbed.law_schema import RandomFaultsSpec
from sim.testbed.management_schema import ManagementSpec
from sim.testbed.power_schema import PowerSpec
from sim.testbed.remote_schema import RemoteSpec
from sim.testbed.routing_schema import RoutingSpec
from sim.testbed.scenario_words import Milli
from sim.testbed.traffic_schema import TrafficSpec
from sim.world.network.routing.convergence import RoutingTimers


class TelemetrySpec(Strict):
    """What happens to messages between elements and OSS (assumptions)."""

    lost_milli: Milli = 0
    """messages that never arrive"""
    doubled_milli: Milli = 20
    """messages that arrive twice"""
    late_milli: Milli = 50
    """copies that take up to ``late_delay``"""
    delay: DurationMs = 500
    """the longest an ordinary copy takes"""
    late_delay: DurationMs = 30 * SECOND_MS
    """the longest a late copy takes; longer than ``delay``"""

    @model_validator(mode="after")
    def _late_is_later(self) -> "TelemetrySpec":
        if self.late_milli and self.late_delay <= self.delay:
            late, ordinary = duration_text(self.late_delay), duration_text(self.delay)
            raise ValueError(f"late_delay ({late}) must be longer than delay ({ordinary})")
        return self


GRANULARITIES_MS = (15 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS)


class PerformanceSpec(Strict):
    """Performance files of elements (3GPP TS 32.435), from which the OSS learns of what raises no alarm."""

    files: bool = True
    """whether elements hand any in"""
    period: DurationMs = 15 * MINUTE_MS
    """the granularity period: 15 min, 30 min or 1 h (of those of TS 32.401)"""

    @model_validator(mode="after")
    def _a_granularity(self) -> "PerformanceSpec":
        if self.period not in GRANULARITIES_MS:
            raise ValueError(f"period is {duration_text(self.period)}; give 15 min, 30 min or 1 h")
        return self


class UsageFilesSpec(Strict):
    """What happens to usage files and records between elements and OSS (assumptions)."""

    doubled_milli: Milli = 20
    """files that arrive twice"""
    corrupted_milli: Milli = 1
    """records of which a field is spoilt"""


class WorldSpec(Strict):
    """What happens whether or not anybody watches."""

    convergence: DurationMs = 3 * SECOND_MS
    """from a change to rerouted traffic, one figure for all (assumption: default timers of a link-state protocol)"""
    routing: RoutingSpec | None = None
    """the same in its parts, in place of convergence: detection, flooding, computation, tables; fast reroute"""
    traffic: TrafficSpec = TrafficSpec()
    """how transit rises and falls, and who gives way"""
    callers_milli: Milli = 50
    """of the lines that are blocked in an outage, those that call care (assumption)"""
    random_faults: tuple[RandomFaultsSpec, ...] = ()
    """faults by chance, beside those of the timeline"""
    outage_file: str | None = None
    """recorded outages (CSV: component, from, to, kind), a file beside the scenario"""
    power: PowerSpec | None = None
    """backup power of the sites; not given: none, every site dies with the grid"""
    telemetry: TelemetrySpec = TelemetrySpec()
    """messages between elements and OSS"""
    management: ManagementSpec = ManagementSpec()
    """element managers, between elements and OSS"""
    performance: PerformanceSpec = PerformanceSpec()
    """performance files between elements and OSS"""
    usage_files: UsageFilesSpec = UsageFilesSpec()
    """usage files between elements and OSS"""
    field_force: FieldForceSpec = FieldForceSpec()
    """how crews travel and mend"""
    remote: RemoteSpec = RemoteSpec()
    """commands, restarts and tests from afar"""
    charging: ChargingSpec | None = None
    """online charging as a node of the network, which may fail; not given: it can always be asked"""

    @model_validator(mode="after")
    def _one_way_to_converge(self) -> "WorldSpec":
        if self.routing is not None and "convergence" in self.model_fields_set:
            raise ValueError("give either convergence (one figure) or routing (its parts), not both")
        return self

    @property
    def timers(self) -> RoutingTimers:
        """How fast routing reacts."""
        return RoutingTimers(total_ms=self.convergence) if self.routing is None else self.routing.timers
