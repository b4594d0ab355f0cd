"""What the transport of management messages does to them: loses, doubles and delays (syslog over UDP)."""

from dataclasses import dataclass

import numpy as np

_MILLI = 1_000


@dataclass(frozen=True)
class TransportPolicy:
    """Chances in thousandths of each message (lost, doubled) or of each copy (late), and delays.

    An ordinary copy takes 0 to ``delay_ms``, a late one more than ``delay_ms`` and up to ``late_delay_ms``.
    ValueError where a chance is not in 0..1000 or a late copy would not be later than an ordinary one.
    """

    lost_milli: int
    doubled_milli: int
    late_milli: int
    delay_ms: int
    late_delay_ms: int

    def __post_init__(self) -> None:
        for name in ("lost_milli", "doubled_milli", "late_milli"):
            if not 0 <= getattr(self, name) <= _MILLI:
                raise ValueError(f"{name} is {getattr(self, name)}; give 0 to {_MILLI} thousandths")
        if self.delay_ms < 0 or (self.late_milli and self.late_delay_ms <= self.delay_ms):
            raise ValueError("delay_ms must be 0 or more, and late_delay_ms more than delay_ms")


def arrivals(policy: TransportPolicy, rng: np.random.Generator, sent_ms: int) -> tuple[int, ...]:
    """When the copies of one message arrive, earliest first: none when lost, two when doubled.

    Six draws are taken whatever happens, so that another policy keeps the luck of all later messages.
    """
    lost, doubled, late, delay, second_late, second_delay = (float(u) for u in rng.random(6))
    if lost * _MILLI < policy.lost_milli:
        return ()
    first = sent_ms + _delay_ms(policy, late, delay)
    if doubled * _MILLI >= policy.doubled_milli:
        return (first,)
    second = sent_ms + _delay_ms(policy, second_late, second_delay)
    return (min(first, second), max(first, second))


def _delay_ms(policy: TransportPolicy, late: float, share: float) -> int:
    if late * _MILLI < policy.late_milli:
        return policy.delay_ms + 1 + int(share * (policy.late_delay_ms - policy.delay_ms))
    return int(share * (policy.delay_ms + 1))
