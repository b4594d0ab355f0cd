"""Online sessions, as RFC 8506 has them: initial, updates, final; each report is charged, and more is granted ahead.

A session runs in legs. Within a leg each report charges all of it anew, so that pulses are rounded up once and what a
running session has paid is final only with its last report. A new leg begins where a bundle was bought, for usage that
is no time also where a window, a bundle or a version of the price ended, and after use that could not be paid. Bands,
the most that a session costs and prices by quantity go on in it; pulses are rounded up in each. What a price counts
over a month is counted when a leg is paid for good: of sessions at once in order of their ends.

Money that expires while a session holds it pays for what the next report tells; what is not used of it lapses then.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from ossbss.bss.revenue.charging.balances import Bucket, Money, Request
from ossbss.bss.revenue.charging.borders import borders, bought_within
from ossbss.bss.revenue.charging.by_quantity import Counted, counted_at
from ossbss.bss.revenue.charging.charge import charge
from ossbss.bss.revenue.charging.earlier import NOTHING_USED, Used
from ossbss.bss.revenue.charging.holdings import (
    OPTED_OUT,
    Event,
    Granted,
    Holdings,
    OpenSession,
    counted,
    moved,
    sweep,
    without_prices,
)
from ossbss.bss.revenue.charging.notices import low, out_of_credit
from ossbss.bss.revenue.charging.plan import Plan
from ossbss.bss.revenue.charging.prepaid_policy import PrepaidPolicy
from ossbss.bss.revenue.charging.reservation import SERVED, Session, quota, reserve, use
from ossbss.contract.units import Rounding

UNKNOWN_SESSION = "unknown_session"
TIMED_OUT = "session_timed_out"


@dataclass(frozen=True)
class Step:
    """``number``: of the step within its session, from 0 on: a repeated one gets the same answer. ``used``: since the
    last report; ``wanted``: more (None: what the price or the policy says). ``request``: of an initial step."""

    session_id: str
    kind: Literal["initial", "update", "final"]
    number: int
    at_ms: int
    used: int = 0
    wanted: int | None = None
    request: Request | None = None


@dataclass(frozen=True)
class Stepped:
    """What one step came to."""

    holdings: Holdings
    answer: Granted
    events: tuple[Event, ...] = ()


def step(have: Holdings, asked: Step, plan: Plan, policy: PrepaidPolicy, rounding: Rounding) -> Stepped:
    """``plan``: by which a session that begins is charged."""
    running = have.sessions.get(asked.session_id)
    if running is None and (asked.kind != "initial" or asked.request is None):
        return Stepped(have, Granted("refused", reason=UNKNOWN_SESSION))
    if running is not None and asked.number <= running.number:
        return Stepped(have, running.answer)
    have, events = sweep(have, asked.at_ms)
    if running is None:
        assert asked.request is not None
        is_barred = asked.request.usage_class in have.opted_out
        begun = Session(replace(asked.request, quantity=0))
        running = OpenSession(without_prices(plan) if is_barred else plan, begun, -1, Granted(""))
    turn = _Turn(have, asked, running, policy, rounding)
    answer = turn.end() if asked.kind == "final" else turn.go_on()
    return Stepped(turn.have, answer, (*events, *turn.events))


def supervise(have: Holdings, at_ms: int, policy: PrepaidPolicy, rounding: Rounding) -> tuple[Holdings, list[Event]]:
    """Sessions that have not reported in time are closed, what they hold is given back."""
    events: list[Event] = []
    for name, each in list(have.sessions.items()):
        if each.silent_ms <= at_ms:
            done = step(have, Step(name, "final", each.number + 1, at_ms), each.plan, policy, rounding)
            have = done.holdings
            events += [Event(TIMED_OUT, at_ms, name, amount_micros=done.answer.charged_micros), *done.events]
    return have, events


class _Turn:
    """One step of one session: what it had is given back, what was used is charged, what is wanted is held."""

    def __init__(
        self, have: Holdings, asked: Step, running: OpenSession, policy: PrepaidPolicy, rounding: Rounding
    ) -> None:
        self.asked, self.policy, self.rounding, self.plan = asked, policy, rounding, running.plan
        self.leg = running.leg
        self.settled_micros, self.settled_fee_micros = running.settled_micros, running.settled_fee_micros
        self.leaked_units = self.leaked_micros = 0
        self.events: list[Event] = []
        self.have = replace(moved(have, running.leg.taken, 1), sessions=_without(have.sessions, asked.session_id))
        self._charge()

    def end(self) -> Granted:
        self._pay_for_good()
        self._sweep(self.asked.at_ms)
        self._tell(self.leg.reason)
        return self._answer("ended", self.asked.at_ms, reason=self.leg.reason)

    def go_on(self) -> Granted:
        """Holds what is wanted; of a session that begins nothing is kept where nothing is granted."""
        wanted = self._wanted()
        self._keep(Granted(""))  # what it has paid with does not vanish when it expires
        self._sweep(self.asked.at_ms)
        self.have = moved(self.have, self.leg.taken, 1)
        self.leg = reserve(self.plan, self.leg, wanted, self._buckets, self._money, self.rounding, self._month)
        granted = max(min(wanted, self.leg.taken.granted - self.leg.used), 0)
        is_final = granted < wanted
        outcome = "granted" if granted or not wanted else "refused"
        answer = self._answer(outcome, self._until_ms(), granted, is_final, self._reason if is_final else "")
        if granted or not wanted or self.asked.kind != "initial" or self.asked.used:
            self._keep(answer)
        else:
            self.have = replace(self.have, sessions=_without(self.have.sessions, self.asked.session_id))
        self._tell(answer.reason)
        return answer

    def _charge(self) -> None:
        """What was used, leg by leg."""
        used = self.asked.used
        while self.plan.timed and (bought_ms := self._bought(used)) is not None:
            part = bought_ms - self._reached_ms  # below 0 where the network reported ahead of time
            self._use(part)
            self._close()
            self._sweep(self._reached_ms)
            used -= part
        self._use(used)
        is_short = self.leg.paid.granted < self.leg.used
        if is_short or (not self.plan.timed and self._has_crossed()):
            self._close()

    def _use(self, used: int) -> None:
        self.leg = use(self.plan, self.leg, used, self._buckets, self._money, self.rounding, self._month)
        if self.leg.paid.granted < self.leg.used:
            due = replace(self.leg.request, quantity=self.leg.position)
            whole = charge(self.plan, due, self._buckets, None, self.rounding, SERVED, self._month)
            self.leaked_units += self.leg.used - self.leg.paid.granted
            self.leaked_micros += max(whole.amount_micros - self.leg.paid.amount_micros, 0)

    def _close(self) -> None:
        """The leg is paid for good; another begins."""
        self._pay_for_good()
        self.settled_micros += self.leg.paid.amount_micros
        self.settled_fee_micros += self.leg.paid.fee_micros
        self.leg = self.leg.next_part(None if self.plan.timed else self.asked.at_ms)

    def _pay_for_good(self) -> None:
        self.have = moved(self.have, self.leg.paid, -1)
        self.have = counted(self.have, self._counted, self.leg.paid.counted)

    @property
    def _counted(self) -> Counted | None:
        return counted_at(self.plan, self.leg.request.line, self.leg.request.start_ms)

    @property
    def _month(self) -> Used:
        """What was used before in the month, by all but this leg."""
        key = self._counted
        return self.have.used.get(key, NOTHING_USED) if key else NOTHING_USED

    @property
    def _reached_ms(self) -> int:
        """How far a session of time has come."""
        return self.leg.request.start_ms + self.leg.position

    def _bought(self, used: int) -> int | None:
        begins_ms = self.leg.request.start_ms + self.leg.request.earlier.units
        return bought_within(self.leg.request, self._buckets, begins_ms, self._reached_ms + used)

    def _has_crossed(self) -> bool:
        start_ms = self.leg.request.start_ms
        return bool(borders(self.plan, self.leg.request, self._buckets, start_ms, self.asked.at_ms + 1))

    def _until_ms(self) -> int:
        """No later than the money expires that it holds: what is used until then is paid by it."""
        at_ms = self.asked.at_ms
        ends_ms = at_ms + self.policy.validity
        lapses_ms = (self.have.money[name].expires_ms for name in self.leg.taken.debited)
        ends_ms = min([ends_ms, *(at for at in lapses_ms if at > at_ms)])
        if self.plan.timed:
            return ends_ms
        return min(borders(self.plan, self.leg.request, self._buckets, at_ms, ends_ms), default=ends_ms)

    def _wanted(self) -> int:
        if self.asked.wanted is not None:
            return self.asked.wanted
        default = self.policy.quotas.get(self.leg.request.usage_class, 0)  # type: ignore[call-overload]
        return quota(self.plan, self.asked.at_ms) or int(default)

    def _keep(self, answer: Granted) -> None:
        """The session as it is, without what it has taken."""
        kept = OpenSession(
            self.plan, self.leg, self.asked.number, answer, self.asked.at_ms + self.policy.silence, self.settled_micros,
            self.settled_fee_micros,
        )  # fmt: skip
        self.have = replace(
            moved(self.have, self.leg.taken, -1), sessions={**self.have.sessions, self.asked.session_id: kept}
        )

    def _sweep(self, at_ms: int) -> None:
        self.have, events = sweep(self.have, at_ms)
        self.events += events

    def _tell(self, reason: str) -> None:
        subjects = [*self.have.buckets, *self.have.money]
        self.have, events = low(self.have, subjects, self.policy.notice_percents, self.asked.at_ms)
        self.have, more = out_of_credit(self.have, reason, self.asked.at_ms)
        leaked = Event("leaked", self.asked.at_ms, self.asked.session_id, self.leaked_units, self.leaked_micros)
        self.events += [*events, *more, *([leaked] if self.leaked_units else [])]

    def _answer(
        self, outcome: str, until_ms: int, granted: int = 0, is_final: bool = False, reason: str = ""
    ) -> Granted:
        charged = self.settled_micros + self.leg.paid.amount_micros
        fee = self.settled_fee_micros + self.leg.paid.fee_micros
        return Granted(
            outcome, granted, until_ms, is_final, reason, charged, self.leaked_units, self.leaked_micros, fee
        )  # fmt: skip

    @property
    def _reason(self) -> str:
        return self.leg.reason if self.plan.versions else OPTED_OUT

    @property
    def _buckets(self) -> tuple[Bucket, ...]:
        return tuple(self.have.buckets.values())

    @property
    def _money(self) -> tuple[Money, ...]:
        return tuple(self.have.money.values())


def _without(sessions: Mapping[str, OpenSession], name: str) -> dict[str, OpenSession]:
    return {key: each for key, each in sessions.items() if key != name}
