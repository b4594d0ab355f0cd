"""The zones of a catalogue, as mediation asks for them."""

import polars as pl

from ossbss.bss.product.catalogue import Catalogue
from ossbss.bss.revenue.mediation.enrichment import PREFIXES_SCHEMA
from ossbss.contract.charging import ZONES
from ossbss.contract.units import NEVER_MS

ELSEWHERE = "elsewhere"
"""The zone of what no zone of the catalogue holds, where it has prices for all that no zone is named for."""


def prefixes_of(catalogue: Catalogue) -> pl.DataFrame:
    """PREFIXES_SCHEMA of the zones, without those that depend on where a call comes from; a plus is left out."""
    routes = [route for name in catalogue.zones for route in catalogue.routes(name) if not route.origin]
    rows = list(dict.fromkeys((r.prefix.lstrip("+"), r.zone, r.from_ms, r.until_ms) for r in routes))
    if _prices_the_rest(catalogue) and all(prefix for prefix, *_ in rows):
        rows.append(("", ELSEWHERE, 0, NEVER_MS))
    return pl.DataFrame(rows, schema=PREFIXES_SCHEMA, orient="row")


def _prices_the_rest(catalogue: Catalogue) -> bool:
    versions = (version for offering in catalogue.offerings for version in offering.versions)
    return any(not price.zones for version in versions for prices in version.usage.values() for price in prices)


def zones_of(catalogue: Catalogue) -> list[str]:
    """All that usage may be priced for."""
    versions = [version for offering in catalogue.offerings for version in offering.versions]
    priced = [zone for version in versions for prices in version.usage.values() for p in prices for zone in p.zones]
    return sorted({*ZONES, *catalogue.zones, *priced})
