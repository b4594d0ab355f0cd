"""Units held for a session that runs: before they are used, given back where they are not (RFC 8506, section 5)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from ossbss.bss.revenue.charging.balances import Money, Request, debit, usable
from ossbss.bss.revenue.charging.charge import Terms, charge
from ossbss.bss.revenue.charging.plan import Plan
from ossbss.contract.units import Rounding

OUT_OF_CREDIT = "out_of_credit"


@dataclass(frozen=True)
class Session:
    """``request``: as it began, its quantity does not count; ``used`` so far; money ``debited`` for that, ``held``
    for ``reserved`` units beyond it; ``taken``: of both, by balance."""

    request: Request
    used: int = 0
    debited_micros: int = 0
    held_micros: int = 0
    reserved: int = 0
    taken: dict[str, int] = field(default_factory=dict)
    outcome: Literal["ok", "refused"] = "ok"
    reason: str = ""


def report(
    plan: Plan, session: Session, used: int, wanted: int | None, money: Sequence[Money], rounding: Rounding
) -> Session:
    """The session after ``used`` more units; ``wanted`` more are held (None: as many as the price says for its zone).

    What was held before is given back first. Where the money does not pay both the session is refused as it was.
    """
    asked = _quota(plan, session.request) if wanted is None else wanted
    total = session.used + used
    owed = charge(plan, replace(session.request, quantity=total), (), None, rounding, Terms(cut=False))
    ahead = replace(session.request, quantity=asked, is_first=not total and session.request.is_first)
    held = charge(plan, ahead, (), None, rounding, Terms(cut=False))
    payers = usable(money, session.request)
    needed = owed.amount_micros + held.amount_micros
    if owed.reason or held.reason:
        return replace(session, outcome="refused", reason=owed.reason or held.reason)
    if needed > sum(max(balance.value_micros, 0) for balance in payers):
        return replace(session, outcome="refused", reason=OUT_OF_CREDIT)
    reserved = sum(pulses * part.pulse for part, pulses in held.priced)
    taken = debit(payers, needed) if needed else {}
    debited, holds = owed.amount_micros, held.amount_micros
    return replace(session, used=total, debited_micros=debited, held_micros=holds, reserved=reserved, taken=taken)


def free(session: Session, money: Sequence[Money]) -> list[Money]:
    """The balances without what the session has paid and holds."""
    return [replace(m, value_micros=m.value_micros - session.taken.get(m.id, 0)) for m in money]


def _quota(plan: Plan, request: Request) -> int:
    price = plan.price_at(request.start_ms)
    return price.quota or 0 if price else 0
