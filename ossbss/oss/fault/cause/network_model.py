"""The OSS's own model of the network, by number: what every failure, or several together, would make it report.

Rules 1 to 7 of the symptom model: a down link is told by its living ends, a dead card by its node, a node without
contact by the station, a site without power by the last gasp of its nodes, a service that does not work by its ends and
by customers; what nobody reaches tells nothing.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from ossbss.oss.fault.cause.numbering import Numbering

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Effect:
    """What a set of failures does. ``expected``: symptom → it is raised and heard; ``told``: symptom → it would be
    heard if it were raised; ``down``: service → it does not work."""

    expected: Bools
    told: Bools
    down: Bools


@dataclass(frozen=True, eq=False)
class _Life:
    """``dead``, ``reached``: node → without life, in contact with the station; ``parts``: node → its connected part."""

    dead: Bools
    down_links: Bools
    reached: Bools
    parts: Ints


class NetworkModel:
    """The forward model: failures → symptoms."""

    def __init__(self, numbers: Numbering) -> None:
        self.numbers = numbers
        links, nodes = len(numbers.link_ends), len(numbers.nodes)
        tails = numbers.link_ends.T.ravel()
        order = np.argsort(tails, kind="stable")
        self._heads = numbers.link_ends[:, ::-1].T.ravel()[order].astype(np.int32)
        self._link_of_arc = np.tile(np.arange(links), 2)[order]
        self._ones = np.ones(2 * links)
        self._starts = np.concatenate(([0], np.cumsum(np.bincount(tails, minlength=nodes)))).astype(np.int64)

    def effect(self, failed: Collection[int], lost_managers: Collection[int] = ()) -> Effect:
        """``failed``: candidates that have failed together; ``lost_managers``: managers that have lost contact."""
        numbers = self.numbers
        life = self._life(failed)
        heard = life.reached & ~self._mute(lost_managers, life)
        expected = np.zeros(len(numbers.symptoms), dtype=bool)
        places = numbers.places
        expected[places.signal] = (life.down_links[:, None] & heard[numbers.link_ends]).ravel()
        expected[places.contact] = ~life.reached & ~self._unwatched(lost_managers, life)
        expected[places.manager] = self._lost(lost_managers, life)
        for candidate in failed:
            card = numbers.card_of[candidate]
            if card >= 0 and heard[numbers.card_node[card]]:
                expected[places.card.start + card] = True
            if len(numbers.gasps[candidate]):
                expected[places.power.start + self._last_words(candidate, failed, lost_managers)] = True
        down = self._down(life)
        expected[places.service] = (down[:, None] & heard[numbers.service_ends]).ravel()
        return Effect(expected, self._told(heard, lost_managers, life), down)

    def _life(self, failed: Iterable[int]) -> _Life:
        numbers = self.numbers
        dead, down_links = np.zeros(len(numbers.nodes), dtype=bool), numbers.dark_links.copy()
        blind = np.zeros(len(numbers.nodes), dtype=bool)
        for candidate in failed:
            dead[numbers.kills[candidate]] = True
            down_links[numbers.breaks[candidate]] = True
            blind[numbers.blinds[candidate]] = True
        down_links |= dead[numbers.link_ends[:, 0]] | dead[numbers.link_ends[:, 1]]
        parts = self._parts(~down_links)
        reached = np.where(numbers.in_band, parts == parts[numbers.station], ~blind) & ~dead
        return _Life(dead, down_links & ~numbers.dark_links, reached, parts)

    def _parts(self, alive: Bools) -> Ints:
        """node → number of the part of the network that living links join it to"""
        kept = alive[self._link_of_arc]
        starts = np.concatenate(([0], np.cumsum(kept)))[self._starts].astype(np.int32)
        rows = csr_array((self._ones[: starts[-1]], self._heads[kept], starts), shape=(len(starts) - 1,) * 2)
        # Every link is there both ways, so strong parts are the parts; to look for them takes no transposed copy.
        return np.asarray(connected_components(rows, connection="strong")[1], dtype=np.int64)

    def _lost(self, lost_managers: Collection[int], life: _Life) -> Bools:
        """manager → it, or the node through which it is reached, is out of contact"""
        lost = ~life.reached[self.numbers.manager_node]
        lost[list(lost_managers)] = True
        return lost

    def _unwatched(self, lost_managers: Collection[int], life: _Life) -> Bools:
        return self._lost(lost_managers, life)[self.numbers.manager_of]

    def _mute(self, lost_managers: Collection[int], life: _Life) -> Bools:
        return self._unwatched(lost_managers, life)

    def _last_words(self, candidate: int, failed: Collection[int], lost_managers: Collection[int]) -> Ints:
        """Nodes whose last gasp is heard: they were alive and in contact with all but this failure in force."""
        gasping = self.numbers.gasps[candidate]
        life = self._life([other for other in failed if other != candidate])
        heard = life.reached & ~self._mute(lost_managers, life)
        return gasping[heard[gasping]]

    def _down(self, life: _Life) -> Bools:
        numbers = self.numbers
        ends = numbers.service_ends
        first = numbers.paths @ life.down_links > 0
        second = numbers.backups @ life.down_links > 0
        apart = life.dead[ends[:, 0]] | life.dead[ends[:, 1]] | (life.parts[ends[:, 0]] != life.parts[ends[:, 1]])
        return np.where(numbers.restored, apart, np.where(numbers.protected, first & second, first))

    def _told(self, heard: Bools, lost_managers: Collection[int], life: _Life) -> Bools:
        numbers, places = self.numbers, self.numbers.places
        told = np.ones(len(numbers.symptoms), dtype=bool)
        told[places.signal] = heard[numbers.link_ends].ravel()
        told[places.card] = heard[numbers.card_node]
        told[places.contact] = ~self._unwatched(lost_managers, life)
        told[places.service] = heard[numbers.service_ends].ravel()
        return told
