"""Equal-cost multipath: what each arc carries when every node splits evenly over all its shortest next hops.

A node sends 1/k of what it has for a destination over each of its k arcs that lie on a shortest path (RFC 2991, RFC
2992: flows hashed over next hops, here in the limit of many small flows); parallel links are next hops of their own.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from sim.world.network.routing.arcs import Arcs, Bools, Floats, Ints
from sim.world.network.routing.distances import UNREACHABLE, distances, lengths_of
from sim.world.network.routing.ecmp_compiled import compiled_spread

_CELLS = 2**22
"""Entries of the largest array that is worked on at once, times a few: some 100 MB (assumption)."""


class EcmpLoads(NamedTuple):
    """``loads``: arc → volume it carries; ``unroutable``: volume whose destination cannot be reached."""

    loads: Floats
    unroutable: float


def ecmp_loads(arcs: Arcs, alive: Bools, demands: Floats, metrics: Ints | None = None) -> EcmpLoads:
    """Loads of the demands over the living arcs.

    ``demands``: (source, destination) → volume in any additive unit, 0 or more; what a node sends itself uses no
    arc and does not count. ``metrics``: other metrics than the arcs' own. ValueError for a matrix of another shape
    or negative volumes.
    """
    destinations = destinations_of(arcs, demands)
    loads, unroutable = np.zeros(len(arcs.tails)), 0.0
    for rows in chunks(len(destinations), max(len(arcs.nodes), len(arcs.tails))):
        some = destinations[rows]
        dist = distances(arcs, alive, some, metrics)
        lengths = np.broadcast_to(lengths_of(arcs, alive, metrics), (len(some), len(alive)))
        loads = summed(spread(arcs, dist, lengths, demands.T[some]), loads)
        unroutable = float(summed(lost(dist, demands.T[some], some), np.array(unroutable)))
    return EcmpLoads(loads, unroutable)


def destinations_of(arcs: Arcs, demands: Floats) -> Ints:
    """The nodes to which others send, rising; ValueError for a matrix of another shape or other volumes."""
    count = len(arcs.nodes)
    if demands.shape != (count, count):
        raise ValueError(f"demands must be {count} x {count}, not {' x '.join(map(str, demands.shape))}")
    if not (np.isfinite(demands) & (demands >= 0)).all():
        raise ValueError("demands must be finite, 0 or more")
    return np.flatnonzero(((demands > 0) & ~np.eye(count, dtype=np.bool_)).any(axis=0))


def chunks(rows: int, width: int) -> list[slice]:
    """Slices of rows of this width, few enough that work on one fits into memory."""
    size = max(1, _CELLS // max(1, width))
    return [slice(first, min(first + size, rows)) for first in range(0, rows, size)]


def shortest_arcs(arcs: Arcs, dist: Ints, lengths: Ints) -> Bools:
    """(row, arc) → whether the arc lies on a shortest path to the row's destination.

    ``dist``: (row, node) → distance. ``lengths``: arc → length as ``lengths_of`` gives, or (row, arc) → length.
    """
    on: Bools = np.take(dist, arcs.tails, axis=1) == np.take(dist, arcs.heads, axis=1) + lengths
    return on


def spread(arcs: Arcs, dist: Ints, lengths: Ints, volumes: Floats, *, compiled: bool = False) -> Floats:
    """(row, arc) → volume the arc carries to the row's destination.

    ``dist``, ``volumes``: (row, node) → distance, and volume that starts there. ``lengths``: (row, arc) → length.
    ``compiled``: by numba, where it is installed. A row's answer hangs on that row alone, and is the same bit for bit
    compiled or not, whatever rows are worked out with it.
    """
    starting = np.where(dist == UNREACHABLE, 0.0, volumes)
    if compiled and (kernel := compiled_spread()) is not None:
        loads = np.zeros(lengths.shape)
        kernel(arcs.tails, arcs.heads, dist, lengths, starting, loads)
        return loads
    return _spread_together(arcs, dist, shortest_arcs(arcs, dist, lengths), starting)


def _spread_together(arcs: Arcs, dist: Ints, dag: Bools, starting: Floats) -> Floats:
    """All rows at once, distance after distance; changes ``starting``."""
    loads, flow = np.zeros(dag.shape), starting.reshape(-1)
    rows, on = np.nonzero(dag)
    tails, heads = rows * dist.shape[1] + arcs.tails[on], rows * dist.shape[1] + arcs.heads[on]
    next_hops = np.bincount(tails, minlength=dist.size)
    turn = _turns(dist).ravel()[tails]
    order = np.argsort(turn, kind="stable")
    bounds = np.searchsorted(turn[order], np.arange(turn.max(initial=-1) + 2))
    for first, end in pairwise(bounds):
        now = order[first:end]
        share = flow[tails[now]] / next_hops[tails[now]]
        loads[rows[now], on[now]] = share
        np.add.at(flow, heads[now], share)
    return loads


def _turns(dist: Ints) -> Ints:
    """(row, node) → when its turn comes: the farthest first, together those that are equally far."""
    order = np.argsort(-dist, axis=1, kind="stable")
    nearer = np.diff(np.take_along_axis(dist, order, axis=1), axis=1, prepend=dist.max(axis=1, keepdims=True)) != 0
    turns = np.empty(dist.shape, dtype=np.int16 if dist.shape[1] < 2**15 else np.int64)  # sorted by radix
    np.put_along_axis(turns, order, np.cumsum(nearer, axis=1), axis=1)
    return turns


def lost(dist: Ints, volumes: Floats, destinations: Ints) -> Floats:
    """row → volume that starts where its destination cannot be reached; ``destinations``: row → node index."""
    left = np.where(dist == UNREACHABLE, volumes, 0.0)
    left[np.arange(len(left)), destinations] = 0.0
    volume: Floats = left.sum(axis=1)
    return volume


def summed(rows: Floats, onto: Floats) -> Floats:
    """The rows added to ``onto`` one after the other: floats in another order may end in other bits."""
    total = onto.copy()
    for row in rows:
        total += row
    return total
