"""What came before a part of a session: its bands, its most and its quantities go on from there."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Used:
    """What is counted together: ``quantity`` in whole pulses, and how many ``events`` it came in."""

    quantity: int = 0
    events: int = 0


NOTHING_USED = Used()


@dataclass(frozen=True)
class Earlier:
    """``units`` of the session before this part, paid or not; ``exact``: what they cost (micro-units, before what is
    rounded and cut off), ``usage_micros``: what was charged for them without the fee; ``counted`` by quantity."""

    units: int = 0
    exact: Fraction = Fraction(0)
    usage_micros: int = 0
    counted: Used = NOTHING_USED


NOTHING_EARLIER = Earlier()
