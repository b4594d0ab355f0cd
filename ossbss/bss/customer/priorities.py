"""What matters most? Guides the OSS: a weight, a count and a deadline for each access service."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from ossbss.bss.customer.accounts import Lines
from ossbss.bss.product.catalogue import Catalogue
from ossbss.contract.units import NEVER_MS

WHOLE = 1_000_000
"""The weights of all services add up to this, but for what integers drop."""


@dataclass(frozen=True)
class PriorityRule:
    """How much each measure of a service counts, unitless; all 0: nothing matters, first come is first served."""

    __pydantic_config__: ClassVar[dict[str, str | bool]] = {"extra": "forbid", "use_attribute_docstrings": True}
    """A scenario may give a rule of its own; a misspelt measure is a mistake."""

    lines: int = 0
    """how much the number of lines counts"""
    fees: int = 0
    """how much the recurring fees count"""
    emergency_calls: int = 0
    """how much emergency calls count"""

    def __post_init__(self) -> None:
        if min(self.lines, self.fees, self.emergency_calls) < 0:
            raise ValueError(f"{self}: a measure counts 0 or more")


RULES: Mapping[str, PriorityRule] = {
    "first_come": PriorityRule(),
    "most_users": PriorityRule(lines=1),
    "most_revenue": PriorityRule(fees=1),
    "emergency_first": PriorityRule(emergency_calls=100, lines=1),
}


@dataclass(frozen=True)
class Priority:
    """``weight``: the service's share of all that counts, in millionths; no money leaves the BSS."""

    weight: int
    line_count: int
    sla_repair_within_ms: int | None


def priorities(
    accounts: pl.DataFrame,
    catalogue: Catalogue,
    emergency_calls: Mapping[str, int],
    rule: PriorityRule,
    now_ms: int,
) -> Mapping[str, Priority]:
    """Service → priority, from the contracts that run now and the emergency calls seen so far (service → count)."""
    running = accounts.filter(
        (pl.col("valid_from_ms") <= now_ms) & (pl.col("valid_until_ms").fill_null(NEVER_MS) > now_ms)
    )
    fees: dict[str, int] = {}
    lines: dict[str, int] = {}
    deadlines: dict[str, list[int]] = {}
    for service, offering, count in running.group_by("service_id", "offering_id").len().sort(pl.all()).rows():
        version = catalogue.version_at(offering, now_ms)
        lines[service] = lines.get(service, 0) + count
        fees[service] = fees.get(service, 0) + (count * version.recurring_fee if version else 0)
        deadlines.setdefault(service, []).extend([version.sla.repair_within] if version and version.sla else [])
    measures = ((rule.lines, lines), (rule.fees, fees), (rule.emergency_calls, emergency_calls))
    return {s: Priority(_weight(s, measures), lines[s], min(deadlines[s], default=None)) for s in lines}


def emergency_calls(calls: pl.DataFrame, lines: Lines) -> Counter[str]:
    """Service → emergency calls, each counted where its line was when it called (subscriber_id, started_ms)."""
    services = (lines.service_at(*call) for call in calls.select("subscriber_id", "started_ms").iter_rows())
    return Counter(service for service in services if service is not None)


def _weight(service: str, measures: tuple[tuple[int, Mapping[str, int]], ...]) -> int:
    """The service's share of each measure, averaged as much as each measure counts."""
    counted = sum(counts for counts, _ in measures) or 1
    shares = (WHOLE * counts * of.get(service, 0) // (sum(of.values()) or 1) for counts, of in measures)
    return sum(shares) // counted
