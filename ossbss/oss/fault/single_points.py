"""What single failure would cut a service off? Cut nodes, bridges and what fails together, on what is left.

Whatever parts a pair on the whole network parts it on what is left of it too. Looked for is what is new: a resource
without which there are no more pieces than without it on the whole network parts nobody anew, and is not looked at.
Labels of the cut space tell how many pieces; that two sums are alike by accident has a chance of 2^-64.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ossbss.oss.fault.spanning_tree import circles, grow
from ossbss.oss.fault.wiring import Bools, Ints, Wiring


@dataclass(frozen=True, eq=False)
class Pairs:
    """Who must reach whom. ``starts``: node number of each pair; ``targets``: pairs × choices, any of which will do, -1
    where there are fewer."""

    starts: Ints
    targets: Ints

    @cached_property
    def choices(self) -> frozenset[int]:
        """Targets of pairs that have more than one."""
        several = self.targets[(self.targets >= 0).sum(axis=1) > 1]
        return frozenset(several[several >= 0].tolist())


class SinglePoints:
    """What parts whom, as long as these nodes are dead and these links carry something; worked out when it is asked."""

    def __init__(self, wiring: Wiring, pairs: Pairs, dead: Bools, lit: Bools) -> None:
        self.wiring, self.pairs, self.dead, self.lit = wiring, pairs, dead, lit
        self.parts = wiring.parts(lit)
        self.now = joined(pairs, dead, self.parts)
        """pair × choice → it can be reached"""
        self.works = np.logical_or.reduce(self.now, axis=1)
        self.tree = grow(wiring, lit)
        self.degree = np.bincount(wiring.ends[lit].ravel(), minlength=len(wiring.node_no))
        self._pieces: dict[int, tuple[int, ...]] = {}
        self._bundles: dict[int, Bools] = {}
        self._counts: dict[int, int] = {}
        self._part = self.parts.tolist()

    def by_node(self, node: int) -> Bools:
        """Pair → the loss of this node parts it, but where it starts there."""
        children = self.tree.pieces.get(node, [])
        begins, stops, enters = self.tree.enters[children], self.tree.leaves[children], self.tree.enters
        here, there = (_piece(begins, stops, enters[ends]) for ends in (self.pairs.starts, self.pairs.targets))
        left = self.now & (here[:, None] == there) & (self.pairs.targets != node)
        parted: Bools = self.works & ~left.any(axis=1) & (self.pairs.starts != node)
        return parted

    def by_link(self, link: int) -> Bools:
        """Pair → the loss of this link parts it."""
        if link not in self.tree.bridges:
            return np.zeros(len(self.works), dtype=bool)
        below = self.tree.below[link]
        first, last, enters = self.tree.enters[below], self.tree.leaves[below], self.tree.enters
        both = enters[self.pairs.starts], enters[self.pairs.targets]
        here, there = ((entered >= first) & (entered < last) for entered in both)
        parted: Bools = self.works & ~(self.now & (here[:, None] == there)).any(axis=1)
        return parted

    def by_bundle(self, number: int) -> Bools:
        """Pair → the loss of these links together parts it."""
        if number not in self._bundles:
            members, at = self.wiring.bundles[number]
            living = self.living(members)
            alone = next((node for node in at if self.degree[node] == len(living)), None)
            self._bundles[number] = self._parted(living) if alone is None else self._without(alone)
        return self._bundles[number]

    def by_house(self, number: int) -> Bools:
        """Pair → the loss of these nodes together parts it, but where it starts at one of them."""
        killed = self.dead.copy()
        killed[self.wiring.houses[number][0]] = True
        hit = killed[self.wiring.ends].any(axis=1)
        left = self.now & joined(self.pairs, killed, self.wiring.parts(self.lit & ~hit))
        parted: Bools = self.works & ~left.any(axis=1) & ~killed[self.pairs.starts]
        return parted

    def living(self, members: Sequence[int]) -> list[int]:
        return [link for link in members if self.lit[link]]

    def pieces_at(self, node: int) -> tuple[int, ...]:
        """Link around this node → the piece behind it without the node, or -1 for the rest; dead links included."""
        if node not in self._pieces:
            children = self.tree.pieces.get(node, [])
            others = np.array([other for _, other in self.wiring.around[node]], dtype=np.int64)
            found = _piece(self.tree.enters[children], self.tree.leaves[children], self.tree.enters[others])
            self._pieces[node] = tuple(found.tolist())
        return self._pieces[node]

    def pieces_without(self, number: int) -> int:
        """How many pieces the ends of the links of this bundle are in without them."""
        if number not in self._counts:
            living = self.living(self.wiring.bundles[number][0])
            touched = {self._part[end] for link in living for end in self.wiring.end_pairs[link]}
            self._counts[number] = circles([self.tree.labels[link] for link in living]) + len(touched)
        return self._counts[number]

    def _parted(self, links: Sequence[int]) -> Bools:
        """By the loss of these links; the long way to find out."""
        rest = self.lit.copy()
        rest[list(links)] = False
        left = self.now & joined(self.pairs, self.dead, self.wiring.parts(rest))
        parted: Bools = self.works & ~left.any(axis=1)
        return parted

    def _without(self, node: int) -> Bools:
        """By the loss of all links of this node, which lives on; a pair that needs no other node goes on."""
        left = self.now & ((self.pairs.targets == node) == (self.pairs.starts == node)[:, None])
        parted: Bools = self.by_node(node) | (self.works & ~left.any(axis=1))
        return parted


def exposed(whole: SinglePoints, left: SinglePoints) -> Bools:
    """Pair → it is joined, and some node, link, bundle or house would on its own part it that would not on the whole
    network."""
    wiring, tree, choices = left.wiring, left.tree, left.pairs.choices
    crossed = _crossed(left)
    found = np.zeros(len(left.works), dtype=bool)
    for node in tree.pieces.keys() | choices:
        if choices or _breaks_up(whole, left, node):
            found |= left.by_node(node) & ~whole.by_node(node)
    for link in tree.bridges & crossed:
        if choices or link not in whole.tree.bridges:
            found |= left.by_link(link) & ~whole.by_link(link)
    for number, (members, _) in enumerate(wiring.bundles):
        living = left.living(members)
        if not crossed.isdisjoint(living) and (choices or _splits(whole, left, number, len(living) == len(members))):
            found |= left.by_bundle(number) & ~whole.by_bundle(number)
    for number, (_, touching) in enumerate(wiring.houses):
        if not crossed.isdisjoint(touching):
            found |= left.by_house(number) & ~whole.by_house(number)
    return found


def _breaks_up(whole: SinglePoints, left: SinglePoints, node: int) -> bool:
    """Whether a node without which the network falls apart parts some that on the whole network it did not."""
    lives = [left.lit[link] for link, _ in left.wiring.around[node]]
    now, then = ({piece for piece, on in zip(of.pieces_at(node), lives, strict=True) if on} for of in (left, whole))
    return len(now) > len(then)


def _splits(whole: SinglePoints, left: SinglePoints, number: int, all_live: bool) -> bool:
    """Whether the links of a bundle may part some that on the whole network they did not."""
    pieces = left.pieces_without(number)
    return pieces > 1 and (not all_live or pieces > whole.pieces_without(number))


def joined(pairs: Pairs, dead: Bools, parts: Ints) -> Bools:
    """pair × choice: whether it can be reached"""
    here, there = pairs.starts[:, None], pairs.targets
    found: Bools = (there >= 0) & ~dead[there] & ~dead[here] & (parts[there] == parts[here])
    return found


def _piece(begins: Ints, stops: Ints, entered: Ints) -> Ints:
    """The number of the subtree, of these that do not overlap and stand in order, that each is in; -1: in none."""
    if not len(begins):
        return np.full(entered.shape, -1)
    number = np.searchsorted(begins, entered, side="right") - 1
    inside: Ints = np.where((number >= 0) & (entered < stops[number]), number, -1)
    return inside


def _crossed(left: SinglePoints) -> set[int]:
    """Links of the tree on the way of some pair to the first of its targets that is joined: one way of each, and what
    parts a pair must lie on every way. A link is on it if below it lies one end, and the other does not."""
    tree, pairs, now = left.tree, left.pairs, left.now
    first = now.argmax(axis=1)
    there = pairs.targets[np.arange(len(first)), first]
    kept = now.any(axis=1)
    starts, ends = pairs.starts[kept], there[kept]
    least, most = tree.enters.copy(), tree.enters.copy()
    for one, other in ((starts, ends), (ends, starts)):
        np.minimum.at(least, one, tree.enters[other])
        np.maximum.at(most, one, tree.enters[other])
    lows, highs, begins, stops = (x.tolist() for x in (least, most, tree.enters, tree.leaves))
    found = set()
    for node in reversed(tree.order):
        above, link = tree.parent[node]
        if above >= 0:
            if lows[node] < begins[node] or highs[node] >= stops[node]:
                found.add(link)
            lows[above], highs[above] = min(lows[above], lows[node]), max(highs[above], highs[node])
    return found
