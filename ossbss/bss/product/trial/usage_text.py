"""Usage as people write it: ``voice 3 min to on_net at 2024-05-06T19:30; data 20 MB at 2024-05-06T23:10``."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from ossbss.bss.product.catalogue import Catalogue
from ossbss.bss.product.effective import YEARS
from ossbss.contract.charging import LARGEST
from ossbss.contract.quantities import amount_micros, duration_ms, octets
from ossbss.contract.units import SECOND_MS
from ossbss.mistakes import DocumentError, Mistake, listing, nearest

Wrong = list[tuple[str, str]]
"""problem, mend"""
FORM = "voice 3 min to on_net at 2024-05-06T19:30"
_WORDS = re.compile(r"\s+(to|from|at)\s+")
_NUMBER = re.compile(r"[+0-9*#][0-9A-Za-z*#]*")


@dataclass(frozen=True)
class UsageExample:
    """``quantity`` in ms, messages, octets or micro-units. ``zone``, or the ``number`` by which it is found; neither
    where the price is for all destinations."""

    text: str
    usage_class: str
    quantity: int
    at_ms: int
    zone: str | None = None
    number: str = ""
    origin: str = ""


def _messages(text: str) -> int:
    if text.isascii() and text.isdigit():
        return int(text)
    raise ValueError(f"{text!r} is no number of messages; give a whole number such as 5")


READS: Mapping[str, Callable[[str], int]] = {
    "voice": duration_ms, "sms": _messages, "data": octets, "content": amount_micros,
}  # fmt: skip


def read_usage(text: str, catalogue: Catalogue) -> tuple[UsageExample, ...]:
    """Examples, apart by semicolons; DocumentError with every mistake. Times without offset are the catalogue's."""
    found, mistakes = list[UsageExample](), list[Mistake]()
    for number, one in enumerate(filter(None, (part.strip() for part in text.split(";"))), start=1):
        example, wrong = _read(one, catalogue)
        mistakes += [Mistake(f"usage {number}", None, *words) for words in wrong]
        found += [example] if example else []
    if not found and not mistakes:
        mistakes.append(Mistake("usage", None, "nothing is used", f"for example {FORM}"))
    if mistakes:
        raise DocumentError("--usage", mistakes)
    return tuple(found)


def _read(text: str, catalogue: Catalogue) -> tuple[UsageExample | None, Wrong]:
    """The example, or all that is wrong with it."""
    head, *rest = _WORDS.split(text)
    name, _, amount = head.partition(" ")
    words = rest[::2]
    said = dict(zip(words, (value.strip() for value in rest[1::2]), strict=True))
    wrong: Wrong = [(f"{word!r} stands twice", "take one out") for word in said if words.count(word) > 1]
    quantity = _quantity(name, amount.strip(), wrong)
    zone, number = _to(said.get("to"), catalogue, wrong)
    origin = said.get("from", "")
    if origin and not _NUMBER.fullmatch(origin):
        wrong.append((f"from {origin!r}: this is no number", "for example from +254700"))
    at_ms = _at_ms(said.get("at"), catalogue.zone, wrong)
    return (None, wrong) if wrong else (UsageExample(text, name, quantity, at_ms, zone, number, origin), [])


def _quantity(name: str, amount: str, wrong: Wrong) -> int:
    if name not in READS:
        wrong.append((f"{name!r} is no class of usage; there are {listing(READS)}", nearest(name, READS)))
        return 0
    try:
        found = READS[name](amount)
    except ValueError as error:
        wrong.append((f"{name}: {error}", ""))
        return 0
    if not 0 < found <= LARGEST[name]:
        wrong.append((f"{name}: {amount!r} is not above 0 and at most what one record may carry", ""))
    return found


def _to(to: str | None, catalogue: Catalogue, wrong: Wrong) -> tuple[str | None, str]:
    """Zone, number."""
    if to is None or to in catalogue.zones:
        return to, ""
    if not _NUMBER.fullmatch(to):
        there = f"to {to!r}: this is no number and no zone; there are {listing(catalogue.zones, to)}"
        wrong.append((there, nearest(to, catalogue.zones)))
    return None, to


def _at_ms(at: str | None, zone: ZoneInfo, wrong: Wrong) -> int:
    if at is None:
        wrong.append(("it does not say when", "at the end: at 2024-05-06T19:30"))
        return 0
    try:
        found = datetime.fromisoformat(at)
    except ValueError:
        wrong.append((f"at {at!r}: this is no time", "for example at 2024-05-06T19:30"))
        return 0
    if found.year not in YEARS:
        wrong.append((f"at {at!r}: this is no time from {YEARS[0]} to {YEARS[-1]}", ""))
        return 0
    return int((found if found.tzinfo else found.replace(tzinfo=zone)).timestamp()) * SECOND_MS
