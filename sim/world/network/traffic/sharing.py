"""Who gets how much of a congested network: weighted max-min fair rates over fixed, fractional routes.

Nobody's rate can be raised without lowering that of another who has no more, in rate over weight (Bertsekas and
Gallager, Data Networks, 2nd ed. 1992, section 6.5.2). The rates are found by filling: all grow together, in
proportion to their weights, until a link is full (its flows stay as they are) or a flow has what it asked for.

``use``, everywhere: flow × link, the share of the flow's rate that the link carries (ECMP splits a flow, so a flow
may use a link by less than 1); entries of one place add up. Plain numpy, and a kernel compiled by numba where the
extra ``fast`` is installed and the network is large; the rates are equal to 1e-9 of the largest capacity.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from sim.world.network.traffic.filling import Floats, Ints, compiled

COMPILING_PAYS_FROM = 20_000
"""Entries of ``use``: plain numpy needs some 5 ms for these, and a run shares many times what numba loads once."""
_FEWEST, _PARTS = 16, 32
"""How many links numpy looks at in a round: one in so many, at least so few; found best by measuring."""


class Shared(NamedTuple):
    """What flows share: by link, its flows and the shares of their rates; of each flow, weight and offered rate."""

    starts: Ints
    """link → where its flows begin in ``flow`` and ``share``, and one more for the end"""
    flow: Ints
    share: Floats
    capacity_bps: Floats
    weight: Floats
    offered_bps: Floats


def max_min(
    use: csr_array, capacity_bps: ArrayLike, offered_bps: ArrayLike = np.inf, weight: ArrayLike = 1.0
) -> Floats:
    """The weighted max-min fair rate of each flow, in bps.

    ``capacity_bps``: of each link, 0 or more and finite; ``offered_bps``: what each flow asks for, 0 or more, without
    limit where infinite; ``weight``: of each flow, above 0. A flow that uses no link gets what it offers. ValueError
    where a shape or a number is none of these.
    """
    shared = _shared(use, capacity_bps, offered_bps, weight)
    kernel = compiled() if len(shared.flow) >= COMPILING_PAYS_FROM else None
    return fill(shared) if kernel is None else kernel(*shared)


def by_precedence(
    use: csr_array,
    capacity_bps: ArrayLike,
    offered_bps: ArrayLike = np.inf,
    weight: ArrayLike = 1.0,
    precedence: ArrayLike = 0,
) -> Floats:
    """Rates under strict priority, in bps: 0 is served first, each next class shares max-min what is left.

    ``precedence``: of each flow, an integer; a class never feels those after it. The rest as in ``max_min``.
    """
    flows, links = use.shape
    left = np.broadcast_to(np.asarray(capacity_bps, dtype=np.float64), links).copy()
    offered = np.broadcast_to(np.asarray(offered_bps, dtype=np.float64), flows)
    weights = np.broadcast_to(np.asarray(weight, dtype=np.float64), flows)
    classes = np.broadcast_to(np.asarray(precedence), flows)
    rate_bps = np.zeros(flows)
    for served_now in np.unique(classes):
        of = np.flatnonzero(classes == served_now)
        rate_bps[of] = max_min(use[of], left, offered[of], weights[of])
        left = np.maximum(0.0, left - link_loads(use[of], rate_bps[of]))
    return rate_bps


def link_loads(use: csr_array, rate_bps: ArrayLike) -> Floats:
    """What each link carries, in bps, when the flows have these rates."""
    loads: Floats = use.T @ np.asarray(rate_bps, dtype=np.float64)
    return loads


def _shared(use: csr_array, capacity_bps: ArrayLike, offered_bps: ArrayLike, weight: ArrayLike) -> Shared:
    flows, links = use.shape
    by_link = use.tocsc()
    by_link.sum_duplicates()
    by_link.eliminate_zeros()
    capacity, offered, weights = (
        np.ascontiguousarray(np.broadcast_to(np.asarray(given, dtype=np.float64), length))
        for given, length in ((capacity_bps, links), (offered_bps, flows), (weight, flows))
    )
    for name, good in (
        ("use: a share below 0 or not finite", bool((by_link.data >= 0).all() and np.isfinite(by_link.data).all())),
        ("capacity_bps: below 0 or not finite", bool((capacity >= 0).all() and np.isfinite(capacity).all())),
        ("offered_bps: below 0 or no number", bool((offered >= 0).all())),
        ("weight: not above 0 or not finite", bool((weights > 0).all() and np.isfinite(weights).all())),
    ):
        if not good:
            raise ValueError(name)
    starts, flow = by_link.indptr.astype(np.int64), by_link.indices.astype(np.int64)
    return Shared(starts, flow, by_link.data.astype(np.float64), capacity, weights, offered)


def fill(shared: Shared) -> Floats:
    """Max-min rates by numpy: in each round, among the links that may be fullest, all that can be settled at once.

    A link's level (rate over weight at which it is full) never falls while others settle at or below it. So an old
    level is a bound, and a link freezes its flows as soon as none of them finds a fuller link on its way: the links
    looked at are those of the lowest bounds, all others have at least ``beyond``.
    """
    links, limit = len(shared.capacity_bps), shared.offered_bps / shared.weight
    rate_bps, growing = shared.offered_bps.copy(), np.ones(len(limit), dtype=bool)
    link = np.repeat(np.arange(links), np.diff(shared.starts))
    bound = _levels(shared.capacity_bps, _sums(link, shared.weight[shared.flow] * shared.share, links))
    while np.isfinite(bound).any():
        looked_at, beyond = _lowest(bound, max(_FEWEST, links // _PARTS))
        link, at = _entries(shared.starts, looked_at)
        flow, share, count = shared.flow[at], shared.share[at], len(looked_at)
        grows = growing[flow]
        taken = _sums(link[~grows], rate_bps[flow[~grows]] * share[~grows], count)
        link, flow, share = link[grows], flow[grows], share[grows]
        level = _levels(shared.capacity_bps[looked_at] - taken, _sums(link, shared.weight[flow] * share, count))
        bound[looked_at] = level
        reached = limit.copy()
        np.minimum.at(reached, flow, level[link])
        tightest = np.full(count, np.inf)
        np.minimum.at(tightest, link, reached[flow])
        content = limit[flow] <= np.minimum(reached[flow], beyond)
        stuck = ((tightest >= level) & (level <= beyond))[link] & ~content
        rate_bps[flow[stuck]] = reached[flow[stuck]] * shared.weight[flow[stuck]]
        growing[flow[content | stuck]] = False
    return rate_bps


def _lowest(bound: Floats, count: int) -> tuple[Ints, float]:
    """The links of the ``count`` lowest bounds, and the lowest of all others; links without bound are left out."""
    if count >= len(bound):
        return np.flatnonzero(np.isfinite(bound)), np.inf
    order = np.argpartition(bound, count)
    lowest = order[:count]
    return lowest[np.isfinite(bound[lowest])], float(bound[order[count]])


def _entries(starts: Ints, links: Ints) -> tuple[Ints, Ints]:
    """(place of its link in ``links``, place in ``flow`` and ``share``) of each entry of these links."""
    sizes = starts[links + 1] - starts[links]
    before = np.cumsum(sizes) - sizes
    return np.repeat(np.arange(len(links)), sizes), np.repeat(starts[links] - before, sizes) + np.arange(sizes.sum())


def _levels(left_bps: Floats, growth: Floats) -> Floats:
    """Rate over weight at which each link is full; infinite where nobody grows."""
    level = np.full(len(growth), np.inf)
    np.divide(np.maximum(0.0, left_bps), growth, out=level, where=growth > 0)
    return level


def _sums(link: Ints, amounts: Floats, links: int) -> Floats:
    return np.bincount(link, amounts, links).astype(np.float64, copy=False)
