"""What a line may pay with: buckets of units that it has bought, and money."""

from collections.abc import Iterable
from dataclasses import dataclass

from ossbss.bss.revenue.charging.earlier import NOTHING_EARLIER, Earlier
from ossbss.bss.revenue.charging.plan import Timetable
from ossbss.contract.units import NEVER_MS


@dataclass(frozen=True)
class Request:
    """Usage that asks to be paid for. ``quantity``: in the units of its class; ``is_first``: no later part of a session
    that has begun already; ``line``: that which uses it, of those that share a wallet.

    ``earlier``: of the same session, within ``quantity`` and charged before. Of time ``start_ms`` is when the session
    began, of other usage when this part of it did.
    """

    start_ms: int
    usage_class: str
    quantity: int
    zone: str | None = None
    destination: str = ""
    is_first: bool = True
    line: str = ""
    earlier: Earlier = NOTHING_EARLIER


@dataclass(frozen=True)
class Bucket:
    """Units of some classes to some zones in some windows (None: all), used in whole pulses, UNLIMITED at most.

    ``line``: that which alone may use it, None: all of the wallet; ``product``: offering/allowance that was bought;
    ``size``: units that there were when it was full; ``carried_to``: the bucket that inherits what is left of it.
    """

    id: str
    left: int
    pulse: int = 1
    priority: int = 0
    connection_fee: int = 0
    valid_from_ms: int = -NEVER_MS
    expires_ms: int = NEVER_MS
    bought_ms: int = 0
    classes: frozenset[str] | None = None
    zones: frozenset[str] | None = None
    windows: frozenset[str] | None = None
    timetable: Timetable | None = None
    line: str | None = None
    product: str = ""
    size: int = 0
    carried_to: str | None = None

    def serves(self, request: Request) -> bool:
        """Whether it is for usage of this kind by this line, whenever."""
        return (
            (self.classes is None or request.usage_class in self.classes)
            and (self.zones is None or request.zone in self.zones)
            and (self.line is None or request.line == self.line)
        )

    def open_at(self, at_ms: int) -> bool:
        """Whether it may be used at an instant."""
        if not self.valid_from_ms <= at_ms < self.expires_ms:
            return False
        return self.windows is None or self.timetable is None or self.timetable.at(at_ms) in self.windows

    def borders(self, start_ms: int, end_ms: int) -> set[int]:
        """Instants within (start_ms, end_ms) at which it may begin or cease to be usable."""
        found = {self.valid_from_ms, self.expires_ms}
        if self.windows is not None and self.timetable is not None:
            found |= {stretch.start_ms for stretch in self.timetable.between(start_ms, end_ms)}
        return {at_ms for at_ms in found if start_ms < at_ms < end_ms}


@dataclass(frozen=True)
class Money:
    """A balance in micro-units. ``prefixes``: it pays for numbers that begin so, None: all, but not for
    ``excluded_zones``, and for what begins before ``expires_ms``; ``blocker``: no balance after it pays for what it
    serves; ``of_member``: it belongs to another member of the group; ``usage_only``: it buys no bundle;
    ``full_micros``: what it held after the last top-up."""

    id: str
    value_micros: int
    priority: int = 0
    blocker: bool = False
    prefixes: tuple[str, ...] | None = None
    of_member: bool = False
    excluded_zones: frozenset[str] = frozenset()
    usage_only: bool = False
    full_micros: int = 0
    expires_ms: int = NEVER_MS

    @property
    def rank(self) -> tuple[bool, int, int]:
        """The lesser is used first: one's own, then by falling priority, then the nearest expiry."""
        return self.of_member, -self.priority, self.expires_ms

    def serves(self, request: Request) -> bool:
        return (
            (self.prefixes is None or request.destination.startswith(self.prefixes))
            and request.zone not in self.excluded_zones
            and request.start_ms < self.expires_ms
        )


def in_order(buckets: Iterable[Bucket], request: Request) -> list[Bucket]:
    """Those for this usage as they are used: by falling priority, the nearest expiry first, then the oldest."""
    return sorted(
        (bucket for bucket in buckets if bucket.serves(request)),
        key=lambda b: (-b.priority, b.expires_ms, b.bought_ms),
    )


def usable(money: Iterable[Money], request: Request) -> list[Money]:
    """Balances that may pay, by ``rank``, up to the first blocker."""
    found: list[Money] = []
    for balance in sorted(money, key=lambda m: m.rank):
        if balance.serves(request):
            found.append(balance)
            if balance.blocker:
                break
    return found


def debit(money: list[Money], amount_micros: int) -> dict[str, int]:
    """Balance → what it pays, in order, none below zero but the first, which takes what the others cannot."""
    if len(money) == 1:
        return {money[0].id: amount_micros} if amount_micros else {}
    taken: dict[str, int] = {}
    for balance in money:
        part = min(max(balance.value_micros, 0), amount_micros - sum(taken.values()))
        if part:
            taken[balance.id] = part
    short = amount_micros - sum(taken.values())
    if short:
        taken[money[0].id] = taken.get(money[0].id, 0) + short
    return taken
