"""How a scenario writes a law of durations, and the faults that come by chance."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from ossbss.contract.quantities import DURATION_SCHEMA, DurationMs
from ossbss.contract.units import SECOND_MS
from ossbss.documents import Strict
from sim.testbed.fault_schema import FaultKind
from sim.testbed.scenario_words import Milli, PeriodMs, PositiveMs, repair
from sim.world.faults import laws
from sim.world.faults.laws import AgedWeibull, Law, Weibull
from sim.world.plan import Terms

Probability = Annotated[int, Field(ge=0, le=1000)]


class WeibullSpec(Strict):
    """Ageing (shape above 1) or settling (below 1); shape 1 is exponential."""

    scale: PositiveMs
    """63 % are shorter"""
    shape: float = Field(gt=0, le=50)
    """1: no memory; above: things age"""


class LognormalSpec(Strict):
    """Many short, a few very long."""

    median: PositiveMs
    """half are shorter"""
    sigma: float = Field(ge=0, le=10)
    """standard deviation of the logarithm"""

    @property
    def law(self) -> laws.Lognormal:
        return laws.Lognormal(self.median, self.sigma)


class MixtureSpec(Strict):
    """Two kinds of faults under one name, such as a restart and a spare part."""

    first_milli: Probability
    """so many thousandths are of the first kind"""
    first: LognormalSpec
    """the first kind"""
    second: LognormalSpec
    """the others"""


class LawSpec(Strict):
    """A law of durations: exactly one of these."""

    constant: PositiveMs | None = None
    """always the same"""
    exponential: PositiveMs | None = None
    """memoryless, with this mean"""
    weibull: WeibullSpec | None = None
    """ageing or settling"""
    lognormal: LognormalSpec | None = None
    """many short, a few very long"""
    mixture: MixtureSpec | None = None
    """two lognormals"""
    table: tuple[tuple[Probability, DurationMs], ...] | None = Field(default=None, min_length=2)
    """points [thousandths, duration] from 0 to 1000, with straight lines between them"""

    @model_validator(mode="after")
    def _one(self) -> "LawSpec":
        names = list(type(self).model_fields)
        if sum(getattr(self, name) is not None for name in names) != 1:
            raise ValueError(f"give exactly one of {', '.join(names)}")
        if self.table is not None:
            shares, durations = zip(*self.table, strict=True)
            rising = list(shares) == sorted(set(shares)) and list(durations) == sorted(durations)
            if not rising or (shares[0], shares[-1]) != (0, 1000):
                raise ValueError("a table rises, from 0 to 1000 thousandths, such as [[0, 1 min], [1000, 3 h]]")
        return self

    @property
    def law(self) -> laws.Law:
        """What the world draws from."""
        if self.constant is not None:
            return laws.Constant(self.constant)
        if self.exponential is not None:
            return laws.Exponential(self.exponential)
        if self.weibull is not None:
            return laws.Weibull(self.weibull.scale, self.weibull.shape)
        if self.lognormal is not None:
            return self.lognormal.law
        if self.mixture is not None:
            return laws.Mixture(self.mixture.first_milli, self.mixture.first.law, self.mixture.second.law)
        return laws.QuantileTable(self.table or ())


Repair = Annotated[Literal["crew"] | Annotated[int, WithJsonSchema(DURATION_SCHEMA)] | LawSpec, BeforeValidator(repair)]
"""By a crew, after a time, or after a time of a law."""


class FailingSpec(Strict):
    """What some kinds of fault want to know beside their target."""

    period: PeriodMs = 60 * SECOND_MS
    """flap_link: from one loss to the next (assumption)"""
    down_milli: Annotated[int, Field(ge=1, le=999)] = 500
    """flap_link: part of the period for which it is down (assumption)"""
    loss_milli: Milli = 50
    """degrade_link: packets that are lost (assumption)"""


class RandomFaultsSpec(FailingSpec):
    """Faults by chance: each target works for a time drawn from ``between``, fails, and is mended."""

    do: FaultKind
    """a fault kind, see below"""
    targets: tuple[str, ...] = ()
    """which of the network; not given: all that can fail so, but what holds the management station"""
    between: LawSpec
    """how long each works between two faults"""
    age: DurationMs = 0
    """how long each had worked when the run starts; only with a weibull law. What has been replaced is new"""
    common_milli: Milli = 0
    """of the failures of each target, those that take its whole group at once (beta-factor model); published: 300"""
    common_groups: tuple[tuple[str, ...], ...] = ()
    """what fails together on such an occasion; not given: all the targets"""
    repair: Literal["crew"] | LawSpec = "crew"
    """by a crew, or by itself after a time of this law"""

    @model_validator(mode="after")
    def _fits(self) -> "RandomFaultsSpec":
        if self.age and self.between.weibull is None:
            raise ValueError("age is for a weibull law: with another law of between, age changes nothing or is unknown")
        if self.common_groups and not self.common_milli:
            raise ValueError("common_groups is for common_milli above 0: else nothing fails together")
        named = [target for group in self.common_groups for target in group]
        if len(named) != len(set(named)) or any(len(group) < 2 for group in self.common_groups):
            raise ValueError("each of common_groups has two targets or more, and no target stands twice")
        if self.targets and (strange := sorted(set(named).difference(self.targets))):
            raise ValueError(f"common_groups names {', '.join(strange)}, not among targets")
        return self

    @property
    def first(self) -> Law | None:
        """What is left of the first life, where the parts are not new."""
        if not self.age or self.between.weibull is None:
            return None
        return AgedWeibull(Weibull(self.between.weibull.scale, self.between.weibull.shape), self.age)

    @property
    def terms(self) -> Terms:
        return Terms(period_ms=self.period, down_milli=self.down_milli, loss_milli=self.loss_milli)
