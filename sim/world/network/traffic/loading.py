"""What a link does to its traffic at a load: how full it is, how long it holds packets up.

Functions over numbers or arrays of links (they broadcast); rates in bps, delays in ms.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

FIBRE_GROUP_INDEX = 1.468
"""Light in standard single-mode fibre at 1550 nm (makers' data sheets of ITU-T G.652.D fibre)."""
LIGHT_KM_PER_MS = 299.792458
"""In vacuum (SI)."""
PACKET_OCTETS = 700
"""Mean length (assumption: between acknowledgements of 40 and full frames of 1500 octets)."""
BUFFER_MS = 50.0
"""How long a full buffer takes to drain (assumption; the rule of thumb is a round trip, often taken as 250 ms)."""


def utilisation(offered_bps: ArrayLike, capacity_bps: ArrayLike) -> Floats:
    """Share of the capacity that is in use, at most 1; a link without capacity is full when anything is offered."""
    offered, capacity = _floats(offered_bps, capacity_bps)
    full_if_any = np.where(offered > 0, 1.0, 0.0)
    return np.divide(np.minimum(offered, capacity), capacity, out=full_if_any, where=capacity > 0)


def queueing_delay_ms(
    offered_bps: ArrayLike,
    capacity_bps: ArrayLike,
    packet_octets: float = PACKET_OCTETS,
    buffer_ms: float = BUFFER_MS,
    packet_variation: float = 1.0,
) -> Floats:
    """Mean wait before the line, without sending: s × ρ/(1 - ρ) × (1 + c²)/2, at most what the buffer holds.

    Pollaczek-Khinchine for M/G/1 (Kleinrock, Queueing Systems I, 1975, chapter 5): s is a packet's time on the
    line, ρ = offered/capacity, c ``packet_variation`` = standard deviation over mean of packet lengths: 1 is M/M/1,
    0 is M/D/1. At ρ of 1 or more the buffer is full; without capacity the delay is that of a full buffer too.
    """
    offered, capacity = _floats(offered_bps, capacity_bps)
    stable = offered < capacity
    spare = np.where(stable, capacity - offered, 1.0)
    load = np.where(stable, offered / np.where(capacity > 0, capacity, 1.0), 0.0)
    # s / (1 - ρ) is bits / (C - A): no small difference of two large quotients.
    wait_ms = 8_000 * packet_octets / spare * load * (1 + packet_variation**2) / 2
    return np.where(stable, np.minimum(wait_ms, buffer_ms), buffer_ms)


def sending_delay_ms(capacity_bps: ArrayLike, packet_octets: float = PACKET_OCTETS) -> Floats:
    """A packet's own time on the line; infinite without capacity."""
    (capacity,) = _floats(capacity_bps)
    return np.divide(8_000 * packet_octets, capacity, out=np.full_like(capacity, np.inf), where=capacity > 0)


def propagation_delay_ms(length_km: ArrayLike) -> Floats:
    """Light's time through fibre of this length, about 4.9 µs a km (the route's, not the beeline's)."""
    (length,) = _floats(length_km)
    return length * (FIBRE_GROUP_INDEX / LIGHT_KM_PER_MS)


def _floats(*given: ArrayLike) -> tuple[Floats, ...]:
    return tuple(np.broadcast_arrays(*(np.asarray(values, dtype=np.float64) for values in given)))
