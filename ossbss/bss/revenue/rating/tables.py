"""The rules of a catalogue as integer tables, for the plans that a batch of usage needs.

The amounts of a plan are sums over one common denominator, so that they stay exact in 64 bits until they are rounded.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Any, NamedTuple

import numpy as np

from ossbss.bss.product.pricing.amounts import INT64_MOST
from ossbss.bss.product.pricing.percentage import Percentage
from ossbss.bss.product.pricing.usage_price import UsagePrice
from ossbss.bss.revenue.charging.plan import Plan, PricedVersion, Timetable
from ossbss.bss.revenue.charging.rules import Sold
from ossbss.bss.revenue.cycles import Period
from ossbss.bss.revenue.rating.columns import NONE
from ossbss.bss.revenue.rating.pieces import NotInBatchError, Piece, pieces
from ossbss.bss.revenue.rating.timetables import Grid, Ints, Rows, table, time_tables
from ossbss.contract.charging import LARGEST

UNPRICED, BY_RATE, BY_PIECES, BY_SHARE = range(4)
UNUSUAL, ALWAYS, BY_BEGINNING, BY_WINDOW = range(4)
"""How a plan is priced: by more than one version, or other than by one band in each window; at one rate; at that of the
window in which a session begins; at that of each window."""
MOST_COUNTED = 4
"""So many times what one record may carry at most is counted together in a month."""
PlanKey = tuple[Plan, str, str | None]
"""A plan, with the class and the zone that it is for."""


def _columns(names: str) -> list[tuple[str, str]]:
    return [(name, "i8") for name in names.split()]


# ``served``: plans of one number are served by the same allowances. Columns ``num`` are micro-units times the
# denominator of their plan; ``first``, ``last``: rows of the next table.
PLAN = _columns("denominator timed first last usual windows cells stretches served")
VERSION = _columns(
    "from_ms kind at_start has_fee most is_free_beyond cells stretches windows pulse pieces "
    "share_num fixed_num free_events free_total least_num greatest_num"
)
RATE = _columns("fee first last pulse num")
BAND = _columns("starts_at pulse num")
PIECE = _columns("up_to low block num fixed_num")
SPEC = _columns("pulse fee always cells stretches windows")


class Tables(NamedTuple):
    """``windows``: of a version, the rate in each of its windows and in none (NONE: no price); ``is_open``: of an
    allowance, whether it may be used in each of its windows and in none; ``serves``: allowance × plan, 0 or 1."""

    plans: Rows
    versions: Rows
    windows: Ints
    rates: Rows
    bands: Rows
    pieces: Rows
    specs: Rows
    is_open: Ints
    serves: Ints
    cells: Ints
    stretches: Rows


@dataclass
class _Rows:
    """Tables that grow."""

    grids: dict[int, Grid]
    plans: list[tuple[int, ...]] = field(default_factory=list)
    versions: list[tuple[int, ...]] = field(default_factory=list)
    windows: list[int] = field(default_factory=list)
    rates: list[tuple[int, ...]] = field(default_factory=list)
    bands: list[tuple[int, ...]] = field(default_factory=list)
    pieces: list[tuple[int, ...]] = field(default_factory=list)


def tables(plans: Sequence[PlanKey], sold: Sequence[Sold], span: Period) -> Tables:
    """What records of these plans need, within the span; allowances by their place in ``sold``. NotInBatchError."""
    used = {id(one): one for one in _timetables(plans, sold)}
    times = time_tables(list(used.values()), span)
    rows = _Rows(dict(zip(used, times.grids, strict=True)))
    for plan, usage_class, _ in plans:
        _add_plan(rows, plan, usage_class, span)
    specs, is_open = _specs(sold, rows.grids)
    serves = _serves(plans, sold)
    ways = zip(rows.plans, _ways(serves), strict=True)
    return Tables(
        table([(*row, way) for row, way in ways], PLAN), table(rows.versions, VERSION),
        np.array(rows.windows, dtype=np.int64),
        table(rows.rates, RATE), table(rows.bands, BAND), table(rows.pieces, PIECE),
        table(specs, SPEC), np.array(is_open, dtype=np.int64), serves, times.cells, times.stretches,
    )  # fmt: skip


def _timetables(plans: Sequence[PlanKey], sold: Sequence[Sold]) -> Iterator[Timetable]:
    for plan, _, _ in plans:
        yield from (version.timetable for version in plan.versions)
    yield from (one.timetable for one in sold if one.timetable is not None)


def _add_plan(rows: _Rows, plan: Plan, usage_class: str, span: Period) -> None:
    versions = _in_force(plan, span)
    denominator = lcm(*(amount.denominator for version in versions for amount in _amounts(version)))
    first, first_band, first_piece = len(rows.versions), len(rows.bands), len(rows.pieces)
    for version in versions:
        _add_version(rows, version, denominator)
    largest, counted = LARGEST[usage_class], MOST_COUNTED * LARGEST[usage_class]
    costs = [-(-largest // pulse) * num for _, pulse, num in rows.bands[first_band:]]
    costs += [-(-counted // block) * num + fixed for _, _, block, num, fixed in rows.pieces[first_piece:]]
    if max(costs, default=0) >= INT64_MOST:
        raise NotInBatchError(f"{versions[0].price_id}: versions whose prices have no small common denominator")
    usual = _usual(versions, plan.timed, span)
    here = dict(zip((name for name, _ in VERSION), rows.versions[first], strict=True)) if usual else {}
    places = [here.get(name, 0) for name in ("windows", "cells", "stretches")]
    rows.plans.append((denominator, int(plan.timed), first, len(rows.versions), usual, *places))


def _in_force(plan: Plan, span: Period) -> list[PricedVersion]:
    """The versions that an instant of the span may meet."""
    first = max(plan.number_at(span.start_ms), 0)
    return [version for version in plan.versions[first:] if version.from_ms < span.end_ms]


def _usual(versions: Sequence[PricedVersion], timed: bool, span: Period) -> int:
    """How the plan is priced all the time, if it is in the usual way: by one version, with one band in each window."""
    if len(versions) != 1 or versions[0].from_ms > span.start_ms:
        return UNUSUAL
    price = versions[0].price
    if price is None or price.by_quantity is not None or (price.most is not None and price.at_most == "free"):
        return UNUSUAL
    if any(len(rate.bands) > 1 for rate in price.rates.values()):
        return UNUSUAL
    if not versions[0].timetable.windows:
        return ALWAYS
    return BY_BEGINNING if price.priced_at == "start" or not timed else BY_WINDOW


def _add_version(rows: _Rows, version: PricedVersion, denominator: int) -> None:
    price, grid = version.price, rows.grids[id(version.timetable)]
    kind = _kind(price)
    rows.versions.append((
        version.from_ms, kind, int(price is not None and price.priced_at == "start"),
        int(price is not None and any(rate.connection_fee for rate in price.rates.values())),
        NONE if price is None or price.most is None else price.most, int(price is not None and price.at_most == "free"),
        grid.cells, grid.stretches, len(rows.windows), price.pulse if price else 1, len(rows.pieces),
        *_share(price, denominator),
    ))  # fmt: skip
    for window in (*version.timetable.windows, None):
        rate = price.rate_in(window) if price and kind == BY_RATE else None
        rows.windows.append(NONE if rate is None else len(rows.rates))
        if rate is not None:
            first = len(rows.bands)
            amounts = zip(rate.bands, _of_bands(version, rate.bands), strict=True)
            rows.bands += [(band.starts_at, band.pulse, _whole(amount * denominator)) for band, amount in amounts]
            rows.rates.append((rate.connection_fee, first, len(rows.bands), *rows.bands[first][1:]))
    rows.pieces += [
        (piece.up_to, piece.low, piece.block, _whole(piece.each * denominator), _whole(piece.fixed * denominator))
        for piece in _pieces(version)
    ]


def _kind(price: UsagePrice | None) -> int:
    if price is None:
        return UNPRICED
    if price.by_quantity is None:
        return BY_RATE
    return BY_SHARE if isinstance(price.by_quantity, Percentage) else BY_PIECES


def _of_bands(version: PricedVersion, bands: Sequence[Any]) -> list[Fraction]:
    """Micro-units of a pulse of each."""
    return [band.pulse * band.price / (band.per or version.unit) for band in bands]


def _amounts(version: PricedVersion) -> list[Fraction]:
    """All that must be whole on the denominator."""
    price = version.price
    found = [amount for rate in (price.rates.values() if price else ()) for amount in _of_bands(version, rate.bands)]
    for piece in _pieces(version):
        found += [piece.each, piece.fixed]
    model = price.by_quantity if price else None
    if isinstance(model, Percentage):
        ends = [end for end in (model.min_per_event, model.max_per_event) if end is not None]
        found += [model.rate_pct / 100, model.fixed_per_event, *ends]
    return found


def _pieces(version: PricedVersion) -> list[Piece]:
    model = version.price.by_quantity if version.price else None
    return [] if model is None or isinstance(model, Percentage) else pieces(model, version.unit)


def _share(price: UsagePrice | None, denominator: int) -> list[int]:
    """Rate, fixed fee, free events, free total, least and greatest of a percentage; NONE where there is none."""
    model = price.by_quantity if price else None
    if not isinstance(model, Percentage):
        return [NONE] * 6
    ends = (model.min_per_event, model.max_per_event)
    return [
        _whole(model.rate_pct / 100 * denominator),
        _whole(model.fixed_per_event * denominator),
        NONE if model.free_events is None else model.free_events,
        NONE if model.free_total is None else _whole(model.free_total),
        *(NONE if end is None else _whole(end * denominator) for end in ends),
    ]


def _whole(number: Fraction) -> int:
    if number.denominator != 1:
        raise NotInBatchError(f"{number} is no whole number")
    return int(number)


def _specs(sold: Sequence[Sold], grids: dict[int, Grid]) -> tuple[list[tuple[int, ...]], list[int]]:
    specs, is_open = list[tuple[int, ...]](), list[int]()
    for one in sold:
        allowance, timetable = one.allowance, one.timetable
        grid = Grid(0, 0) if timetable is None else grids[id(timetable)]
        always = int(timetable is None)
        specs.append((allowance.pulse, allowance.connection_fee, always, grid.cells, grid.stretches, len(is_open)))
        is_open += [int(name in allowance.windows) for name in (*(timetable.windows if timetable else ()), None)]
    return specs, is_open


def _serves(plans: Sequence[PlanKey], sold: Sequence[Sold]) -> Ints:
    found = np.zeros((len(sold), len(plans)), dtype=np.int64)
    for place, one in enumerate(sold):
        for number, (_, usage_class, zone) in enumerate(plans):
            reaches = not one.allowance.zones or zone in one.allowance.zones
            found[place, number] = usage_class in one.allowance.classes and reaches
    return found


def _ways(serves: Ints) -> list[int]:
    """Of each plan the number of the set of allowances that serve it, NONE where none does."""
    sets: dict[bytes, int] = {}
    return [sets.setdefault(column.tobytes(), len(sets)) if column.any() else NONE for column in serves.T]
