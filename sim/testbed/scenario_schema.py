"""What a scenario may say: one model, from which checking and documentation follow."""

from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from ossbss.bss.customer.priorities import PriorityRule
from ossbss.bss.revenue.charging.prepaid_policy import PrepaidPolicy
from ossbss.contract.quantities import DurationMs
from ossbss.contract.units import DAY_MS, SECOND_MS
from ossbss.documents import Strict
from sim.testbed.expect_schema import ClauseSpec
from sim.testbed.fault_schema import EventKind
from sim.testbed.field_force_schema import CrewSpec, PartnerSpec
from sim.testbed.law_schema import FailingSpec, Repair
from sim.testbed.management_schema import PartlySharedSpec
from sim.testbed.population_schema import PopulationSpec
from sim.testbed.scenario_words import At, Milli, Name, PeriodMs, PositiveMs, Starts, Text
from sim.testbed.traffic_schema import CapacitySpec, TransitSpec
from sim.testbed.world_schema import WorldSpec


class NetworkSpec(Strict):
    """Either a topology of the TopoHub collection, dressed by rule and seed, or a whole network document."""

    topohub: str | None = Field(default=None, examples=["sndlib/germany50"])
    """a topology of TopoHub, by its key; give either this or file"""
    file: str | None = None
    """a network document (JSON), beside the scenario or among the shipped networks"""
    core_sites: tuple[str, ...] = ()
    """sites whose nodes are core nodes: every cell's traffic ends at the nearest; needed with topohub"""
    station_site: str = ""
    """the site of the management station, which never fails; needed with topohub"""
    management: Literal["in_band", "out_of_band", "partly_shared"] | None = None
    """how the OSS reaches its elements: through the network it manages, beside it, or each node as ``partly_shared``
    says; not given: as the file says, else out_of_band"""
    partly_shared: PartlySharedSpec = PartlySharedSpec()
    """which nodes are managed how, with ``management: partly_shared``"""
    manager_nodes: dict[str, str] = Field(default_factory=dict)
    """element manager → the node through which it is reached; others stand beside the station"""
    cells_per_site: tuple[int, int] = (1, 5)
    """fewest and most, in proportion to the site's demand (assumption)"""
    junos_share_milli: Milli = 500
    """nodes that speak like Junos; the others speak like IOS (assumption)"""
    last_gasp_milli: Milli = 500
    """nodes that can still say that their power is gone (assumption)"""
    shared_ducts: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """duct → the links whose fibres lie in it; every other link has a duct of its own"""
    capacity: CapacitySpec = CapacitySpec()
    """how much links and cells can carry"""
    transit: TransitSpec | None = None
    """traffic between sites, beside that of the cells; not given: as the network file says, else none"""
    backup_cores: bool = False
    """whether a cell whose core node is dead or out of reach is carried by the second nearest"""
    owners: dict[str, tuple[str, ...]] = Field(default_factory=dict, examples=[{"towerco": ["kiel"]}])
    """third party → the sites, links, ducts, cables, nodes and cards that are its own: only it may mend them"""

    @model_validator(mode="after")
    def _one_source(self) -> "NetworkSpec":
        if (self.topohub is None) == (self.file is None):
            raise ValueError("give either topohub or file" + (", not both" if self.file else ""))
        if self.partly_shared != PartlySharedSpec() and self.management != "partly_shared":
            raise ValueError("partly_shared is for management: partly_shared; give that too, or leave this out")
        return self

    @field_validator("cells_per_site")
    @classmethod
    def _fewest_and_most(cls, value: tuple[int, int]) -> tuple[int, int]:
        if not 0 <= value[0] <= value[1] or value[1] == 0:
            raise ValueError(f"{list(value)} is not fewest and most, such as [1, 5]")
        return value


class OperationsSpec(Strict):
    """The OSS's policy; what is not given keeps the default of ``ossbss.oss.policy``."""

    crews: tuple[CrewSpec, ...] = ()
    """repair crews; faults with ``repair: crew`` need at least one"""
    partners: dict[str, PartnerSpec] = Field(default_factory=dict)
    """third parties that own parts of the network (``network.owners``) and mend them: name → how fast"""
    poll_period: PeriodMs | None = None
    """how often each element is asked whether it lives"""
    missed_polls: int | None = Field(default=None, gt=0)
    """polls in a row without an answer before contact counts as lost"""
    correlation_window: DurationMs | None = None
    """how long alarms are collected before a cause is sought"""
    correlation_quiet: DurationMs | None = None
    """a group of alarms that still grows is waited for, this long after its youngest"""
    settle: PositiveMs | None = None
    """alarms that outlive a repair by this, or stay unexplained for this long, are thought over again"""
    doubt_after: PositiveMs | None = None
    """an alarm that has been active for so long is probed as often: its clear may have been lost"""
    lost_clear_after: DurationMs | None = None
    """a clear that has not come this long after the first passed probe was lost"""
    service_problem_hold: DurationMs | None = None
    """a service alarm that clears sooner is a reroute, not a problem"""
    probe_period: PeriodMs | None = None
    """a probe that must be repeated is repeated no sooner than this"""
    flap_changes: int | None = Field(default=None, ge=2)
    """so many raises and clears of one alarm within flap_window are flapping (ISA-18.2: three a minute)"""
    flap_window: PeriodMs | None = None
    """within what time they are counted"""
    flap_quiet: PeriodMs | None = None
    """a flapping alarm that changes no more for so long has settled; until then its clear is not believed"""
    at_risk_weight_milli: Milli | None = None
    """how much a service counts for dispatch that works, but is at risk or degraded; one that is down counts 1000"""
    resync_hold: DurationMs | None = None
    """what an element says on its return is held for so long at most, until it has told all its alarms"""
    active_tests: bool | None = None
    """whether what is believed is tested from afar before somebody is sent"""
    most_tests: int | None = Field(default=None, ge=0)
    """so many tests are made about one incident"""
    answer_within: PositiveMs | None = None
    """an answer that has not come so long after its time will not come"""
    examine_within: DurationMs | None = None
    """so long is an incident examined before it is acted on with what is known"""
    remote_repair: bool | None = None
    """whether the runbooks act from afar (roll back, restart, reroute) before somebody is sent"""
    most_remote_acts: int | None = Field(default=None, ge=0)
    """so many acts from afar are made about one incident"""
    approval: DurationMs | None = None
    """until the manager on duty has agreed to an act that needs approval"""


    performance_wait: DurationMs | None = None
    """from the first performance file of a period until all that have come by then are judged"""
    path_loss_raise_milli: Milli | None = None
    """loss of a service's test packets in a period above which an alarm is raised; it ends at half of it or less"""
    port_errors_raise_milli: Milli | None = None
    """damaged packets among those that came to a port in a period, likewise"""
    least_packets: int | None = Field(default=None, gt=0)
    """of fewer packets in a period nothing is concluded"""
    idle_connections: int | None = Field(default=None, gt=0)
    """a cell is idle that carried nothing while so many connections were to be expected, by what it and the others
    carried before"""


PriorityRuleName = Literal["first_come", "most_users", "most_revenue", "emergency_first"]


class BusinessSpec(Strict):
    """The BSS's policy; what is not given keeps the default of ``ossbss.bss.policy``."""

    rating_period: PeriodMs | None = None
    """how often usage is rated"""
    rating_holdback: DurationMs | None = None
    """a rating run leaves out what is younger than this, as late files must have arrived"""
    close_cycle_at_end: bool = True
    """whether the running cycle is billed, in proportion, when the run ends"""
    prepaid: PrepaidPolicy = PrepaidPolicy()
    """how prepaid lines are charged: advances, notices, quotas"""
    priority_rule: PriorityRuleName | PriorityRule = "most_revenue"
    """what the BSS tells the OSS to repair first: a rule by name, or how much lines, fees and emergency_calls count"""


class IntegrationSpec(Strict):
    """Flows across the border between OSS and BSS, on or off."""

    customer_reports: bool = True
    """what customers tell care reaches the OSS"""
    service_priorities: bool = True
    """what the BSS finds important guides the OSS"""
    service_problems: bool = True
    """what the OSS knows of service problems reaches the BSS"""


class EventSpec(FailingSpec):
    """Something that happens at an instant; each kind takes the keys that stand beside it in the table of kinds."""

    at: At
    """when: an offset, a day and time of day, or an ISO 8601 time with its offset"""
    do: EventKind
    """a fault, a change, work, a disaster, or what somebody does: see below"""
    target: str
    """what it is about: the id of a link, duct, node, card, site or cell of the network, as the kind says"""
    repair: Repair = "crew"
    """``crew``, the time after which it mends by itself, or a law of that time"""
    effect: Literal["isolate", "metric", "shutdown"] = "isolate"
    """bad_change: a node's routing is cut off, a link has the wrong IGP weight, or ports are closed"""
    metric: int | None = Field(default=None, gt=0)
    """bad_change: the wrong weight, with ``effect: metric``"""
    rollback: PositiveMs | None = None
    """bad_change: after this it is taken back by itself; not given: by ``roll_back``, or by a crew at the node"""
    risk_milli: Milli = 1000
    """bad_change: chance that the change goes wrong when nobody looked at it before"""
    reviewed: bool = False
    """bad_change: somebody looks at it before, and finds 60 % of what would go wrong (Boehm and Basili 2001)"""
    lasts: PositiveMs | None = None
    """planned_work: how long the target is out of service"""
    notice: DurationMs | None = None
    """planned_work: how long before it begins the OSS is told; not given: when the run starts"""
    announced: bool = True
    """planned_work: whether the OSS is told at all"""
    radius_km: float | None = Field(default=None, ge=0)
    """disaster: how far it reaches"""
    severity_milli: Milli = 1000
    """disaster: chance of each site and duct within the radius to be lost (assumption)"""
    share_milli: Milli = 1000
    """steal_fuel: part of what is in the tank that is taken"""
    lead: DurationMs = DAY_MS
    """buy_capacity: from the order to traffic (assumption; published cases: 1 to 7 days)"""


class VariantSpec(Strict):
    """The scenario with some values changed."""

    set: dict[str, Any] = Field(default_factory=dict)
    """dotted scenario key → value"""
    story: Text = Field(default_factory=dict)
    """what is different, in words; replaces the scenario's"""
    expect: tuple[ClauseSpec, ...] | None = None
    """what this variant does; replaces the scenario's"""


class ComparisonSpec(Strict):
    """A published figure beside ours; never an assertion."""

    figure: str
    """what is compared"""
    published: int | float | str
    """the published value"""
    unit: str
    """its unit"""
    source: str
    """where it was published"""
    use: Literal["input", "comparison", "calibrated"]
    """whether the scenario takes it as given, only compares, or was fitted to it"""


class ScenarioSpec(Strict):
    """One bad day of one operator: a network, its people, what happens, and what is expected of OSS and BSS."""

    name: Name
    """small letters, digits and hyphens; names the run folder"""
    title: Text
    """one line; language (en, sw) → text"""
    story: Text
    """what happens, for people; language (en, sw) → text"""
    sources: tuple[str, ...] = ()
    """where the figures come from, and which are assumptions"""
    starts: Starts
    """the first instant; its offset is the local time of the whole run"""
    lasts: PositiveMs
    """how long the run is"""
    seed: int = Field(default=1, ge=0)
    """all chance follows from it: the same seed gives the same run"""
    network: NetworkSpec
    """sites, nodes, links, cells"""
    population: PopulationSpec
    """who lives there, and what they have bought"""
    catalogue: str = Field(examples=["shillings-a"])
    """a price list: a shipped one by name, or a file beside the scenario"""
    world: WorldSpec = WorldSpec()
    """how network, messages and crews behave"""
    operations: OperationsSpec = OperationsSpec()
    """the OSS's policy"""
    business: BusinessSpec = BusinessSpec()
    """the BSS's policy"""
    integration: IntegrationSpec = IntegrationSpec()
    """flows between OSS and BSS, on or off"""
    timeline: tuple[EventSpec, ...] = ()
    """what happens, and when"""
    variants: dict[Name, VariantSpec] = Field(default_factory=dict)
    """name → the same day with some values changed"""
    expect: tuple[ClauseSpec, ...] = ()
    """what must come out; the run exits 1 when it does not"""
    compare_to: tuple[ComparisonSpec, ...] = ()
    """published figures beside ours"""

    @property
    def starts_ms(self) -> int:
        return int(self.starts.timestamp() * SECOND_MS)

    @property
    def ends_ms(self) -> int:
        return self.starts_ms + self.lasts
