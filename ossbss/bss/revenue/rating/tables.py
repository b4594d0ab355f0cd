"""The rules of a catalogue as integer tables, for the plans that a batch of usage needs.

The amounts of a plan are sums over one common denominator, so that they stay exact in 64 bits until they are rounded.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ossbss.bss.product.pricing.percentage import Percentage
from ossbss.bss.product.pricing.usage_price import UsagePrice
from ossbss.bss.revenue.charging.plan import Plan, PricedVersion, Timetable
from ossbss.bss.revenue.charging.rules import Sold
from ossbss.bss.revenue.rating.pieces import Piece, pieces

Ints = NDArray[np.int64]
NONE = -1
UNPRICED, BY_RATE, BY_PIECES, BY_SHARE = range(4)


class PlanTables(NamedTuple):
    """``x_of``: where the rows x of a plan, version or rate begin, one entry more for the end of the last.

    Columns ``num`` are micro-units times the denominator of their plan. ``share``: rate, fixed fee, free events, free
    total, least, most of a percentage, NONE where there is none.
    """

    denominator: Ints
    timed: Ints
    versions_of: Ints
    from_ms: Ints
    kind: Ints
    at_start: Ints
    most: Ints
    is_free_beyond: Ints
    timetable: Ints
    windows_of: Ints
    rate_of_window: Ints
    fee: Ints
    bands_of: Ints
    band_start: Ints
    band_pulse: Ints
    band_num: Ints
    pulse: Ints
    of_month: Ints
    pieces_of: Ints
    piece_up_to: Ints
    piece_low: Ints
    piece_block: Ints
    piece_num: Ints
    piece_fixed_num: Ints
    share: Ints


class SpecTables(NamedTuple):
    """Allowances by their place in ``RuleSet.sold``. ``serves``: allowance × plan; ``is_open``: its windows, with one
    more for none, that of an allowance begin at ``windows_of``; ``timetable``: NONE where it may be used always."""

    pulse: Ints
    fee: Ints
    timetable: Ints
    windows_of: Ints
    is_open: Ints
    serves: NDArray[np.bool_]


@dataclass
class _Rows:
    """Columns that grow."""

    timetables: list[Timetable] = field(default_factory=list)
    columns: dict[str, list[int]] = field(default_factory=lambda: {name: [] for name in PlanTables._fields})

    def add(self, **values: int) -> None:
        for name, value in values.items():
            self.columns[name].append(value)

    def count(self, name: str) -> int:
        return len(self.columns[name])

    def timetable(self, one: Timetable) -> int:
        """Its number."""
        place = next((n for n, known in enumerate(self.timetables) if known is one), None)
        if place is None:
            self.timetables.append(one)
        return len(self.timetables) - 1 if place is None else place


def tables(
    plans: Sequence[tuple[Plan, str, str | None]], sold: Sequence[Sold]
) -> tuple[PlanTables, SpecTables, list[Timetable]]:
    """``plans``: each with the class and the zone that it is for. Timetables by the numbers that the tables use."""
    rows = _Rows()
    for plan, _, _ in plans:
        _add_plan(rows, plan)
    rows.add(versions_of=rows.count("from_ms"), windows_of=rows.count("rate_of_window"))
    rows.add(bands_of=rows.count("band_start"), pieces_of=rows.count("piece_low"))
    columns = {name: np.array(values, dtype=np.int64) for name, values in rows.columns.items()}
    columns["share"] = columns["share"].reshape(-1, 6)
    return PlanTables(**columns), _specs(rows, plans, sold), rows.timetables


def _add_plan(rows: _Rows, plan: Plan) -> None:
    denominator = lcm(*(amount.denominator for version in plan.versions for amount in _amounts(version)))
    rows.add(denominator=denominator, timed=int(plan.timed), versions_of=rows.count("from_ms"))
    for version in plan.versions:
        _add_version(rows, version, denominator)


def _add_version(rows: _Rows, version: PricedVersion, denominator: int) -> None:
    price = version.price
    kind = _kind(price)
    rows.add(
        from_ms=version.from_ms,
        kind=kind,
        at_start=int(price is not None and price.priced_at == "start"),
        most=NONE if price is None or price.most is None else price.most,
        is_free_beyond=int(price is not None and price.at_most == "free"),
        timetable=rows.timetable(version.timetable),
        windows_of=rows.count("rate_of_window"),
        pulse=price.pulse if price else 1,
        of_month=int(price is not None and price.over == "month"),
        pieces_of=rows.count("piece_low"),
    )
    for window in (*version.timetable.windows, None):
        rate = price.rate_in(window) if price and kind == BY_RATE else None
        rows.add(rate_of_window=NONE if rate is None else rows.count("fee"))
        if rate is not None:
            rows.add(fee=rate.connection_fee, bands_of=rows.count("band_start"))
            for band in rate.bands:
                num = _whole(band.pulse * band.price / (band.per or version.unit) * denominator)
                rows.add(band_start=band.starts_at, band_pulse=band.pulse, band_num=num)
    for piece in _pieces(version):
        rows.add(
            piece_up_to=piece.up_to, piece_low=piece.low, piece_block=piece.block,
            piece_num=_whole(piece.each * denominator), piece_fixed_num=_whole(piece.fixed * denominator),
        )  # fmt: skip
    rows.columns["share"] += _share(price, denominator)


def _kind(price: UsagePrice | None) -> int:
    if price is None:
        return UNPRICED
    if price.by_quantity is None:
        return BY_RATE
    return BY_SHARE if isinstance(price.by_quantity, Percentage) else BY_PIECES


def _amounts(version: PricedVersion) -> list[Fraction]:
    """All that must be whole on the denominator."""
    price = version.price
    rates = price.rates.values() if price else ()
    found = [band.pulse * band.price / (band.per or version.unit) for rate in rates for band in rate.bands]
    for piece in _pieces(version):
        found += [piece.each, piece.fixed]
    model = price.by_quantity if price else None
    if isinstance(model, Percentage):
        found += [model.rate_pct / 100, model.fixed_per_event, model.min_per_event or Fraction(0)]
        found += [model.max_per_event or Fraction(0)]
    return found


def _pieces(version: PricedVersion) -> list[Piece]:
    model = version.price.by_quantity if version.price else None
    return [] if model is None or isinstance(model, Percentage) else pieces(model, version.unit)


def _share(price: UsagePrice | None, denominator: int) -> list[int]:
    model = price.by_quantity if price else None
    if not isinstance(model, Percentage):
        return [NONE] * 6
    ends = (model.min_per_event, model.max_per_event)
    least, most = (NONE if end is None else _whole(end * denominator) for end in ends)
    return [
        _whole(model.rate_pct / 100 * denominator),
        _whole(model.fixed_per_event * denominator),
        NONE if model.free_events is None else model.free_events,
        NONE if model.free_total is None else _whole(model.free_total),
        least,
        most,
    ]


def _whole(number: Fraction) -> int:
    if number.denominator != 1:
        raise ValueError(f"{number} is no whole number")
    return int(number)


def _specs(rows: _Rows, plans: Sequence[tuple[Plan, str, str | None]], sold: Sequence[Sold]) -> SpecTables:
    timetables, windows_of, is_open = list[int](), list[int](), list[int]()
    serves = np.zeros((len(sold), len(plans)), dtype=np.bool_)
    for place, one in enumerate(sold):
        allowance, timetable = one.allowance, one.timetable
        timetables.append(NONE if timetable is None else rows.timetable(timetable))
        windows_of.append(len(is_open))
        is_open += [int(name in allowance.windows) for name in (*(timetable.windows if timetable else ()), None)]
        for number, (_, usage_class, zone) in enumerate(plans):
            reaches = not allowance.zones or zone in allowance.zones
            serves[place, number] = usage_class in allowance.classes and reaches
    return SpecTables(
        np.array([one.allowance.pulse for one in sold], dtype=np.int64),
        np.array([one.allowance.connection_fee for one in sold], dtype=np.int64),
        np.array(timetables, dtype=np.int64),
        np.array(windows_of, dtype=np.int64),
        np.array(is_open, dtype=np.int64),
        serves,
    )
