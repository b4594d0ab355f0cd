"""``ossbss check-catalogue``: is this price list right, and what does it sell?"""

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ossbss.commands.columns import columns
from ossbss.errors import BAD_INPUT, DONE, BadInputError

if TYPE_CHECKING:
    from ossbss.bss.product.catalogue import Catalogue

HELP = "check price lists and show what they sell"
HEAD = ("offering", "kind", "versions", "latest from", "a month", "once", "allowances", "priced")


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("catalogues", nargs="+", metavar="CATALOGUE", help="files or shipped names")
    parser.add_argument("--terms", action="store_true", help="list every fee, price and allowance that is sold last")


def main(chosen: argparse.Namespace) -> int:
    from ossbss.bss.product.shipped import find_catalogue

    code = DONE
    for name in chosen.catalogues:
        try:
            catalogue = find_catalogue(name)
        except (BadInputError, OSError) as error:
            print(error, file=sys.stderr)
            code = BAD_INPUT
            continue
        print(f"{name}: good; offerings: {len(catalogue.offerings)}; {catalogue.currency}, {catalogue.time_zone}")
        for line in columns(HEAD, list(_rows(catalogue)), right=(2, 4, 5)):
            print(f"  {line}")
        for line in _terms(catalogue) if chosen.terms else ():
            print(line)
    return code


def _terms(catalogue: "Catalogue") -> Iterator[str]:
    """Each offering, and below it the terms of its latest version."""
    from ossbss.bss.product.terms import terms

    for offering in catalogue.offerings:
        latest = offering.versions[-1]
        yield from ("", f"{offering.id}, from {latest.valid_from}:")
        yield from (f"  {what}: {much}" for what, much in terms(latest).items())


def _rows(catalogue: "Catalogue") -> Iterator[tuple[str, ...]]:
    """Each offering as its latest version sells it."""
    from ossbss.bss.product.pricing.amounts import in_currency

    for offering in catalogue.offerings:
        latest = offering.versions[-1]
        yield (
            offering.id, offering.kind, str(len(offering.versions)), str(latest.valid_from),
            in_currency(latest.recurring_fee), in_currency(latest.one_time_fee),
            ", ".join(allowance.id for allowance in latest.allowances) or "-", ", ".join(latest.usage) or "-",
        )  # fmt: skip
