"""How a scenario writes a law of durations, and the faults that come by chance."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from ossbss.contract.quantities import DurationMs
from ossbss.documents import Strict
from sim.testbed.scenario_words import PositiveMs
from sim.world.faults import laws

FaultKind = Literal["cut_link", "cut_duct", "fail_node", "fail_card", "cut_power", "fail_manager"]
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


class RandomFaultsSpec(Strict):
    """Faults by chance: each target works for a time drawn from ``between``, fails, and is mended."""

    do: FaultKind
    """a fault kind, see below"""
    targets: tuple[str, ...] = ()
    """which of the network; not given: all that can fail so, but what holds the management station"""
    between: LawSpec
    """how long each works between two faults"""
    repair: Literal["crew"] | LawSpec = "crew"
    """by a crew, or by itself after a time of this law"""
