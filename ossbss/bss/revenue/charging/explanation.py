"""Why does it cost that? A charge line by line: what each allowance and each price serves of a session."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from ossbss.bss.product.pricing.amounts import NOTHING, in_currency
from ossbss.bss.product.pricing.usage_price import ALWAYS, UsagePrice
from ossbss.bss.product.usage_words import UNITS, usage_words
from ossbss.bss.revenue.charging.charge import Charge, Part
from ossbss.bss.revenue.charging.segments import Segment


@dataclass(frozen=True)
class Line:
    """``kind`` of the line, and where: the part [start, end) in units of its class, in ``pulses`` of ``pulse``; 0 where
    there is no part. ``exact``: micro-units."""

    kind: str
    name: str
    exact: Fraction = NOTHING
    start: int = 0
    end: int = 0
    pulses: int = 0
    pulse: int = 0
    price: str = ""


def lines(found: Charge, price: UsagePrice | None, usage_class: str) -> Iterator[Line]:
    """In order of the session; what sets their sum apart from the amount comes last."""
    parts = [Line("allowance", t.bucket, NOTHING, t.start, t.end) for t in found.taken]
    parts += [_line(part, pulses, usage_class) for part, pulses in found.priced]
    yield from sorted(parts, key=lambda line: line.start)
    exact = sum((line.exact for line in parts), NOTHING)
    if found.fee_micros:
        yield Line("connection fee", "", Fraction(found.fee_micros))
    if price is not None and price.most is not None and exact > price.most:
        yield Line("at most", in_currency(price.most), price.most - exact)
        exact = Fraction(price.most)
    if exact != found.usage_micros:
        yield Line("rounding", "", found.usage_micros - exact)


def part_words(line: Line, usage_class: str) -> str:
    """Of which part of the session, as people write it; the bare kind where there is none."""
    if line.end == line.start:
        return line.kind
    return f"{line.kind} {usage_words(usage_class, line.start)} to {usage_words(usage_class, line.end)}"


def pulse_words(line: Line, usage_class: str) -> str:
    """How many pulses of which size, or how much where it is counted exactly; empty where there are none."""
    if line.pulse == 1 and usage_class != "sms":
        return usage_words(usage_class, line.pulses)
    return f"{line.pulses} × {usage_words(usage_class, line.pulse)}" if line.pulses else ""


def _line(part: Part, pulses: int, usage_class: str) -> Line:
    end = min(part.start + pulses * part.pulse, part.end)
    if isinstance(part, Segment):
        per = UNITS[usage_class] if part.band.per is None else usage_words(usage_class, part.band.per)
        name, price = part.window or ALWAYS, f"{in_currency(part.band.price)} per {per}"
    else:
        assert part.price.by_quantity is not None
        name, price = "by quantity", part.price.by_quantity.model
    return Line("usage", name, part.cost(pulses), part.start, end, pulses, part.pulse, price)
