"""How people use their lines: means, shapes and shares, each with its source.

Sources: CA Kenya = Communications Authority of Kenya sector statistics (2025); A = our assumption.
"""

from dataclasses import dataclass, fields
from typing import ClassVar

VOICE_BY_HOUR = (.25, .13, .08, .06, .08, .20, .50, .90, 1.25, 1.40, 1.45, 1.45,
                 1.40, 1.30, 1.30, 1.35, 1.45, 1.60, 1.75, 1.80, 1.65, 1.25, .85, .55)  # fmt: skip
"""Weight of each local hour, mean 1 (A); SMS follow it too."""
DATA_BY_HOUR = (.65, .45, .30, .22, .20, .30, .55, .80, .95, 1.00, 1.05, 1.08,
                1.12, 1.10, 1.08, 1.08, 1.12, 1.20, 1.35, 1.55, 1.75, 1.85, 1.65, 1.60)  # fmt: skip


_MOST = {"_share": 1, "_sigma": 5, "octets_per_day": 10**13, "_per_day": 2_000, "_ms": 24 * 3_600_000}
"""Ending of a habit's name → the most it can be: beyond it, quantities and counts leave their columns (assumptions)."""


@dataclass(frozen=True)
class Habits:
    """Means of the whole population and the laws around them; a share lies between 0 and 1, nothing is below 0."""

    __pydantic_config__: ClassVar[dict[str, str | bool]] = {
        "extra": "forbid", "allow_inf_nan": False, "use_attribute_docstrings": True,
    }  # fmt: skip
    """A scenario may change single habits; a misspelt one is a mistake."""

    calls_per_day: float = 2.4
    """per line (CA Kenya, derived)"""
    call_median_ms: int = 66_000
    """lognormal (CA Kenya and A, see call_sigma)"""
    call_sigma: float = 0.99
    """lognormal: mean 108 s (CA Kenya), coefficient of variation 1.3 (A)"""
    emergency_calls_per_day: float = 0.002
    """per line (A: 0.7 a year; the same hours and durations as other calls, always answered)"""
    sms_per_day: float = 62.6 / 30
    """per line (CA Kenya: 62.6 a month)"""
    data_octets_per_day: float = 4.3e9 / 30
    """per mobile-broadband user (CA Kenya: 4.3 GB a month)"""
    data_user_sigma: float = 1.68
    """lognormal between users (Finland 2017, derived)"""
    smartphone_share: float = 42.3 / 76.2
    """of lines (CA Kenya: 42.3 million smartphones, 76.2 million SIMs)"""
    sessions_per_day: float = 10.0
    """data sessions of a user (A)"""
    session_mean_ms: int = 300_000
    """exponential (A)"""
    busy_share: float = 0.08
    """of calls that reach the other side (A)"""
    unanswered_share: float = 0.12
    """of calls that reach the other side (A)"""
    off_net_share: float = 0.12
    """of calls and messages (CA Kenya for SMS: on-net 88, off-net 12)"""
    international_share: float = 0.02
    """of calls and messages (A)"""

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            most = next(most for ending, most in _MOST.items() if item.name.endswith(ending))
            if not 0 <= value <= most:
                raise ValueError(f"{item.name} is {value}; give 0 to {most:,}")
        if self.call_median_ms < 1 or self.session_mean_ms < 1:
            raise ValueError("call_median_ms, session_mean_ms: give at least 1 ms")
        if self.busy_share + self.unanswered_share > 1 or self.off_net_share + self.international_share > 1:
            raise ValueError("busy_share + unanswered_share, off_net_share + international_share: at most 1 each")
