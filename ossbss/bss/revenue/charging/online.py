"""Online charging: the door that a network asks before it serves. All wallets, and every change of them in time order.

Usage that comes in one request is charged as it is granted; a session that is granted bit by bit comes in steps. What
the price list says is what the wallet pays: no tax is added to it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import polars as pl

from ossbss.bss.revenue.charging.advance import lend
from ossbss.bss.revenue.charging.answers import (
    FREE_CLASS,
    NOT_UNDERSTOOD,
    ON_CREDIT,
    POSTPAID,
    SESSION_KINDS,
    UNKNOWN_LINE,
    Answer,
    Asked,
    Line,
    in_order,
    is_understood,
    of_charge,
)
from ossbss.bss.revenue.charging.balances import Money, Request
from ossbss.bss.revenue.charging.charge import Charge, Terms, charge
from ossbss.bss.revenue.charging.diary import Diary
from ossbss.bss.revenue.charging.holdings import MAIN, Change, Event, Granted, Holdings, pay, sweep
from ossbss.bss.revenue.charging.notices import expiring, low, out_of_credit
from ossbss.bss.revenue.charging.plan import Plan
from ossbss.bss.revenue.charging.prepaid_policy import PrepaidPolicy
from ossbss.bss.revenue.charging.purchase import NOT_ELIGIBLE, bundle_at, buy, is_eligible
from ossbss.bss.revenue.charging.reservation import SERVED
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.charging.session_rows import of_step, step_of
from ossbss.bss.revenue.charging.sessions import Step, step, supervise
from ossbss.bss.revenue.charging.topup import TopUp, top_up
from ossbss.bss.revenue.charging.wallet import Wallet
from ossbss.contract.charging import (
    CHARGING_BALANCES_SCHEMA,
    CHARGING_EVENTS_SCHEMA,
    CHARGING_GRANTS_SCHEMA,
)
from ossbss.contract.units import NEVER_MS

ASKED = Terms()
_NO_PLAN = Plan((), timed=False)


class Charging:
    """Implements ``OnlineCharging``. ``wallets`` by id: one lock each, so that threads may ask at once."""

    def __init__(
        self,
        rules: RuleSet,
        lines: Iterable[Line],
        policy: PrepaidPolicy | None = None,
        opening: Mapping[str, Holdings] | None = None,
    ) -> None:
        """``opening``: wallet → what it has at the beginning; none: an empty main balance."""
        self.rules, self.policy = rules, policy or PrepaidPolicy()
        self.lines = {line.subscriber_id: line for line in lines}
        self.wallets = {line.wallet_id: Wallet([Money(MAIN, 0)]) for line in self.lines.values() if line.is_prepaid}
        self._rounding = rules.catalogue.rounding.charge.at("charge")
        self._diary = Diary()
        self._top_ups: dict[str, str] = {}
        self._events: list[tuple[str, Event]] = []
        for name, have in (opening or {}).items():
            self.wallets[name].holdings = have
            self._note_expiry(name, (*have.buckets, *have.money), -NEVER_MS)

    def grant(self, requests: pl.DataFrame) -> pl.DataFrame:
        """CHARGING_REQUESTS_SCHEMA → CHARGING_GRANTS_SCHEMA, answered in order of (at_ms, request_id)."""
        return in_order(requests, self._answer).select(*CHARGING_GRANTS_SCHEMA)

    def charge_later(self, requests: pl.DataFrame) -> pl.DataFrame:
        """Usage that was served while charging was away (CHARGING_REQUESTS_SCHEMA) → CHARGING_LATE_SCHEMA.

        It is charged by when it was, as far as what there is now pays; the rest is leakage. Other kinds are refused.
        """
        return in_order(requests, self._late)

    def session(self, subscriber_id: str, asked: Step) -> Granted:
        """One step of a session; of a postpaid line all that is wanted is granted."""
        line = self.lines.get(subscriber_id)
        if line is None:
            return Granted("refused", reason=UNKNOWN_LINE)
        if not line.is_prepaid:
            return self._session_on_credit(asked)
        self.look_after(asked.at_ms)
        asked, plan = self._begun(line, asked)
        wallet = self.wallets[line.wallet_id]
        with wallet.lock:
            done = step(wallet.holdings, asked, plan, self.policy, self._rounding)
            wallet.holdings = done.holdings
            self._tell(line.wallet_id, done.events)
        self._diary.note(asked.at_ms + self.policy.silence, line.wallet_id)
        return done.answer

    def _begun(self, line: Line, asked: Step) -> tuple[Step, Plan]:
        """With the line and the zone of a session that begins, and its plan."""
        request = asked.request
        if request is None:
            return asked, _NO_PLAN
        zone = self._zone(line, request.usage_class, request.zone, request.destination, asked.at_ms)
        request = replace(request, line=line.subscriber_id, zone=zone)
        return replace(asked, request=request), self.rules.plan(line.offering_id, request.usage_class, zone)

    def _session_on_credit(self, asked: Step) -> Granted:
        quotas, kind = self.policy.quotas, asked.request.usage_class if asked.request else ""
        wanted = quotas.get(kind, 0) if asked.wanted is None else asked.wanted  # type: ignore[call-overload]
        outcome = "ended" if asked.kind == "final" else "granted"
        return Granted(outcome, int(wanted), asked.at_ms + self.policy.validity, reason=ON_CREDIT)

    def look_after(self, at_ms: int) -> None:
        """What was due by an instant: bundles and bonuses that expired or are about to, sessions that fell silent."""
        for due_ms, name in self._diary.due(at_ms):
            wallet = self.wallets[name]
            with wallet.lock:
                have, events = supervise(wallet.holdings, due_ms, self.policy, self._rounding)
                have, lapsed = sweep(have, due_ms)
                wallet.holdings, soon = expiring(have, self.policy.expiring, due_ms)
                self._tell(name, (*events, *lapsed, *soon))

    def take_events(self) -> pl.DataFrame:
        """CHARGING_EVENTS_SCHEMA, what happened since it was asked last."""
        told, self._events = self._events, []
        rows = [(name, e.kind, e.at_ms, e.subject, e.units, e.amount_micros, e.percent) for name, e in told]
        return pl.DataFrame(rows, schema=CHARGING_EVENTS_SCHEMA, orient="row")

    def balances(self) -> pl.DataFrame:
        """CHARGING_BALANCES_SCHEMA, after what was asked last."""
        have = {name: self.wallets[name].holdings for name in sorted(self.wallets)}
        rows = [(name, h.free_micros + h.held_micros, h.held_micros, h.owed_micros) for name, h in have.items()]
        return pl.DataFrame(rows, schema=CHARGING_BALANCES_SCHEMA, orient="row")

    def _answer(self, asked: Asked) -> Answer:
        line = self.lines.get(asked.subscriber_id)
        if asked.usage_class == FREE_CLASS and asked.kind in ("usage", *SESSION_KINDS):
            return Answer(asked.request_id, asked.quantity or 0, "full")
        if line is None or not is_understood(asked):
            return Answer(asked.request_id, 0, "refused", UNKNOWN_LINE if line is None else NOT_UNDERSTOOD)
        if asked.kind in SESSION_KINDS:
            return self._step(asked, line)
        if not line.is_prepaid:
            return self._on_credit(asked, line)
        self.look_after(asked.at_ms)
        if asked.kind == "usage":
            wallet = self.wallets[line.wallet_id]
            with wallet.lock:
                found = self._pay(asked, line, wallet, ASKED)
                return of_charge(asked, found, wallet.holdings)
        return self._change(asked, line)

    def _step(self, asked: Asked, line: Line) -> Answer:
        wallet = self.wallets[line.wallet_id] if line.is_prepaid else None
        done = self.session(line.subscriber_id, step_of(asked, wallet.holdings if wallet else None))
        return of_step(asked, done, wallet.holdings if wallet else None)

    def _pay(self, asked: Asked, line: Line, wallet: Wallet, terms: Terms) -> Charge:
        plan, request = self._priced(asked, line)
        have, found = pay(wallet.holdings, plan, request, self._rounding, terms)
        subjects = [*(taken.bucket for taken in found.taken), *found.debited]
        have, events = low(have, subjects, self.policy.notice_percents, asked.at_ms)
        if found.reason:
            have, more = out_of_credit(have, found.reason, asked.at_ms)
            events += more
        wallet.holdings = have
        if events:
            self._tell(line.wallet_id, events)
        return found

    def _priced(self, asked: Asked, line: Line) -> tuple[Plan, Request]:
        usage_class, number = str(asked.usage_class), asked.destination or ""
        zone = self._zone(line, usage_class, asked.zone, number, asked.at_ms)
        plan = self.rules.plan(line.offering_id, usage_class, zone)
        return plan, Request(
            asked.at_ms, usage_class, asked.quantity or 0, zone, number, True, line.subscriber_id
        )  # fmt: skip

    def _zone(self, line: Line, usage_class: str, zone: str | None, number: str, at_ms: int) -> str | None:
        if zone is not None or not number:
            return zone
        route = self.rules.route(line.offering_id, usage_class, number, at_ms)
        return route.zone if route else None

    def _change(self, asked: Asked, line: Line) -> Answer:
        wallet = self.wallets[line.wallet_id]
        with wallet.lock:
            done = self._changed(wallet.holdings, asked, line)
            wallet.holdings = done.holdings
            self._tell(line.wallet_id, done.events)
            new = {event.subject for event in done.events if event.kind in ("bucket", "bonus")}
            self._note_expiry(line.wallet_id, new, asked.at_ms)
        return Answer(
            asked.request_id, int(done.outcome == "full"), done.outcome, done.reason, done.amount_micros,
            done.fee_micros, done.holdings.free_micros,
        )  # fmt: skip

    def _changed(self, have: Holdings, asked: Asked, line: Line) -> Change:
        if asked.kind == "purchase":
            who = (line.wallet_id, line.subscriber_id, line.offering_id)
            return buy(have, self.rules, *who, str(asked.offering_id), asked.at_ms)
        amount = asked.amount_micros or 0
        if asked.kind == "advance":
            return lend(have, self.policy.advance, amount, asked.at_ms)
        made = TopUp(str(asked.request_id), line.wallet_id, amount, asked.at_ms)
        bonuses = self.rules.catalogue.bonuses_at(line.offering_id, asked.at_ms)
        done = top_up(have, made, bonuses, self._top_ups)
        if done.outcome == "full":
            self._top_ups[made.id] = line.wallet_id
        return done

    def _on_credit(self, asked: Asked, line: Line) -> Answer:
        """Usage of a postpaid line is rated afterwards; a bundle that it buys is billed."""
        if asked.kind == "usage":
            return Answer(asked.request_id, asked.quantity or 0, "full", ON_CREDIT)
        if asked.kind != "purchase":
            return Answer(asked.request_id, 0, "refused", POSTPAID)
        version = bundle_at(self.rules, str(asked.offering_id), asked.at_ms)
        if isinstance(version, str):
            return Answer(asked.request_id, 0, "refused", version)
        if not is_eligible(version, "postpaid", {line.offering_id}):
            return Answer(asked.request_id, 0, "refused", NOT_ELIGIBLE)
        return Answer(asked.request_id, 1, "full", ON_CREDIT, version.one_time_fee)

    def _late(self, asked: Asked) -> Answer:
        line = self.lines.get(asked.subscriber_id)
        if asked.kind != "usage":
            return Answer(asked.request_id, 0, "refused", NOT_UNDERSTOOD)
        if line is None or not line.is_prepaid or not is_understood(asked):
            answer = self._answer(asked)
            return answer._replace(leaked=max((asked.quantity or 0) - answer.granted, 0))
        wallet = self.wallets[line.wallet_id]
        with wallet.lock:
            before = wallet.holdings
            found = self._pay(asked, line, wallet, SERVED)
            answer = of_charge(asked, found, wallet.holdings)
            if found.granted == asked.quantity:
                return answer
            plan, request = self._priced(asked, line)
            whole = charge(plan, request, tuple(before.buckets.values()), None, self._rounding, SERVED)
            units, micros = request.quantity - found.granted, max(whole.amount_micros - found.amount_micros, 0)
            self._tell(line.wallet_id, (Event("leaked", asked.at_ms, str(asked.request_id), units, micros),))
            return answer._replace(leaked=units, leaked_micros=micros)

    def _tell(self, wallet_id: str, events: Iterable[Event]) -> None:
        self._events += [(wallet_id, event) for event in events]

    def _note_expiry(self, wallet_id: str, names: Iterable[str], now_ms: int) -> None:
        have = self.wallets[wallet_id].holdings
        for name in names:
            expires_ms = (have.buckets.get(name) or have.money[name]).expires_ms
            if expires_ms < NEVER_MS:
                for at_ms in (expires_ms - self.policy.expiring, expires_ms):
                    self._diary.note(max(at_ms, now_ms), wallet_id)
