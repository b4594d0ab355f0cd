"""Names in a catalogue that must stand elsewhere in it: windows, zones, offerings, taxes, tariffs, segments."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from ossbss.bss.product.pricing.usage_price import ALWAYS
from ossbss.mistakes import listing, nearest
from ossbss.placed import Placed

Place = tuple[int | str, ...]
Pattern = tuple[str, ...]
KEYS = "(keys)"
VERSION: Pattern = ("offerings", "*", "versions", "*")
PRICES: tuple[Pattern, ...] = tuple(
    (*within, *("*",) * listed) for within in ((*VERSION, "usage", "*"), ("tariffs", "*", "*")) for listed in (0, 1)
)
"""a price alone, and prices in a list"""
NAMED: dict[str, tuple[Pattern, ...]] = {
    "window": (
        *((*price, key, KEYS) for price in PRICES for key in ("prices", "rates")),
        (*VERSION, "allowances", "*", "windows", "*"),
    ),
    "zone": (
        *((*price, "zones", "*") for price in PRICES),
        (*VERSION, "allowances", "*", "zones", "*"),
        ("promotions", "*", "top_up_bonus", "excluded_zones", "*"),
    ),
    "offering": (
        (*VERSION, "includes", "*"),
        (*VERSION, "excludes", "*"),
        (*VERSION, "requires", "offerings", "*"),
        ("promotions", "*", "offerings", "*"),
    ),
    "segment": ((*VERSION, "requires", "segments", "*"),),
    "tariff": ((*VERSION, "usage"),),
    "tax": (("taxes", "*", "on_top_of", "*"), ("tax_residue",)),
}
STAND: dict[str, Pattern] = {
    "window": ("calendar", KEYS),
    "zone": ("zones", KEYS),
    "offering": ("offerings", "*", "id"),
    "segment": ("segments", "*"),
    "tariff": ("tariffs", KEYS),
    "tax": ("taxes", "*", "name"),
}
_BESIDES = {"window": (ALWAYS,), "tax": ("net",)}


def unknown(data: Any) -> Iterator[Placed]:
    """Every name of something that is not there. ``data``: a catalogue as plain data, its parts checked or not."""
    for what, patterns in NAMED.items():
        known = [name for _, name in places(data, STAND[what]) if isinstance(name, str)]
        allowed = {*known, *_BESIDES.get(what, ())}
        for pattern in patterns:
            for place, name in places(data, pattern):
                if isinstance(name, str) and name not in allowed:
                    said = f"there is no {what} {name!r}; there are {listing(known, name)}"
                    yield Placed(place, said, nearest(name, known) or f"add it under {STAND[what][0]}")


def places(data: Any, pattern: Pattern, at: Place = ()) -> Iterator[tuple[Place, Any]]:
    """(place, what stands there) of all that a pattern fits: ``*`` any key or number, KEYS the keys themselves."""
    if not pattern:
        yield at, data
        return
    step, *rest = pattern
    for key, child in _children(data):
        if step == KEYS:
            yield (*at, key), key
        elif step in ("*", key):
            yield from places(child, tuple(rest), (*at, key))


def _children(data: Any) -> list[tuple[int | str, Any]]:
    if isinstance(data, BaseModel):
        data = dict(data)
    if isinstance(data, Mapping):
        return list(data.items())
    return list(enumerate(data)) if isinstance(data, list | tuple) else []
