"""What matters most? Guides the OSS: a weight, a count and a deadline for each access service."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from ossbss.bss.product.catalogue import Catalogue

HEAVIEST = 1000


@dataclass(frozen=True)
class Priority:
    """``weight``: its share of recurring fees, the heaviest service being 1000; no money leaves the BSS."""

    weight: int
    line_count: int
    sla_repair_within_ms: int | None


def priorities(accounts: pl.DataFrame, catalogue: Catalogue, now_ms: int) -> Mapping[str, Priority]:
    """Service → priority, from the contracts that run now."""
    running = accounts.filter(
        (pl.col("valid_from_ms") <= now_ms) & (pl.col("valid_until_ms").fill_null(2**62) > now_ms)
    )
    counts = running.group_by("service_id", "offering_id").len().sort("service_id", "offering_id")
    fees: dict[str, int] = {}
    lines: dict[str, int] = {}
    deadlines: dict[str, list[int]] = {}
    for service, offering, count in counts.rows():
        version = catalogue.version_at(offering, now_ms)
        fees[service] = fees.get(service, 0) + count * version.recurring_fee
        lines[service] = lines.get(service, 0) + count
        deadlines.setdefault(service, []).extend([version.sla.repair_within] if version.sla else [])
    most = max(fees.values(), default=0) or 1
    return {s: Priority(HEAVIEST * fees[s] // most, lines[s], min(deadlines[s], default=None)) for s in fees}
