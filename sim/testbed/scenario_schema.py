"""What a scenario may say: one model, from which checking and documentation follow."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from ossbss.bss.customer.priorities import PriorityRule
from ossbss.contract.quantities import DurationMs
from ossbss.contract.units import HOUR_MS, MINUTE_MS, SECOND_MS
from ossbss.documents import Strict
from sim.world.people.habits import Habits


def _starts(value: object) -> datetime:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise ValueError(f"{value!r} is no ISO 8601 time with its offset, such as 2024-05-06T00:00:00+03:00")
    return found


def _some_weight(weights: dict[str, int]) -> dict[str, int]:
    if not any(weights.values()):
        raise ValueError("every weight is 0; give at least one offering a weight above 0")
    return weights


Milli = Annotated[int, Field(ge=0, le=1000)]
"""Thousandths."""
Condition = Annotated[str, Field(pattern=r"^\s*(<=|>=|<|>|==|!=)\s*-?\d+(\.\d+)?\s*$")]
"""such as ``<= 120``"""
Text = dict[Literal["en", "sw"], str]


class NetworkSpec(Strict):
    """Either a topology of the TopoHub collection, dressed by rule and seed, or a whole network document."""

    topohub: str | None = None
    """for example sndlib/germany50"""
    file: str | None = None
    """a network document (JSON), beside the scenario or among the shipped networks"""
    core_sites: tuple[str, ...] = ()
    station_site: str = ""
    management: Literal["in_band", "out_of_band"] | None = None
    """how the OSS reaches its elements; not given: as the file says, else out_of_band"""
    cells_per_site: tuple[int, int] = (1, 5)
    """fewest and most, in proportion to the site's demand (assumption)"""
    junos_share_milli: Milli = 500
    last_gasp_milli: Milli = 500
    """nodes that can still say that their power is gone (assumption)"""
    shared_ducts: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_source(self) -> "NetworkSpec":
        if (self.topohub is None) == (self.file is None):
            raise ValueError("give either topohub or file")
        return self


Offerings = Annotated[dict[str, Annotated[int, Field(ge=0)]], Field(min_length=1), AfterValidator(_some_weight)]
"""offering of the catalogue → weight"""


class PlaceSpec(Strict):
    """The people of one site, where they differ from the others."""

    subscribers: int = Field(gt=0)
    """lines, spread evenly over the site's cells"""
    offerings: Offerings | None = None
    """offering → weight, when not as elsewhere"""
    habits: Habits | None = None
    """all habits of this site, when not as elsewhere; what is not given keeps its default"""


class PopulationSpec(Strict):
    """Who lives where and what they have bought."""

    subscribers: int = Field(ge=0)
    """lines, spread evenly over the cells of all sites that ``places`` does not name"""
    offerings: Offerings
    """offering of the catalogue → weight"""
    habits: Habits = Habits()
    """single habits to change; what is not given keeps its default"""
    places: dict[str, PlaceSpec] = Field(default_factory=dict)
    """site → its people"""


class TelemetrySpec(Strict):
    """What happens to messages between elements and OSS (assumptions)."""

    lost_milli: Milli = 0
    doubled_milli: Milli = 20
    late_milli: Milli = 50
    delay: DurationMs = 500
    late_delay: DurationMs = 30 * SECOND_MS


class UsageFilesSpec(Strict):
    """What happens to usage files and records between elements and OSS (assumptions)."""

    doubled_milli: Milli = 20
    corrupted_milli: Milli = 1
    """records of which a field is spoilt"""


class FieldForceSpec(Strict):
    """How fast crews are (assumptions)."""

    speed_km_h: float = Field(default=60.0, gt=0)
    repair_median: DurationMs = 4 * HOUR_MS
    repair_sigma: float = Field(default=0.4, ge=0)
    look: DurationMs = 30 * MINUTE_MS


class WorldSpec(Strict):
    convergence: DurationMs = 3 * SECOND_MS
    """from a change to rerouted traffic (assumption: default timers of a link-state protocol)"""
    callers_milli: Milli = 50
    """of the lines that are blocked in an outage, those that call care (assumption)"""
    telemetry: TelemetrySpec = TelemetrySpec()
    usage_files: UsageFilesSpec = UsageFilesSpec()
    field_force: FieldForceSpec = FieldForceSpec()


class CrewSpec(Strict):
    id: str
    site: str


class OperationsSpec(Strict):
    """The OSS's policy; what is not given keeps the default of ``ossbss.oss.policy``."""

    crews: tuple[CrewSpec, ...] = ()
    poll_period: DurationMs | None = None
    missed_polls: int | None = Field(default=None, gt=0)
    correlation_window: DurationMs | None = None
    service_problem_hold: DurationMs | None = None
    probe_period: DurationMs | None = None
    absent_symptom_weight_milli: Milli | None = None


PriorityRuleName = Literal["first_come", "most_users", "most_revenue", "emergency_first"]


class BusinessSpec(Strict):
    """The BSS's policy; what is not given keeps the default of ``ossbss.bss.policy``."""

    rating_period: DurationMs | None = None
    rating_holdback: DurationMs | None = None
    close_cycle_at_end: bool = True
    priority_rule: PriorityRuleName | PriorityRule = "most_revenue"
    """a rule by name, or how much lines, fees and emergency_calls count"""


class IntegrationSpec(Strict):
    """Flows across the border between OSS and BSS, on or off."""

    customer_reports: bool = True
    service_priorities: bool = True
    service_problems: bool = True


FaultKind = Literal["cut_link", "cut_duct", "fail_node", "fail_card", "cut_power"]


class EventSpec(Strict):
    """A fault at an instant; ``repair`` is ``crew`` or the time after which it mends by itself."""

    at: str
    do: FaultKind
    target: str
    repair: Literal["crew"] | DurationMs = "crew"


RELATIONS = ("below", "above", "at_most", "at_least")
BASE = "base"
"""The scenario without a variant, where a clause names a rival."""


class ClauseSpec(Strict):
    """One expectation: a KPI within bounds or against a variant on the same seed, or a number of journal entries."""

    kpi: str | None = None
    is_: Condition | None = Field(default=None, alias="is")
    equals: float | None = None
    tolerance: float = Field(default=0, ge=0)
    below: str | None = None
    above: str | None = None
    at_most: str | None = None
    at_least: str | None = None
    """the name of a variant, or base: the KPI of this run against that one's"""
    seeds: int | None = Field(default=None, ge=2, le=10_000)
    """how many seeds in a row; the mean paired difference counts, and only ``run --paired`` looks at it"""
    journal: str | None = None
    where: dict[str, Any] = Field(default_factory=dict)
    count: int | Condition | None = None
    within: DurationMs | None = None

    @model_validator(mode="after")
    def _one_form(self) -> "ClauseSpec":
        rivals = [getattr(self, relation) for relation in RELATIONS]
        bounds = sum(bound is not None for bound in (self.is_, self.equals, *rivals))
        of_kpi = self.kpi is not None and bounds == 1 and self.journal is None
        of_journal = self.journal is not None and self.kpi is None and bounds == 0
        if not (of_kpi or of_journal) or (self.seeds and not self.rival):
            raise ValueError(
                "give {kpi, is}, {kpi, equals, tolerance}, {kpi, below|above|at_most|at_least: VARIANT, seeds}"
                " or {journal, where, count, within}"
            )
        return self

    @property
    def relation(self) -> str | None:
        """below, above, at_most or at_least, in a clause against a variant."""
        return next((relation for relation in RELATIONS if getattr(self, relation) is not None), None)

    @property
    def rival(self) -> str | None:
        """The variant this clause looks at beside the run itself."""
        return getattr(self, self.relation) if self.relation else None


class VariantSpec(Strict):
    set: dict[str, Any] = Field(default_factory=dict)
    """dotted scenario key → value"""
    story: Text = Field(default_factory=dict)
    expect: tuple[ClauseSpec, ...] | None = None


class ComparisonSpec(Strict):
    """A published figure beside ours; never an assertion."""

    figure: str
    published: int | float | str
    unit: str
    source: str
    use: Literal["input", "comparison", "calibrated"]


class ScenarioSpec(Strict):
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: Text
    story: Text
    sources: tuple[str, ...] = ()
    starts: Annotated[datetime, BeforeValidator(_starts)]
    lasts: DurationMs
    seed: int = Field(default=1, ge=0)
    network: NetworkSpec
    population: PopulationSpec
    catalogue: str
    world: WorldSpec = WorldSpec()
    operations: OperationsSpec = OperationsSpec()
    business: BusinessSpec = BusinessSpec()
    integration: IntegrationSpec = IntegrationSpec()
    timeline: tuple[EventSpec, ...] = ()
    variants: dict[str, VariantSpec] = Field(default_factory=dict)
    expect: tuple[ClauseSpec, ...] = ()
    compare_to: tuple[ComparisonSpec, ...] = ()

    @property
    def starts_ms(self) -> int:
        return int(self.starts.timestamp() * SECOND_MS)

    @property
    def ends_ms(self) -> int:
        return self.starts_ms + self.lasts
