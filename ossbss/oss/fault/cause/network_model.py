"""The OSS's own model of the network, by number: what every failure, or several together, would make it report.

Rules 1 to 7 of the symptom model: a down link is told by its living ends, a dead card by its node, a node without
contact by the station, a site without power by the last gasp of its nodes, a service that does not work by its ends and
by customers; what nobody reaches tells nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from ossbss.oss.fault.cause.numbering import Numbering

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
REMEMBERED = 256
"""For so many sets of broken links, the latest, the parts of the network are remembered: in one window many candidates
break the same links."""


@dataclass(frozen=True, eq=False)
class Effect:
    """What a set of failures does. ``expected``: symptom → it is raised and heard; ``possible``: symptom → it may have
    been raised on the way, and says nothing when it is absent; ``told``: symptom → it would be heard if it were raised;
    ``down``: service → it does not work; ``suffering``: service → its customers have reason to complain, as they have
    of one that works by all accounts while its cell sleeps; ``detoured``: service → it takes a way that is not worked
    out (of nobody, where loss may not be named)."""

    expected: Bools
    possible: Bools
    told: Bools
    down: Bools
    suffering: Bools
    detoured: Bools


@dataclass(frozen=True, eq=False)
class _Life:
    """``dead``, ``reached``, ``heard``: node → without life, in contact with the network of management, in contact with
    the station; ``down_links``: link → its ports tell that it is down; ``closed``: link → it carries no traffic;
    ``lost``: manager → out of contact; ``parts``: node → its connected part."""

    dead: Bools
    down_links: Bools
    closed: Bools
    reached: Bools
    lost: Bools
    heard: Bools
    parts: Ints


class NetworkModel:
    """The forward model: failures → symptoms."""

    def __init__(self, numbers: Numbering, discards: bool = True) -> None:
        """``discards``: whether the station forgets the alarms of elements that it loses contact with (FORMAT.md, rule
        6); those of elements whose manager is lost it keeps in any case (rule 7)."""
        self.numbers, self.discards = numbers, discards
        links, nodes = len(numbers.link_ends), len(numbers.nodes)
        tails = numbers.link_ends.T.ravel()
        order = np.argsort(tails, kind="stable")
        self._tails = tails[order].astype(np.int32)
        self._heads = numbers.link_ends[:, ::-1].T.ravel()[order].astype(np.int32)
        self._link_of_arc = np.tile(np.arange(links), 2)[order]
        starts = np.concatenate(([0], np.cumsum(np.bincount(tails, minlength=nodes)))).astype(np.int32)
        self._living = csr_array((np.ones(2 * links), self._heads.copy(), starts), shape=(nodes, nodes))
        pairs = np.sort(numbers.link_ends, axis=1)
        self._has_parallel_links = len(np.unique(pairs, axis=0)) < len(pairs)
        self._parts_of: dict[bytes, Ints] = {}
        self._first_on, self._second_on = _services_on(numbers.paths), _services_on(numbers.backups)
        self._carries = np.array([bool(len(a) or len(z)) for a, z in zip(self._first_on, self._second_on, strict=True)])
        self._manager_no = {candidate: number for number, name in enumerate(numbers.managers)
                            for candidate in (numbers.candidate_no[name, "manager"],)}  # fmt: skip

    def effect(self, failed: Collection[int], lost_managers: Collection[int] = ()) -> Effect:
        """``failed``: candidates that have failed together; ``lost_managers``: managers known to have lost contact."""
        numbers, places = self.numbers, self.numbers.places
        life = self._life(failed, lost_managers)
        expected, possible = (np.zeros(len(numbers.symptoms), dtype=bool) for _ in range(2))
        told, ends_down = self._told(life), np.repeat(life.down_links, 2)
        expected[places.signal] = ends_down & told[places.signal]
        expected[places.contact] = ~life.reached & ~life.lost[numbers.manager_of]
        expected[places.manager] = life.lost
        kept = life.reached & ~life.heard if self.discards else ~life.heard
        some_kept = bool(kept.any())
        if some_kept:
            possible[places.signal] = ends_down & kept[numbers.link_ends].ravel()
        possible[places.contact] = ~life.reached & life.lost[numbers.manager_of]
        for candidate in failed:
            card = numbers.card_of[candidate]
            if card >= 0:
                expected[places.card.start + card] = life.heard[numbers.card_node[card]]
                possible[places.card.start + card] = kept[numbers.card_node[card]]
            if len(numbers.gasps[candidate]):
                expected[places.power.start + self._last_words(candidate, failed, lost_managers)] = True
            if len(numbers.tells[candidate]):
                possible[numbers.tells[candidate]] = True
        down = self._down(life)
        expected[places.service] = np.repeat(down, 2) & told[places.service]
        if some_kept:
            possible[places.service] = np.repeat(down, 2) & kept[numbers.service_ends].ravel()
        suffering, detoured = down, np.zeros(len(down), dtype=bool)
        if numbers.unseen.ways is not None:
            lossy = [numbers.unseen.loses[c] for c in failed if c in numbers.unseen.loses]
            losing, detoured = self._losing(lossy, life, down, numbers.unseen.ways)
            expected[places.loss] = losing & told[places.loss]
            possible[places.loss] = down | detoured if lossy else down
            possible[places.errors].reshape(-1, 2)[lossy] = life.heard[numbers.link_ends[lossy]]
        if len(numbers.unseen.cell_node):
            possible[places.idle], suffering = self._asleep(failed, down)
        return Effect(expected, possible, told, down, suffering, detoured)

    def _life(self, failed: Collection[int], lost_managers: Collection[int]) -> _Life:
        numbers = self.numbers
        dead, down_links = np.zeros(len(numbers.nodes), dtype=bool), numbers.dark_links.copy()
        blind, lost = np.zeros(len(numbers.nodes), dtype=bool), np.zeros(len(numbers.managers), dtype=bool)
        lost[[*lost_managers, *(self._manager_no[c] for c in failed if c in self._manager_no)]] = True
        for candidate in failed:
            for of, hit in ((numbers.kills, dead), (numbers.breaks, down_links), (numbers.blinds, blind)):
                if len(of[candidate]):
                    hit[of[candidate]] = True
        if dead.any():
            down_links |= dead[numbers.link_ends[:, 0]] | dead[numbers.link_ends[:, 1]]
        closed = down_links
        for candidate in failed:
            if candidate in numbers.unseen.cuts:
                closed = closed.copy() if closed is down_links else closed
                closed[numbers.unseen.cuts[candidate]] = True
        parts = self._parts(~closed)
        reached = np.where(numbers.in_band, parts == parts[numbers.station], ~blind) & ~dead
        lost |= ~reached[numbers.manager_node]
        heard = reached & ~lost[numbers.manager_of]
        shown = down_links & ~numbers.dark_links
        closed = shown if closed is down_links else closed & ~numbers.dark_links
        return _Life(dead, shown, closed, reached, lost, heard, parts)

    def _parts(self, alive: Bools) -> Ints:
        """node → number of the part of the network that living links join it to"""
        key = np.packbits(alive).tobytes()
        if key not in self._parts_of:
            if len(self._parts_of) >= REMEMBERED:
                del self._parts_of[next(iter(self._parts_of))]
            # An arc of a broken link leads back to where it begins, so that the rows stay as they are.
            np.copyto(self._living.indices, np.where(alive[self._link_of_arc], self._heads, self._tails))
            self._parts_of[key] = self._joined()
        return self._parts_of[key]

    def _joined(self) -> Ints:
        """Every link is there both ways, so strong parts are the parts, and to look for them takes no transposed copy;
        but scipy (1.17.1) never comes back from strong parts of a graph that has an arc twice."""
        directed = not self._has_parallel_links
        parts = connected_components(self._living, directed=directed, connection="strong")[1]
        return np.asarray(parts, dtype=np.int64)

    def _last_words(self, candidate: int, failed: Collection[int], lost_managers: Collection[int]) -> Ints:
        """Nodes whose last gasp is heard: they were alive and in contact with all but this failure in force."""
        gasping = self.numbers.gasps[candidate]
        before = self._life([other for other in failed if other != candidate], lost_managers)
        return gasping[before.heard[gasping]]

    def _down(self, life: _Life) -> Bools:
        numbers, ends = self.numbers, self.numbers.service_ends
        dark = np.flatnonzero(life.closed & self._carries).tolist()
        first, second = (np.zeros(len(numbers.services), dtype=bool) for _ in range(2))
        for link in dark:
            first[self._first_on[link]] = True
            second[self._second_on[link]] = True
        apart = life.dead[ends[:, 0]] | life.dead[ends[:, 1]] | (life.parts[ends[:, 0]] != life.parts[ends[:, 1]])
        return np.where(numbers.restored, apart, np.where(numbers.protected, first & second, first))

    def _losing(self, lossy: list[int], life: _Life, down: Bools, ways: csr_array) -> tuple[Bools, Bools]:
        """(services that work and lose packets on these links, those that work and take another way than usual)

        A protected one takes its second path when its first is broken. One that was rerouted takes a way that is not
        worked out: whether it loses is left open. What does not work at all may be told of as loss.
        """
        numbers, loses = self.numbers, np.zeros(len(life.closed), dtype=bool)
        loses[lossy] = True
        moved = ways @ life.closed > 0
        losing = ~down & np.where(moved, numbers.protected & (numbers.backups @ loses > 0), ways @ loses > 0)
        return losing, moved & numbers.restored & ~down

    def _asleep(self, failed: Collection[int], down: Bools) -> tuple[Bools, Bools]:
        """(cells that carry nothing, services whose customers suffer)"""
        unseen = self.numbers.unseen
        asleep, suffering = down[unseen.cell_service], down.copy()
        cells = [unseen.sleeps[candidate] for candidate in failed if candidate in unseen.sleeps]
        asleep[cells] = True
        suffering[unseen.cell_service[cells]] = True
        return asleep, suffering

    def _told(self, life: _Life) -> Bools:
        numbers, places = self.numbers, self.numbers.places
        told = np.ones(len(numbers.symptoms), dtype=bool)
        told[places.signal] = life.heard[numbers.link_ends].ravel()
        told[places.card] = life.heard[numbers.card_node]
        told[places.contact] = ~life.lost[numbers.manager_of]
        told[places.service] = life.heard[numbers.service_ends].ravel()
        if numbers.unseen.ways is not None:
            told[places.loss] = life.heard[numbers.service_ends].any(axis=1)
            told[places.errors] = life.heard[numbers.link_ends].ravel()
        told[places.idle] = life.heard[numbers.unseen.cell_node]
        return told


def _services_on(paths: csr_array) -> tuple[Ints, ...]:
    """link → services whose path it is on"""
    columns = paths.tocsc()
    return tuple(np.asarray(part, dtype=np.int64) for part in np.split(columns.indices, columns.indptr[1:-1]))
