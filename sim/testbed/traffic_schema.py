"""What a scenario may say about capacities, what passes through, and who gives way when something is full."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from ossbss.contract.quantities import BitsPerSecond
from ossbss.documents import Strict
from sim.world.network.capacity import CapacityPlan
from sim.world.network.traffic.backbone import TrafficPlan
from sim.world.network.traffic.rhythm import YEAR_MS, Rhythm


def _more_than_0(value: int) -> int:
    if value == 0:
        raise ValueError("it must be more than 0")
    return value


Rate = Annotated[BitsPerSecond, AfterValidator(_more_than_0)]


class CapacitySpec(Strict):
    """How much links and cells can carry; what is not given has no limit. A network file's own figures stand."""

    links: Rate | None = None
    """of every link, each way"""
    cells: Rate | None = None
    """of every cell, towards its people"""
    voice_channels: int | None = Field(default=None, ge=0, le=100_000)
    """calls that a cell carries at once"""
    emergency_channels: int = Field(default=0, ge=0, le=100_000)
    """of these, those that only emergency calls may take"""

    @model_validator(mode="after")
    def _some_for_everybody(self) -> "CapacitySpec":
        if self.emergency_channels > (self.voice_channels or 0):
            channels = "none are" if self.voice_channels is None else f"{self.voice_channels} are"
            raise ValueError(f"emergency_channels are {self.emergency_channels}, but voice_channels {channels} given")
        return self


class TransitSpec(Strict):
    """Traffic between sites that only passes through, beside that of the cells."""

    matrix: Literal["gravity", "sndlib"] = "gravity"
    """who sends to whom: in proportion to the cells of both sites, or as SNDlib measured it for this topology"""
    total: Rate
    """all of it together, on average"""


class TrafficSpec(Strict):
    """How transit rises and falls, and who gives way where a link is full."""

    growth_per_year_milli: int = Field(default=0, gt=-1000, le=10_000)
    """by how many thousandths transit grows in a year"""
    years: int = Field(default=0, ge=0, le=50)
    """how many years of growth have passed when the run starts"""
    first: Literal["transit", "data", "nobody"] = "nobody"
    """which class is served first, before the other gets what is left; nobody: they share"""
    transit_weight_milli: int = Field(default=1000, gt=0, le=1_000_000)
    """what a bit of transit counts against a bit of people's data when they share, in thousandths"""

    def plan(self, starts_ms: int) -> TrafficPlan:
        since_ms = starts_ms - self.years * YEAR_MS
        rhythm = Rhythm(growth_per_year=self.growth_per_year_milli / 1000, since_ms=since_ms)
        return TrafficPlan(
            rhythm,
            precedence={"transit": int(self.first == "data"), "data": int(self.first == "transit")},
            weight={"transit": self.transit_weight_milli / 1000, "data": 1.0},
        )


def capacity_plan(capacity: CapacitySpec, transit: TransitSpec | None) -> CapacityPlan:
    """Both as the network is told them."""
    return CapacityPlan(
        link_bps=capacity.links,
        cell_bps=capacity.cells,
        voice_channels=capacity.voice_channels,
        emergency_channels=capacity.emergency_channels,
        transit=transit.matrix if transit else None,
        transit_bps=transit.total if transit else 0,
    )
