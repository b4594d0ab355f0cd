"""What a scenario may say about people: how many, where, what they bought, how they behave."""

from typing import Annotated

from pydantic import AfterValidator, Field

from ossbss.documents import Strict
from sim.world.people.habits import Habits

MOST_LINES = 10_000_000
"""More do not fit the memory of one machine."""


def _some_weight(weights: dict[str, int]) -> dict[str, int]:
    if not any(weights.values()):
        raise ValueError("every weight is 0; give at least one offering a weight above 0")
    return weights


Offerings = Annotated[dict[str, Annotated[int, Field(ge=0)]], Field(min_length=1), AfterValidator(_some_weight)]
"""offering of the catalogue → weight"""


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
    offerings: Offerings
    """offering of the catalogue → weight"""
    habits: Habits = Habits()
    """single habits to change; what is not given keeps its default"""
    places: dict[str, PlaceSpec] = Field(default_factory=dict)
    """site → its people"""
