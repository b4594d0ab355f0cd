"""Prepaid lines of the BSS: wallets that are asked online, what they paid, and what their records cost."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from ossbss.bss.customer.accounts import PREPAID
from ossbss.bss.revenue.charging import settle
from ossbss.bss.revenue.charging.answers import Line
from ossbss.bss.revenue.charging.books import BONUSES, CHARGES_SCHEMA, charges, postings
from ossbss.bss.revenue.charging.online import Charging
from ossbss.bss.revenue.charging.prepaid_policy import PrepaidPolicy
from ossbss.bss.revenue.charging.rules import RuleSet


@dataclass(frozen=True, eq=False)
class Charged:
    """One round of charging. ``postings``: rows for ``ledger.post``."""

    batch_id: str
    at_ms: int
    charges: pl.DataFrame
    postings: pl.DataFrame

    def summary(self) -> dict[str, Any]:
        """How much was asked and answered, and what it came to."""
        of, amount = self.charges, pl.col("amount_micros").sum()
        outcomes = dict(of.group_by("outcome").len().sort("outcome").iter_rows())
        paid = of.filter(pl.col("kind").is_in(["usage", "session_end", "purchase"])).select(amount).item()
        gained = of.filter(pl.col("kind").is_in(["topup", "advance"])).select(amount).item()
        bonus = self.postings.filter(pl.col("account") == BONUSES).select(amount).item()
        money = {"paid_micros": paid, "gained_micros": gained, "leaked_micros": int(of["leaked_micros"].sum())}
        if bonus:
            money["bonus_micros"] = bonus  # of what was gained, less what has lapsed
        return {"requests": of.height, **outcomes, **money}


class Prepaid:
    """The wallets and what was asked of them."""

    def __init__(self, rules: RuleSet, accounts: pl.DataFrame, policy: PrepaidPolicy) -> None:
        """``accounts``: ACCOUNTS_SCHEMA, checked; a line is charged by the last of its prepaid contracts."""
        own = accounts.filter(pl.col("payment") == PREPAID).sort("valid_from_ms")
        rows = own.select("subscriber_id", "account_id", "offering_id").iter_rows()
        lines = {line: Line(line, account, offering) for line, account, offering in rows}
        self.charging = Charging(rules, lines.values(), policy)
        self.wallets = {name: line.wallet_id for name, line in lines.items()}
        self.charges: list[pl.DataFrame] = [pl.DataFrame(schema=CHARGES_SCHEMA)]
        self._barriers = 0

    def is_mine(self) -> pl.Expr:
        """Of records and requests (``subscriber_id``): those of prepaid lines."""
        return pl.col("subscriber_id").is_in(list(self.wallets))

    def grant(self, requests: pl.DataFrame) -> tuple[pl.DataFrame, Charged]:
        """CHARGING_REQUESTS_SCHEMA of one barrier → CHARGING_GRANTS_SCHEMA, and what it came to."""
        grants = self.charging.grant(requests)
        self._barriers += 1
        return grants, self._charged(requests, grants, f"charging-{self._barriers}")

    def settle(self, guided: pl.DataFrame, run_id: str) -> tuple[pl.DataFrame, Charged]:
        """Guided records with what they cost (amount_micros, fee_micros, free): most has been paid; what the network
        served unasked is charged now, as far as the wallets reach."""
        found = settle.paid(guided, pl.concat(self.charges))
        requests = settle.late_requests(found)
        late = self.charging.charge_later(requests)
        return settle.settled(found, late), self._charged(requests, late, run_id)

    def _charged(self, requests: pl.DataFrame, answers: pl.DataFrame, batch_id: str) -> Charged:
        events = self.charging.take_events()
        done = charges(requests, answers, events, self.wallets, batch_id)
        self.charges.append(done)
        at_ms = int(done["at_ms"].max() or 0)  # type: ignore[arg-type]
        return Charged(batch_id, at_ms, done, postings(done, events, batch_id))
