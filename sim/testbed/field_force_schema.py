"""What a scenario may say of the people who mend: crews, ships, third parties, and what slows all of them down."""

import re
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from ossbss.contract.hours import EVERY_DAY, Hours
from ossbss.contract.quantities import DurationMs
from ossbss.contract.units import DAY_MS, HOUR_MS, MINUTE_MS
from ossbss.documents import Strict
from ossbss.mistakes import shown
from sim.testbed.law_schema import LawSpec
from sim.testbed.scenario_words import PositiveMs
from sim.world.people.field_force import Part

HOURS_PATTERN = r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$"
LandSkill = Literal["fibre", "ip", "power", "radio"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OFFICE = Hours(8 * HOUR_MS, 17 * HOUR_MS, frozenset(range(5)))
"""Monday to Friday, 08:00 to 17:00 (assumption)."""


def _clock(value: object) -> object:
    if not isinstance(value, str) or not re.match(HOURS_PATTERN, value):
        raise ValueError(
            f"{shown(value)} are no hours of a day; give them such as 08:00-17:00, or 22:00-05:00 at night"
        )
    return value


HoursOfDay = Annotated[
    str,
    BeforeValidator(_clock),
    WithJsonSchema({"type": "string", "pattern": HOURS_PATTERN, "examples": ["08:00-17:00"]}),
]
"""such as ``08:00-17:00``, local time; past midnight where the end is not later than the beginning"""


def hours_of(text: str, offset: timedelta, days: tuple[Weekday, ...] = WEEKDAYS) -> Hours:
    """The hours of a text such as ``08:00-17:00``, in the local time of a UTC offset."""
    begins, ends = ((int(part[:2]) * 60 + int(part[3:])) * MINUTE_MS for part in text.split("-"))
    on = frozenset(WEEKDAYS.index(day) for day in days) if days else EVERY_DAY
    return Hours(begins, ends % DAY_MS, on, offset // timedelta(milliseconds=1))


class ShipSpec(Strict):
    """A cable ship."""

    speed_knots: float = Field(default=12.0, gt=0, le=60)
    """at sea, along the great circle, in knots (assumption)"""
    loading: DurationMs = 48 * HOUR_MS
    """to load spare cable in port before each mission (assumption; 156 km at 5 km an hour took 31 h before the repair
    of WACS in January 2020: SAIX notice)"""
    weather: LawSpec | None = None
    """how long it waits at the fault for weather in which it can work; not given: no time"""


class CrewSpec(Strict):
    """A repair crew."""

    id: str = Field(min_length=1)
    """its name, used once"""
    site: str
    """the site it starts from; of a ship: its port"""
    skills: tuple[LandSkill, ...] = ()
    """what it can mend: fibre (links, ducts), ip (cards, nodes), power (sites, power areas), radio (cells); not given:
    everything on land"""
    shift: HoursOfDay | None = None
    """working hours, local time; not given: around the clock"""
    days: tuple[Weekday, ...] = Field(default=WEEKDAYS, min_length=1)
    """weekdays on which the shift begins"""
    on_call: DurationMs | None = None
    """outside the shift it sets out so long after it is called; not given: when the shift begins"""
    overtime: bool = True
    """a job that has begun is finished after the end of the shift; otherwise it rests until the next"""
    spares: dict[Part, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
    """part → how many are in its van; they are not filled up again"""
    ship: ShipSpec | None = None
    """it is a cable ship, and mends submarine cables and nothing else"""

    @model_validator(mode="after")
    def _consistent(self) -> "CrewSpec":
        idle = [name for name in ("days", "on_call", "overtime") if name in self.model_fields_set]
        if idle and self.shift is None:
            raise ValueError(f"{' and '.join(idle)} without shift; give shift too, such as shift: 08:00-17:00")
        landed = [name for name in ("skills", "spares") if getattr(self, name)]
        if landed and self.ship is not None:
            raise ValueError(f"a ship has no {' and '.join(landed)}; it mends submarine cables and loads cable in port")
        return self


class PartnerSpec(Strict):
    """A third party that owns sites or lines and mends them by its own clock (assumptions)."""

    acknowledges: LawSpec = LawSpec.model_validate({"constant": "30 min"})
    """from the opening of a ticket to its acknowledgement"""
    repairs: LawSpec = LawSpec.model_validate({"lognormal": {"median": "6 h", "sigma": 0.8}})
    """from the opening of a ticket to the end of the repair"""
    hours: Literal["24x7", "office"] = "24x7"
    """when its clock runs: always, or Monday to Friday from 08:00 to 17:00 local time"""


class AccessSpec(Strict):
    """Who may enter a site."""

    hours: HoursOfDay | None = None
    """hours in which crews may be inside, local time; work rests outside them; not given: always"""
    delay: DurationMs = 0
    """from a crew's arrival until the landlord has brought the key"""


class FieldForceSpec(Strict):
    """How crews travel and mend (assumptions)."""

    speed_km_h: float = Field(default=60.0, gt=0)
    """on the road, in km/h"""
    road_factor: float = Field(default=1.0, ge=1, le=10)
    """the road's length by the great circle's: 1.2 is usual in towns (Newell 1980)"""
    mobilisation: DurationMs = 0
    """from taking up an order to departure"""
    no_travel: HoursOfDay | None = None
    """nobody drives in these hours, for safety; local time"""
    repair_median: PositiveMs = 4 * HOUR_MS
    """time to mend at the place, without travel; lognormal"""
    repair_sigma: float = Field(default=0.4, ge=0)
    """spread of that time: standard deviation of its logarithm"""
    repair: LawSpec | None = None
    """another law of that time, in place of ``repair_median`` and ``repair_sigma``"""
    look: DurationMs = 30 * MINUTE_MS
    """how long it takes to see that nothing is wrong, or that others are needed"""
    access: dict[str, AccessSpec] = Field(default_factory=dict)
    """site → who may enter; others are always open"""
    depots: dict[str, dict[Part, Annotated[int, Field(ge=0)]]] | None = None
    """site → part → how many lie there; not given, and no crew with ``spares``: parts are never short"""
    resupply: LawSpec = LawSpec.model_validate({"lognormal": {"median": "72 h", "sigma": 0.5}})
    """how long a part takes to come to the fault where no van and no depot has one"""

    @model_validator(mode="before")
    @classmethod
    def _one_law(cls, value: Any) -> Any:
        if isinstance(value, dict) and value.get("repair") is not None:
            both = [name for name in ("repair_median", "repair_sigma") if name in value]
            if both:
                raise ValueError(f"give either repair or {' and '.join(both)}, not both")
        return value
