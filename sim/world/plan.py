"""What the world is told before it starts: scripted faults, chances, people, crews. Plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sim.world.faults.laws import Law
from sim.world.management.plan import ManagementPlan
from sim.world.network.power import Supply
from sim.world.network.routing.convergence import RoutingTimers
from sim.world.network.traffic.backbone import TrafficPlan
from sim.world.people.credit.habits import PrepaidHabits
from sim.world.people.field_force import CrewPlan, FieldForce, Partner
from sim.world.people.habits import Habits
from sim.world.remote.plan import RemotePlan


@dataclass(frozen=True)
class Terms:
    """What a kind of fault, change or action wants to know beside its target; each kind reads its own."""

    period_ms: int = 0
    """flap_link: from one loss to the next"""
    down_milli: int = 0
    """flap_link: thousandths of the period that it is down"""
    loss_milli: int = 0
    """degrade_link: thousandths of the packets that are lost"""
    effect: Literal["isolate", "metric", "shutdown"] = "isolate"
    """bad_change: what it does when it goes wrong"""
    metric: int = 0
    """bad_change: the wrong IGP weight"""
    risk_milli: int = 1000
    """bad_change: chance that it goes wrong, when nobody looked at it before"""
    reviewed: bool = False
    """bad_change: whether a second person looked at it before"""
    radius_km: float = 0.0
    """disaster: as far as it reaches from its site"""
    severity_milli: int = 1000
    """disaster: chance of each site and link within to be struck"""
    notice_ms: int | None = None
    """planned_work: how long before it begins it is announced; None: at the start of the run"""
    announced: bool = True
    """planned_work: whether the OSS is told at all"""
    share_milli: int = 1000
    """steal_fuel: thousandths of the fuel that are taken"""
    lead_ms: int = 0
    """buy_capacity: from the order to the light"""


@dataclass(frozen=True)
class Fault:
    """``target`` fails; it mends by itself after ``repair_after_ms``, or by a crew (None)."""

    fault_id: str
    kind: str
    target: str
    repair_after_ms: int | None
    terms: Terms = Terms()


@dataclass(frozen=True)
class Scripted:
    """One event of the timeline: a fault, or what somebody does (``lasts`` is then None).

    ``lasts``: the law of the time until it mends by itself; None where a crew mends it. ``number`` counts the events
    from 1.
    """

    at_ms: int
    number: int
    kind: str
    target: str
    lasts: Law | None
    terms: Terms = Terms()


@dataclass(frozen=True)
class RandomFaults:
    """Each target fails on its own: up for ``between``, down for ``repair`` (None: until a crew has mended it)."""

    kind: str
    targets: tuple[str, ...]
    between: Law
    repair: Law | None
    first: Law | None = None
    """up for the first time, where the parts have worked before the run; None: as good as new"""
    common_milli: int = 0
    """share of each target's failures that it has in common with the others of its group"""
    groups: tuple[tuple[str, ...], ...] = ()
    """what fails together on a common occasion; empty: all targets are one group"""
    terms: Terms = Terms()


@dataclass(frozen=True)
class ChargingPlan:
    """Where online charging runs, and what core nodes do with usage while they cannot reach it."""

    node: str
    on_unreachable: Literal["fail_open", "fail_closed"]
    """serve it unasked, or refuse it"""


@dataclass(frozen=True)
class WorldPlan:
    """All times in ms; chances in thousandths; ``utc_offset_ms`` of the local clock people live by."""

    starts_ms: int
    ends_ms: int
    utc_offset_ms: int
    routing: RoutingTimers
    traffic: TrafficPlan
    script: tuple[Scripted, ...]
    supplies: Mapping[str, Supply]
    """site → its backup power; the others die with the grid"""
    random_faults: tuple[RandomFaults, ...]
    management: ManagementPlan
    files_doubled_milli: int
    records_corrupted_milli: int
    callers_milli: int
    field_force: FieldForce
    crews: Mapping[str, CrewPlan]
    partners: Mapping[str, Partner]
    habits: Mapping[str, Habits]
    """cell → how its people use their lines"""
    prepaid: PrepaidHabits | None = None
    """how prepaid people pay; None: nobody is prepaid"""
    remote: RemotePlan = field(default_factory=RemotePlan)
    """how long commands, restarts and tests take"""
    performance_period_ms: int | None = None
    """each element hands in a performance file so often, quarters of an hour; None: never"""
    charging: ChargingPlan | None = None
    """None: whoever asks charging is answered"""
