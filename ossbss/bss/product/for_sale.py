"""Can what people have be sold to them by another price list? Why not, with the mend."""

import polars as pl

from ossbss.bss.product.catalogue import Catalogue
from ossbss.bss.revenue.charging.purchase import NO_BUNDLE, bundle_at
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.cycles import local_text
from ossbss.documents import Mistake, listing, nearest


def why_not_sold(offering_id: str, at_ms: int, catalogue: Catalogue) -> tuple[str, str]:
    """Problem and mend; two empty texts where the offering is sold at that instant."""
    sold = {offering.id: offering for offering in catalogue.offerings}
    if offering_id not in sold:
        mend = nearest(offering_id, list(sold)) or "add it to the price list"
        return f"no offering {offering_id!r}; there are {listing(sold, offering_id)}", mend
    first = sold[offering_id].versions[0].valid_from
    if catalogue.starts_ms(sold[offering_id].versions[0]) > at_ms:
        day = local_text(at_ms, catalogue.zone)[:10]
        return f"{offering_id!r} is sold from {first} only", f"give a version with valid_from {day} or earlier"
    return "", ""


def bundles_not_sold(bought: pl.DataFrame, catalogue: Catalogue) -> list[Mistake]:
    """Bundles that were bought (PURCHASES_SCHEMA) and that this list does not sell, or not as bundles, each once."""
    found, rules = [], RuleSet(catalogue)
    each = bought.group_by("offering_id").agg(pl.col("bought_ms").unique().sort(), pl.len()).sort("offering_id")
    for offering_id, bought_ms, count in each.iter_rows():
        problem, mend = why_not_sold(offering_id, bought_ms[0], catalogue)
        if not problem and NO_BUNDLE in (bundle_at(rules, offering_id, at_ms) for at_ms in bought_ms):
            problem = f"{offering_id!r} cannot be bought once: it has no allowances, or a monthly fee"
            mend = "give it allowances and a one_time_fee only"
        if problem:
            problem = f"{problem}; times that this bundle was bought: {count}"
            found.append(Mistake(f"{catalogue.name}.offerings", None, problem, mend))
    return found
