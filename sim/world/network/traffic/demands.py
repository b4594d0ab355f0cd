"""Who sends how much to whom: demand matrices, measured (SNDlib) or from the size of places (gravity)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.world.network.topology import demands_in, names_in

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Demands:
    """``volume[i, j]``: from ``sites[i]`` to ``sites[j]``, 0 or more, nothing from a site to itself.

    In the unit of its source until ``scaled`` makes it bps. ValueError where the matrix is none of these.
    """

    sites: tuple[str, ...]
    volume: Floats

    def __post_init__(self) -> None:
        if self.volume.shape != (len(self.sites), len(self.sites)):
            raise ValueError(f"{len(self.sites)} sites, but a matrix of {self.volume.shape}")
        if not (np.isfinite(self.volume).all() and (self.volume >= 0).all()):
            raise ValueError("a demand is below 0 or not finite")
        if self.volume.diagonal().any():
            raise ValueError("a site has a demand to itself")

    @property
    def total(self) -> float:
        return float(self.volume.sum())

    def pairs(self) -> tuple[Ints, Ints, Floats]:
        """(from, to, volume) of each demand above 0, ordered by from and to: indices into ``sites``."""
        origin, target = np.nonzero(self.volume)
        return origin.astype(np.int64), target.astype(np.int64), self.volume[origin, target]


def sndlib(key: str) -> Demands:
    """The demands that a topology of TopoHub states (``sndlib/germany50``), in its own unit, by sorted site id.

    SNDlib 1.0 (Orlowski et al., Networks 55, 2010). ValueError where there is no such topology, or it has none.
    """
    sites, _ = names_in(key)
    index = {site: number for number, site in enumerate(sites)}
    volume = np.zeros((len(sites), len(sites)))
    for origin, target, amount in demands_in(key):
        volume[index[origin], index[target]] += amount
    if not volume.any():
        raise ValueError(f"topology {key!r} states no demands; use gravity")
    return Demands(tuple(sites), volume)


def gravity(masses: Mapping[str, float], total: float) -> Demands:
    """From i to j in proportion to mass i × mass j; all together ``total``, in its unit (bps where that is bps).

    Without the power of distance (Zhang et al., Fast accurate computation of large-scale IP traffic matrices,
    SIGMETRICS 2003). ValueError unless two masses are above 0 and none is below.
    """
    mass = np.array(list(masses.values()), dtype=np.float64)
    if not np.isfinite(mass).all() or (mass < 0).any() or np.count_nonzero(mass) < 2:
        raise ValueError(f"masses {dict(masses)}: give 0 or more to each, and more than 0 to two at least")
    mass /= mass.max()
    volume = np.outer(mass, mass)
    np.fill_diagonal(volume, 0.0)
    return scaled(Demands(tuple(masses), volume), total)


def symmetrised(demands: Demands) -> Demands:
    """Both directions of a pair carry half of what the two carried together; the total stays."""
    return replace(demands, volume=(demands.volume + demands.volume.T) / 2)


def scaled(demands: Demands, total: float) -> Demands:
    """The same shares of another total, in the unit of that total (bps where it is bps).

    ValueError where the total is below 0 or not finite, or there is no demand to scale.
    """
    if not (np.isfinite(total) and total >= 0):
        raise ValueError(f"total {total}: give 0 or more")
    if not demands.total:
        raise ValueError("there is no demand to scale")
    return replace(demands, volume=demands.volume / demands.total * total)
