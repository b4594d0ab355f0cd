"""``ossbss price``: what would this usage cost, and why?"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ossbss.commands.columns import columns
from ossbss.errors import DONE
from ossbss.mistakes import DocumentError

if TYPE_CHECKING:
    from ossbss.bss.product.catalogue import Catalogue
    from ossbss.bss.product.trial.examples import PricedExample
    from ossbss.bss.product.trial.usage_text import UsageExample

HELP = "price usage examples under an offering, part by part"
HEAD = ("usage", "part", "window", "pulses", "price", "amount")


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--catalogue", metavar="C", required=True, help="a file, or a shipped name")
    parser.add_argument("--offering", metavar="O", required=True, help="what the line has")
    parser.add_argument("--with", metavar="O", action="append", default=[], dest="beside",
                        help="what it has bought too, such as a bundle (again for each)")  # fmt: skip
    usage = "such as 'voice 3 min to on_net at 2024-05-06T19:30', several apart by ;"
    parser.add_argument("--usage", metavar="'…'", required=True, help=usage)
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line of standard output")


def main(chosen: argparse.Namespace) -> int:
    from ossbss.bss.product.shipped import find_catalogue
    from ossbss.bss.product.trial.examples import priced

    catalogue = find_catalogue(chosen.catalogue)
    examples = _asked(chosen, catalogue)
    found = priced(catalogue, chosen.offering, examples, chosen.beside)
    for line in _told(found, catalogue):
        print(line, file=sys.stderr if chosen.json else sys.stdout)
    if chosen.json:
        about = {"catalogue": catalogue.name, "offering": chosen.offering, "with": chosen.beside}
        print(json.dumps({**about, "currency": catalogue.currency, **_summary(found)}, ensure_ascii=False))
    return DONE


def _asked(chosen: argparse.Namespace, catalogue: "Catalogue") -> "Sequence[UsageExample]":
    """The examples; DocumentError with every mistake of all options."""
    from ossbss.bss.product.trial.usage_text import read_usage

    mistakes = catalogue.unknown_offering(chosen.offering, "--offering")
    mistakes += [mistake for name in chosen.beside for mistake in catalogue.unknown_offering(name, "--with")]
    examples: Sequence[UsageExample] = ()
    try:
        examples = read_usage(chosen.usage, catalogue)
    except DocumentError as error:
        mistakes += error.mistakes
    if mistakes:
        raise DocumentError("price", mistakes)
    return examples


def _told(found: "Sequence[PricedExample]", catalogue: "Catalogue") -> Iterator[str]:
    rows = [row for each in found for row in _rows(each)]
    yield from columns(HEAD, rows, right=(5,))
    yield ""
    totals = _summary(found)
    sums = [("net", totals["net_micros"]), *totals["taxes_micros"].items(), ("total", totals["gross_micros"])]
    rows = [(name, f"{_decimal(micros)} {catalogue.currency}") for name, micros in sums]
    yield from columns(("sum", "amount"), rows, right=(1,))


def _rows(each: "PricedExample") -> Iterator[tuple[str, ...]]:
    from ossbss.bss.revenue.charging.explanation import part_words, pulse_words

    name = each.example.usage_class
    for line in each.lines:
        yield "", part_words(line, name), line.name, pulse_words(line, name), line.price, _decimal(line.exact)
    yield each.example.text, "= " + (each.reason or each.offering_id), "", "", "", _decimal(each.amount_micros)


def _decimal(micros: Any) -> str:
    from ossbss.bss.product.pricing.amounts import in_currency

    return in_currency(micros)


def _summary(found: "Sequence[PricedExample]") -> dict[str, Any]:
    """Sums, and each example; ``exact`` of a line in micro-units, a fraction where it is no whole number."""
    taxes: dict[str, int] = {}
    for each in found:
        for name, micros in each.taxed.taxes.items():
            taxes[name] = taxes.get(name, 0) + micros
    return {
        "net_micros": sum(each.taxed.net_micros for each in found),
        "taxes_micros": taxes,
        "gross_micros": sum(each.taxed.gross_micros for each in found),
        "examples": [_example(each) for each in found],
    }


def _example(each: "PricedExample") -> dict[str, Any]:
    lines = [
        {"kind": line.kind, "name": line.name, "start": line.start, "end": line.end, "pulses": line.pulses,
         "pulse": line.pulse, "price": line.price, "exact_micros": str(line.exact)}
        for line in each.lines
    ]  # fmt: skip
    return {
        "usage": each.example.text, "offering": each.offering_id, "amount_micros": each.amount_micros,
        "net_micros": each.taxed.net_micros, "taxes_micros": each.taxed.taxes, "reason": each.reason, "lines": lines,
    }  # fmt: skip
