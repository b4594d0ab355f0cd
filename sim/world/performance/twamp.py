"""What the TWAMP sessions between the ends of each service count: a packet a second, and how many of them were lost.

RFC 5357: from its own numbers and those of the reflector the sender of a session tells what was lost on the way out,
which is what is counted here, one-way loss as in RFC 2680. Each end has a session of its own, so both directions are
told. Ten packets in a row that are lost while the service is down begin unavailable time, and are part of it (as ten
severely errored seconds in ITU-T G.826, Annex A): what is lost in it is counted apart as well.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import simpy

from ossbss.contract.units import SECOND_MS
from sim.world.network.state import MILLI, loss_milli_of_path
from sim.world.plant import Plant
from sim.world.streams import Streams

PACKET_EVERY_MS = SECOND_MS
"""of each session, on whole seconds (assumption)"""
UNAVAILABLE_AFTER = 10
"""packets in a row (ITU-T G.826)"""

Piece = tuple[int, float | None]
"""(from when on, thousandths of the packets that are lost); None: the service is down"""


class Counted(NamedTuple):
    """Packets of one session in one period. ``unavailable``: those lost in unavailable time, among the ``lost``."""

    sent: int
    lost: int
    unavailable: int


def packets(from_ms: int, until_ms: int) -> int:
    """Packets that are sent in [from_ms, until_ms)."""
    return -(-until_ms // PACKET_EVERY_MS) + (-from_ms // PACKET_EVERY_MS)


def counted(pieces: Sequence[Piece], begins_ms: int, ends_ms: int, rng: np.random.Generator) -> Counted:
    """``pieces``: in order of time, no two alike in a row, the first from ``begins_ms`` or earlier."""
    sent = lost = unavailable = 0
    bounds = [from_ms for from_ms, _ in pieces[1:]] + [ends_ms]
    for (from_ms, loss_milli), until_ms in zip(pieces, bounds, strict=True):
        here = packets(max(from_ms, begins_ms), until_ms)
        sent += here
        if loss_milli is None:
            lost += here
            unavailable += here if packets(from_ms, until_ms) >= UNAVAILABLE_AFTER else 0
        elif loss_milli and here:
            lost += int(rng.binomial(here, loss_milli / MILLI))
    return Counted(sent, lost, unavailable)


class Sessions:
    """Remembers of each service what its way lost since when, and counts when a period is over."""

    def __init__(self, env: simpy.Environment, plant: Plant, streams: Streams) -> None:
        self.env, self.plant, self.streams = env, plant, streams
        self.starts_ms = int(env.now)
        self.pieces: dict[str, list[Piece]] = {}
        """of services that lost, or lose, anything in this period; the others are as good as new"""
        plant.watchers.append(self.note)

    def note(self) -> None:
        """The state of the network, or the path of a service, may have changed."""
        now_ms, state = int(self.env.now), self.plant.state
        down = self.plant.forwarding.down()
        lossy = self.plant.network.services if state.lossy else self.pieces.keys()
        for service in sorted(down.union(lossy)):
            path = self.plant.forwarding.path_of(service)
            loss = None if path is None else loss_milli_of_path(state, path.links)
            pieces = self.pieces.get(service, [(self.starts_ms, 0.0)])
            if pieces[-1][1] != loss:
                kept = [piece for piece in pieces if piece[0] < now_ms or piece is pieces[0]]
                self.pieces[service] = _appended(kept, (now_ms, loss))

    def close(self, begins_ms: int, ends_ms: int) -> dict[str, tuple[Counted, Counted]]:
        """What the sessions of each service counted in a period that is over: at its end ``a``, at its end ``z``.

        Stream: ``twamp/SERVICE/PERIOD-START``.
        """
        whole = Counted(packets(begins_ms, ends_ms), 0, 0)
        found = dict.fromkeys(self.plant.network.services, (whole, whole))
        for service, pieces in self.pieces.items():
            rng = self.streams.get(f"twamp/{service}/{begins_ms}")
            out, back = (counted(pieces, begins_ms, ends_ms, rng) for _ in "az")
            found[service] = (out, back)
        self.pieces = {service: pieces[-1:] for service, pieces in self.pieces.items() if pieces[-1][1] != 0}
        return found


def _appended(pieces: list[Piece], last: Piece) -> list[Piece]:
    """With one more piece; where two would be alike in a row, they are one."""
    return pieces if pieces[-1][1] == last[1] else [*pieces, last]
