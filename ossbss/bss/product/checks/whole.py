"""Mistakes that only the whole catalogue shows: names, cycles, twins, and times out of order."""

from collections.abc import Iterator
from typing import Any, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ossbss.bss.product.checks.names import VERSION, Pattern, Place, places, unknown
from ossbss.bss.product.effective import effective, instant_ms
from ossbss.bss.product.graphs import cycles
from ossbss.bss.product.offering import Kind
from ossbss.placed import Placed

_TWINS: dict[str, Pattern] = {
    "offering": ("offerings",),
    "promotion": ("promotions",),
    "allowance": (*VERSION, "allowances"),
    "component": (*VERSION, "components"),
}
_TIMES: tuple[Pattern, ...] = (("zones", "*", "*"), ("promotions", "*"), (*VERSION, "discounts", "*"))


def mistakes(data: Any) -> Iterator[Placed]:
    """``data``: a catalogue as plain data, its parts checked or not; what is no catalogue at all has none of these."""
    zone = _zone(data)
    yield from unknown(data)
    yield from _twins(data)
    yield from _circular(data)
    yield from _kinds(data)
    yield from _versions(data, zone)
    yield from _times(data, zone)


def _zone(data: Any) -> ZoneInfo:
    try:
        return ZoneInfo(next(name for _, name in places(data, ("time_zone",))))
    except (ZoneInfoNotFoundError, ValueError, TypeError, StopIteration, OSError):
        return ZoneInfo("UTC")  # a mistake of its own


def _twins(data: Any) -> Iterator[Placed]:
    for what, pattern in _TWINS.items():
        for at, listed in places(data, pattern):
            seen = set[str]()
            for place, name in places(listed, ("*", "id")):
                if isinstance(name, str) and name in seen:
                    yield Placed((*at, *place), f"{what} {name!r} stands twice; give it another id")
                seen.add(str(name))


def _circular(data: Any) -> Iterator[Placed]:
    """Bundles of themselves, also where their versions are not sold at the same time; taxes on themselves."""
    yield from _on_itself(data, ("offerings", "id"), ("versions", "*", "includes", "*"), "a bundle cannot hold itself")
    yield from _on_itself(data, ("taxes", "name"), ("on_top_of", "*"), "a tax cannot be on top of itself")


def _on_itself(data: Any, things: tuple[str, str], inner: Pattern, said: str) -> Iterator[Placed]:
    listed, key = things
    parts: dict[str, dict[str, Place]] = {}
    for at, thing in places(data, (listed, "*")):
        held = {part: (*at, *place) for place, part in places(thing, inner) if isinstance(part, str)}
        for _, name in places(thing, (key,)):
            parts.setdefault(str(name), {}).update(held)
    for way in cycles({name: list(held) for name, held in parts.items()}):
        yield Placed(parts[way[0]][way[1]], f"{' → '.join(way)}: {said}", "take one of them out")


def _kinds(data: Any) -> Iterator[Placed]:
    """Only a bundle is made of offerings."""
    for at, offering in places(data, ("offerings", "*")):
        kind = next((kind for _, kind in places(offering, ("kind",))), "base")
        for place, parts in places(offering, ("versions", "*", "includes")):
            if parts and kind != "bundle" and kind in get_args(Kind):
                said = f"only a bundle is made of offerings, this is of kind {kind!r}"
                yield Placed((*at, *place), said, "say kind: bundle, or requires")


def _versions(data: Any, zone: ZoneInfo) -> Iterator[Placed]:
    for at, offering in places(data, ("offerings", "*")):
        before: tuple[int, object] | None = None
        for place, written in places(offering, ("versions", "*", "valid_from")):
            begins = _instant(written, zone)
            if begins is not None and before is not None and begins <= before[0]:
                said = f"{written} is not after {before[1]} of the version before"
                yield Placed((*at, *place), said, "give versions in order of valid_from, each once")
            before = before if begins is None else (begins, written)


def _times(data: Any, zone: ZoneInfo) -> Iterator[Placed]:
    for pattern in _TIMES:
        for at, thing in places(data, pattern):
            ends = {key: value for (key, *_), value in places(thing, ("*",)) if key in ("valid_from", "valid_until")}
            since, until = (_instant(ends.get(key), zone) for key in ("valid_from", "valid_until"))
            if since is not None and until is not None and until <= since:
                said = f"{ends['valid_until']} is not after valid_from, {ends['valid_from']}"
                yield Placed((*at, "valid_until"), said)


def _instant(written: Any, zone: ZoneInfo) -> int | None:
    """Unix ms; None for what is no time, which is a mistake of its own."""
    try:
        found: Any = effective(written)
        return None if found is None else instant_ms(found, zone)
    except (ValueError, OverflowError):
        return None
