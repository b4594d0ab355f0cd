"""What a scenario may say about people: how many, where, what they bought, how they behave."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, Field

from ossbss.documents import Path, Strict
from sim.world.people.credit.habits import PrepaidHabits
from sim.world.people.habits import Habits

MOST_LINES = 10_000_000
"""More do not fit the memory of one machine."""


def _some_weight(weights: dict[str, int]) -> dict[str, int]:
    if not any(weights.values()):
        raise ValueError("every weight is 0; give at least one offering a weight above 0")
    return weights


Offerings = Annotated[dict[str, Annotated[int, Field(ge=0)]], Field(min_length=1), AfterValidator(_some_weight)]
"""offering of the catalogue → weight"""
EAST_AFRICA = {"payg": 976, "postpay-s": 14, "postpay-m": 7, "postpay-l": 3}
"""97.6 % of the lines are prepaid (Communications Authority of Kenya, December 2019); how the others are spread over
the three contracts is an assumption."""


class PrepaidSpec(Strict):
    """Who pays ahead, and how."""

    offerings: tuple[str, ...] = Field(default=("payg",), min_length=1)
    """offerings of the catalogue whose lines are prepaid"""
    habits: PrepaidHabits = PrepaidHabits()
    """single habits to change; what is not given keeps its default"""


class PlaceSpec(Strict):
    """The people of one site, where they differ from the others."""

    subscribers: int = Field(gt=0, le=MOST_LINES)
    """lines, spread evenly over the site's cells"""
    offerings: Offerings | None = None
    """offering → weight, when not as elsewhere"""
    habits: Habits | None = None
    """all habits of this site, when not as elsewhere; what is not given keeps its default"""


class PopulationSpec(Strict):
    """Who lives where and what they have bought."""

    subscribers: int = Field(ge=0, le=MOST_LINES)
    """lines, spread evenly over the cells of all sites that ``places`` does not name"""
    offerings: Offerings = Field(default_factory=lambda: dict(EAST_AFRICA))
    """offering of the catalogue → weight; not given: as in East Africa, 97.6 % prepaid (CA Kenya 2019), with the
    offerings of shillings-a"""
    prepaid: PrepaidSpec | None = None
    """who pays ahead; not given: nobody, but where ``offerings`` are not given either the lines of payg"""
    habits: Habits = Habits()
    """single habits to change; what is not given keeps its default"""
    places: dict[str, PlaceSpec] = Field(default_factory=dict)
    """site → its people"""

    @property
    def who_pays_ahead(self) -> PrepaidSpec | None:
        """None: nobody."""
        given = self.model_fields_set
        return self.prepaid if "prepaid" in given or "offerings" in given else PrepaidSpec()


def named_offerings(population: PopulationSpec) -> Iterator[tuple[Path, str]]:
    """Where a population names an offering of the catalogue, and which."""
    yield from ((("population", "offerings", name), name) for name in population.offerings)
    for site, place in population.places.items():
        yield from ((("population", "places", site, "offerings", name), name) for name in place.offerings or ())
    if prepaid := population.prepaid:
        at: Path = ("population", "prepaid")
        yield from (((*at, "offerings", number), name) for number, name in enumerate(prepaid.offerings))
        yield from (((*at, "habits", "bundles", name), name) for name in prepaid.habits.bundles)
