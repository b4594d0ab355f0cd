"""Units held for a session that runs: before they are used, given back where they are not (RFC 8506, section 5)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ossbss.bss.revenue.charging.balances import Bucket, Money, Request
from ossbss.bss.revenue.charging.charge import INSUFFICIENT, Charge, Terms, charge
from ossbss.bss.revenue.charging.earlier import NOTHING_USED, Earlier, Used
from ossbss.bss.revenue.charging.plan import Plan
from ossbss.contract.units import Rounding

OUT_OF_CREDIT = "out_of_credit"
UNUSED = Charge("full", 0)
SERVED = Terms(cut=False)
"""What has been used cannot be ended any more."""


@dataclass(frozen=True)
class Session:
    """``request``: as it began, its quantity does not count; ``used`` so far, beyond what was earlier, ``paid`` for
    that; ``taken``: for that and for ``reserved`` units beyond what is paid, so that of ``taken`` all but ``paid`` is
    held."""

    request: Request
    used: int = 0
    paid: Charge = UNUSED
    taken: Charge = UNUSED
    reserved: int = 0
    outcome: Literal["ok", "refused"] = "ok"
    reason: str = ""

    @property
    def position(self) -> int:
        """Units of the session so far, with what was earlier."""
        return self.request.earlier.units + self.used

    def next_part(self, at_ms: int | None) -> "Session":
        """Another part of it, after this one is paid for good. ``at_ms``: when it begins, None: that is in its time."""
        before, paid, counted = self.request.earlier, self.paid, self.paid.counted
        both = Used(before.counted.quantity + counted.quantity, before.counted.events + counted.events)
        earlier = Earlier(self.position, paid.exact, before.usage_micros + paid.usage_micros, both)
        request = replace(
            self.request, start_ms=self.request.start_ms if at_ms is None else at_ms, earlier=earlier,
            is_first=self.request.is_first and not self.used,
        )  # fmt: skip
        return Session(request, paid=Charge("full", 0, exact=paid.exact), reason=self.reason)

    @property
    def debited_micros(self) -> int:
        return self.paid.amount_micros

    @property
    def held_micros(self) -> int:
        return self.taken.amount_micros - self.paid.amount_micros


def use(
    plan: Plan,
    session: Session,
    used: int,
    buckets: Sequence[Bucket],
    money: Sequence[Money],
    rounding: Rounding,
    month: Used = NOTHING_USED,
) -> Session:
    """After ``used`` more units, with nothing held. ``buckets``, ``money``: with what the session has taken; ``month``:
    what was used before in its month, where the price counts that.

    All of it is charged anew, so that pulses are rounded up once; what cannot be paid is used, and not in ``paid``.
    """
    due = replace(session.request, quantity=session.position + used)
    paid = charge(plan, due, buckets, money, rounding, SERVED, month)
    total = session.used + used
    return replace(session, used=total, paid=paid, taken=paid, reserved=0, outcome="ok", reason=paid.reason)


def reserve(
    plan: Plan,
    session: Session,
    wanted: int,
    buckets: Sequence[Bucket],
    money: Sequence[Money],
    rounding: Rounding,
    month: Used = NOTHING_USED,
) -> Session:
    """With ``wanted`` units held beyond those that are paid, fewer where ``reason`` tells why."""
    if not wanted:
        return session
    begins = max(paid_until(session.paid), session.request.earlier.units)
    asked = replace(session.request, quantity=begins + wanted)
    taken = charge(plan, asked, buckets, money, rounding, Terms(), month)
    if taken.granted < session.used:
        return replace(session, reason=taken.reason)
    return replace(session, taken=taken, reserved=max(paid_until(taken) - begins, 0), reason=taken.reason)


def report(
    plan: Plan,
    session: Session,
    used: int,
    wanted: int | None,
    money: Sequence[Money],
    rounding: Rounding,
    buckets: Sequence[Bucket] = (),
) -> Session:
    """The session after ``used`` more units; ``wanted`` more are held (None: as many as the price says for its zone).

    What was held before is given back first. Where both cannot be paid the session is refused as it was.
    """
    asked = quota(plan, session.request.start_ms) or 0 if wanted is None else wanted
    after = use(plan, session, used, buckets, money, rounding)
    if not after.reason:
        after = reserve(plan, after, asked, buckets, money, rounding)
    if after.reason:
        reason = OUT_OF_CREDIT if after.reason == INSUFFICIENT else after.reason
        return replace(session, outcome="refused", reason=reason)
    return after


def free(session: Session, money: Sequence[Money]) -> list[Money]:
    """The balances without what the session has paid and holds."""
    return [replace(m, value_micros=m.value_micros - session.taken.debited.get(m.id, 0)) for m in money]


def paid_until(paid: Charge) -> int:
    """How far into a session whole pulses are paid, also beyond what is used."""
    of_money = max((part.start + pulses * part.pulse for part, pulses in paid.priced), default=0)
    return max(of_money, *(taken.start + taken.quantity for taken in paid.taken), 0)


def quota(plan: Plan, at_ms: int) -> int | None:
    """Units that the price reserves where the network asks for none."""
    price = plan.price_at(at_ms)
    return price.quota if price else None
