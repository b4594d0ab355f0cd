"""Weighted max-min sharing beside a numpy and a numba implementation that are written apart, and a naive one.

Random networks of degree 4 between sites; each flow goes half over each of two shortest-path trees (ECMP) and has a
weight of 1 to 4; a third of the flows ask for a limited rate. All take the same inputs (CSR routes, capacities,
offers, weights) to the same output, a rate for each flow, getting ready included. The naive one works everything out
anew at every level; it runs once, untimed, and all rates must equal its to 1e-6. Compiling is not timed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from heapq import heappop, heappush
from importlib.metadata import version

import networkx as nx
import numpy as np
from numba import njit
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from sim.world.network.traffic.sharing import Shared, fill, max_min
from sim.world.streams import Streams
from tests.benchmarks.harness import PACKAGES, Result, interleaved

SIZES = ((200, 100_000), (1_000, 10_000))
EQUAL = 1e-6


@dataclass(frozen=True)
class Instance:
    use: csr_array
    capacity: np.ndarray
    offered: np.ndarray
    weight: np.ndarray

    def __iter__(self):
        return iter((self.use, self.capacity, self.offered, self.weight))


def instance(nodes: int, flows: int, seed: int = 1) -> Instance:
    rng = Streams(seed).get(f"benchmark/max-min/{nodes}/{flows}")
    ends = np.array(list(nx.random_regular_graph(4, nodes, seed=seed).edges))
    tails, heads = np.concatenate([ends, ends[:, ::-1]]).T
    number = csr_array((np.arange(len(tails)), (tails, heads)), shape=(nodes, nodes)).toarray()
    source = rng.integers(0, nodes, flows)
    target = (source + rng.integers(1, nodes, flows)) % nodes
    rows, columns = zip(*(path_links(rng, tails, heads, number, source, target) for _ in range(2)), strict=True)
    row, column = np.concatenate(rows), np.concatenate(columns)
    use = csr_array((np.full(len(row), 0.5), (row, column)), shape=(flows, len(tails)))
    capacity = rng.choice([1e10, 4e10, 1e11], len(tails))
    mean = capacity.sum() / use.sum()
    offered = np.where(rng.random(flows) < 1 / 3, rng.lognormal(np.log(mean / 2), 1.5, flows), np.inf)
    return Instance(use, capacity, offered, rng.integers(1, 5, flows).astype(float))


def path_links(rng, tails, heads, number, source, target) -> tuple[np.ndarray, np.ndarray]:
    """(flow, link) of each link on each flow's path in one random choice of shortest paths by hops."""
    lengths = csr_array((1 + 1e-4 * rng.random(len(tails)), (tails, heads)), shape=number.shape)
    _, before = dijkstra(lengths, return_predecessors=True)
    flow, at, rows, columns = np.arange(len(source)), target, [], []
    while len(flow):
        back = before[source[flow], at]
        rows.append(flow)
        columns.append(number[back, at])
        going = back != source[flow]
        flow, at = flow[going], back[going]
    return np.concatenate(rows), np.concatenate(columns)


# -- rivals ------------------------------------------------------------------------------------------------


def naive(use: csr_array, capacity: np.ndarray, offered: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """From the definition: at each level, loads and growth of all links from all flows."""
    rate, growing = np.zeros(len(offered)), np.ones(len(offered), dtype=bool)
    while growing.any():
        left = capacity - use.T @ np.where(growing, 0.0, rate)
        growth = use.T @ (weight * growing)
        level = np.divide(np.maximum(left, 0.0), growth, out=np.full(len(left), np.inf), where=growth > 0)
        content = growing & (offered <= level.min() * weight)
        stuck = growing & (use @ (level == level.min()) > 0) & ~content.any()
        rate[content], rate[stuck] = offered[content], level.min() * weight[stuck]
        growing &= ~(content | stuck)
    return rate


def entries_of(rows: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Where the entries of these rows lie in a compressed matrix."""
    sizes = starts[rows + 1] - starts[rows]
    return np.repeat(starts[rows] - np.concatenate([[0], sizes.cumsum()[:-1]]), sizes) + np.arange(sizes.sum())


def by_numpy(use: csr_array, capacity: np.ndarray, offered: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Progressive filling, tightest link by tightest link, with what each link has left and grows by kept up."""
    use.sum_duplicates()
    by_link, links = use.tocsc(), len(capacity)
    left, growth = capacity.astype(float), use.T @ weight
    users = np.diff(by_link.indptr)
    growing, rate = np.ones(len(offered), dtype=bool), offered.astype(float)
    limit = offered / weight
    order = np.argsort(limit)
    limits, passed = limit[order], 0
    while True:
        level = np.divide(left, growth, out=np.full(links, np.inf), where=users > 0)
        tightest = int(level.argmin())
        until = int(np.searchsorted(limits, level[tightest], side="right"))
        settled = order[passed:until]
        settled = settled[growing[settled]]
        passed = max(passed, until)
        if not len(settled):
            if not users[tightest]:
                return rate
            settled = by_link.indices[by_link.indptr[tightest] : by_link.indptr[tightest + 1]]
            settled = settled[growing[settled]]
            rate[settled] = np.maximum(level[tightest], 0.0) * weight[settled]
        growing[settled] = False
        entries = entries_of(settled, use.indptr)
        link, share = use.indices[entries], use.data[entries]
        who = np.repeat(settled, use.indptr[settled + 1] - use.indptr[settled])
        left -= np.bincount(link, share * rate[who], links)
        growth -= np.bincount(link, share * weight[who], links)
        users = users - np.bincount(link, minlength=links)


def by_numba(use: csr_array, capacity: np.ndarray, offered: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """A heap of bottlenecks whose links are put anew whenever a flow of theirs is settled."""
    use.sum_duplicates()
    by_link = use.tocsc()
    return bottleneck_heap(use.indptr, use.indices, use.data, by_link.indptr, by_link.indices, capacity.astype(float),
                           offered.astype(float), weight, np.argsort(offered / weight))  # fmt: skip


@njit(cache=True)
def bottleneck_heap(flow_starts, flow_links, shares, link_starts, link_flows, left, offered, weight, order):  # noqa: PLR0912
    links, flows = len(left), len(offered)
    growth, users, level = np.zeros(links), np.zeros(links, np.int64), np.zeros(links)
    for flow in range(flows):
        for at in range(flow_starts[flow], flow_starts[flow + 1]):
            growth[flow_links[at]] += shares[at] * weight[flow]
            users[flow_links[at]] += 1
    heap = [(0.0, 0) for _ in range(0)]
    for link in range(links):
        if users[link]:
            level[link] = left[link] / growth[link]
            heappush(heap, (level[link], link))
    rate, growing, touched, next_limit = offered.copy(), np.ones(flows, np.bool_), np.zeros(links, np.bool_), 0
    changed = np.empty(links, np.int64)
    settled = np.empty(flows, np.int64)
    while True:
        while len(heap) > 0 and (users[heap[0][1]] == 0 or heap[0][0] != level[heap[0][1]]):
            heappop(heap)
        lowest = heap[0][0] if len(heap) > 0 else np.inf
        count = 0
        while next_limit < flows and offered[order[next_limit]] <= lowest * weight[order[next_limit]]:
            if growing[order[next_limit]]:
                settled[count] = order[next_limit]
                count += 1
            next_limit += 1
        if count == 0:
            if len(heap) == 0:
                return rate
            _, tightest = heappop(heap)
            for at in range(link_starts[tightest], link_starts[tightest + 1]):
                if growing[link_flows[at]]:
                    settled[count] = link_flows[at]
                    rate[settled[count]] = lowest * weight[settled[count]]
                    count += 1
        changes = 0
        for flow in settled[:count]:
            growing[flow] = False
            for at in range(flow_starts[flow], flow_starts[flow + 1]):
                link = flow_links[at]
                left[link] -= shares[at] * rate[flow]
                growth[link] -= shares[at] * weight[flow]
                users[link] -= 1
                if not touched[link]:
                    touched[link] = True
                    changed[changes] = link
                    changes += 1
        for link in changed[:changes]:
            touched[link] = False
            if users[link]:
                level[link] = max(left[link], 0.0) / growth[link]
                heappush(heap, (level[link], link))


def plain(use: csr_array, capacity: np.ndarray, offered: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Ours where numba is not installed."""
    return fill(shared(use, capacity, offered, weight))


def shared(use: csr_array, capacity: np.ndarray, offered: np.ndarray, weight: np.ndarray) -> Shared:
    by_link = use.tocsc()
    by_link.sum_duplicates()
    return Shared(
        by_link.indptr.astype(np.int64), by_link.indices.astype(np.int64), by_link.data, capacity, weight, offered
    )


RIVALS = {"ours": max_min, "ours_plain": plain, "numpy": by_numpy, "numba": by_numba}


def farthest(given: Instance) -> dict[str, float]:
    """Of each rival, the largest difference from the naive rates, relative to the largest of the two or 1 bps."""
    expected = naive(*given)
    differences = {}
    for name, rival in RIVALS.items():
        found = rival(*given)
        differences[name] = float(np.max(np.abs(found - expected) / np.maximum(1.0, np.maximum(found, expected))))
    return differences


def measure(repetitions: int, sizes: tuple[tuple[int, int], ...] = SIZES) -> Result:
    figures, ratios = {}, {}
    for nodes, flows in sizes:
        given, size = instance(nodes, flows), f"{nodes}_nodes_{flows}_flows"
        differences = farthest(given)  # compiles, too
        if max(differences.values()) > EQUAL:
            raise ValueError(f"{size}: rates differ: {differences}")
        seconds = interleaved({name: timed(rival, given) for name, rival in RIVALS.items()}, repetitions)
        figures |= {f"{size}_links": given.use.shape[1], f"{size}_entries": given.use.nnz}
        figures |= {f"{size}_{name}_s": taken for name, taken in seconds.items()}
        best = min(seconds["numpy"], seconds["numba"])
        ratios[f"{size}_ours_over_best_rival_s"] = seconds["ours"] / best
        ratios[f"{size}_ours_plain_over_numpy_s"] = seconds["ours_plain"] / seconds["numpy"]
    versions = {name: version(name) for name in (*PACKAGES, "scipy", "numba")}
    return Result("max_min", figures, ratios, repetitions, versions=versions)


def timed(rival: Callable[..., np.ndarray], given: Instance) -> Callable[[], Callable[[], object]]:
    def ready() -> Callable[[], object]:
        use, *rest = given
        fresh = use.copy()
        return lambda: rival(fresh, *rest)

    return ready
