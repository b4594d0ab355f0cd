"""The steps in which a fault takes hold of the network's state."""

from dataclasses import dataclass

from sim.world.network.state import Hold


@dataclass(frozen=True)
class Step:
    """``after_ms`` from the step before (the first: from the beginning) these items are held, or let go again.

    What a fault still holds when it is mended is let go then.
    """

    after_ms: int
    holds: bool
    items: tuple[Hold, ...]
